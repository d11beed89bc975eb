import { chmodSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { CivicError } from '../../errors';
import { LedgerWriter } from '../../ledger/writer';
import type { Clock, Random } from '../../world';
import type { Command, CommandContext, RawSql } from '../command';
import { createStoreIdentity, checkStoreIdentity } from '../identity';
import { createKeyFile, readKeyFile } from '../keyFile';
import { Keyring } from '../keyring';
import type { Schema } from '../schema';
import type { Store } from '../store';
import { migrate, openConnection, refuseForeignFile, requireKnownSchema } from './connection';
import { kyselyOver, rawSqlOver, Statements } from './kyselyBridge';
import { PlaceOnDisk } from './placeOnDisk';
import { asUnreachable, sqliteCode } from './unreachable';

export interface SqliteSettings {
	/** Folder of the store; made (0700) when absent. Holds `civic-comms.sqlite` and `keys.json`. */
	folder: string;
	clock: Clock;
	random: Random;
}

export const databaseFile = 'civic-comms.sqlite';
export const keyFile = 'keys.json';

/** SQLITE_READONLY. */
const readOnly = 8;

/**
 * SQLite behind the store's port, on the thread that calls it. node:sqlite blocks while the disk works, so n8n
 * reaches it through a worker thread; tests and command-line programs use it directly.
 */
export class SqliteEngine implements Store {
	/** Commands run one after another: one connection, one transaction at a time. */
	#queue: Promise<unknown> = Promise.resolve();
	readonly #db: Kysely<Schema>;
	readonly #sql: RawSql;
	readonly #statements: Statements;
	readonly #place: PlaceOnDisk;

	private constructor(
		private readonly database: DatabaseSync,
		private readonly keys: Keyring,
		private readonly settings: SqliteSettings,
	) {
		this.#statements = new Statements(database);
		this.#db = kyselyOver(this.#statements, () => undefined);
		this.#sql = rawSqlOver(this.#statements);
		this.#place = new PlaceOnDisk(join(settings.folder, databaseFile));
	}

	/**
	 * Opens the store, making it on first use.
	 * @throws CivicError store.keys-missing, store.keys-wrong, store.newer, store.foreign, store.unreachable
	 */
	static async open(settings: SqliteSettings): Promise<SqliteEngine> {
		const path = join(settings.folder, databaseFile);
		try {
			mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
			refuseForeignFile(path);
			const keys = new Keyring(keysFor(settings, path), settings.random);
			closeToOthers(path);
			const database = openConnection(path);
			try {
				migrate(database);
				const engine = new SqliteEngine(database, keys, settings);
				await engine.#adoptIdentity();
				return engine;
			} catch (cause) {
				database.close();
				throw cause;
			}
		} catch (cause) {
			throw asUnreachable(cause, path);
		}
	}

	execute<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output> {
		const result = this.#queue.then(() => this.#transaction(command, input));
		// The next command waits for this one whatever came of it; its own caller hears of the refusal.
		this.#queue = result.then(
			() => undefined,
			() => undefined,
		);
		return result;
	}

	async close(): Promise<void> {
		await this.#queue;
		this.#statements.forget();
		if (this.database.isOpen) this.database.close();
	}

	async #transaction<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output> {
		if (!this.database.isOpen) throw closed(this.settings.folder);
		const ledger = new LedgerWriter();
		try {
			this.#begin(command.access);
			this.#place.check();
			requireKnownSchema(this.database);
			const context = this.#context(command, ledger);
			const output = await command.run(context, input);
			await ledger.flush(context);
			this.database.exec('COMMIT');
			return output;
		} catch (cause) {
			ledger.close();
			if (this.database.isOpen && this.database.isTransaction) this.database.exec('ROLLBACK');
			if (command.access === 'read' && sqliteCode(cause) === readOnly) throw new TypeError(`${command.name} is a query and may not change the store`, { cause });
			throw asUnreachable(cause, join(this.settings.folder, databaseFile));
		}
	}

	/** A query is kept from writing by SQLite itself: a change without a ledger entry must not slip in as one. */
	#begin(access: 'write' | 'read'): void {
		this.database.exec(access === 'write' ? 'PRAGMA query_only = OFF; BEGIN IMMEDIATE' : 'PRAGMA query_only = ON; BEGIN');
	}

	#context(command: { name: string; access: 'write' | 'read' }, ledger: LedgerWriter): CommandContext {
		return {
			db: this.#db,
			sql: this.#sql,
			keys: this.keys,
			random: this.settings.random,
			now: this.settings.clock.now(),
			append: (entry) => {
				if (command.access === 'read') throw new TypeError(`${command.name} is a query and may not append to the ledger`);
				ledger.append(entry);
			},
		};
	}

	async #adoptIdentity(): Promise<void> {
		if ((await this.execute(checkStoreIdentity, undefined)) === 'new') await this.execute(createStoreIdentity, undefined);
	}
}

/**
 * Keys are made only together with a new store: an existing store without its key file is refused, because new keys
 * could open nothing in it and would hide the loss. Keys are made before the store is, so the store is looked for first:
 * the other way round, another process that makes both in between would look like a store that lost its keys.
 */
function keysFor(settings: SqliteSettings, path: string) {
	const keysPath = join(settings.folder, keyFile);
	const storeIsThere = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
	const existing = readKeyFile(keysPath);
	if (existing !== undefined) return existing;
	if (storeIsThere) {
		throw new CivicError(
			'store.keys-missing',
			`The store ${path} exists, but its key file ${keysPath} does not.`,
			'Restore keys.json from the backup that was taken together with the store. Without it nothing in the store can be read, and nothing is sent.',
		);
	}
	return createKeyFile(keysPath, settings.random);
}

/**
 * Makes the database file before SQLite does, so that it is never open to other users: its logs take over its mode.
 * It must not be opened here once it exists: closing it again would drop SQLite's locks (POSIX).
 */
function closeToOthers(path: string): void {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined) closeSync(openSync(path, constants.O_CREAT | constants.O_RDWR, 0o600));
	else if ((found.mode & 0o077) !== 0) chmodSync(path, 0o600);
}

function closed(folder: string): CivicError {
	return new CivicError('store.unreachable', `The store ${folder} has been closed.`, 'Run the step again: the store is opened anew.');
}
