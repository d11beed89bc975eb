import type { Kysely } from 'kysely';
import type { LedgerEntry } from '../ledger/entry';
import type { Random } from '../world';
import type { Keyring } from './keyring';
import type { Schema } from './schema';

/** Prepared statements for the hot paths, where the query builder costs more than the database. */
export interface RawSql {
	all<Row>(sql: string, ...params: SqlValue[]): Promise<Row[]>;
	run(sql: string, ...params: SqlValue[]): Promise<{ changes: number }>;
}

export type SqlValue = string | number | bigint | Buffer | null;

/** What a command may touch. It lives for one transaction: what is appended and what is changed commit together. */
export interface CommandContext {
	readonly db: Kysely<Schema>;
	readonly sql: RawSql;
	readonly keys: Keyring;
	readonly random: Random;
	/** One moment for the whole transaction, milliseconds since the epoch. */
	readonly now: number;
	/** Adds an entry to the ledger. It is written, and the checkpoint signed, before the transaction commits. */
	readonly append: (entry: LedgerEntry) => void;
}

/**
 * One transaction, by name. Inputs and outputs cross a thread: plain data only (no functions, no class instances;
 * a Buffer arrives as Uint8Array).
 */
export interface Command<Input, Output> {
	readonly name: string;
	readonly access: 'write' | 'read';
	readonly run: (context: CommandContext, input: Input) => Promise<Output>;
}

/** A command that may change the store. */
export function defineCommand<Input, Output>(
	name: string,
	run: (context: CommandContext, input: Input) => Promise<Output>,
): Command<Input, Output> {
	return { name, access: 'write', run };
}

/** A command that only reads. It may not append to the ledger. */
export function defineQuery<Input, Output>(
	name: string,
	run: (context: CommandContext, input: Input) => Promise<Output>,
): Command<Input, Output> {
	return { name, access: 'read', run };
}
