import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { RawSql, SqlValue } from '../command';
import type { Schema } from '../schema';

const statementsKept = 400;

/** Prepared statements of one connection, kept while they are in use. BLOB columns come out as Buffer. */
export class Statements {
	readonly #kept = new Map<string, StatementSync>();

	constructor(private readonly database: DatabaseSync) {}

	/** A statement belongs to the command whose transaction is open; outside of one it would commit by itself, without a ledger entry. */
	prepare(sql: string): StatementSync {
		if (!this.database.isTransaction) throw new TypeError('a command used the store after its transaction was over');
		const kept = this.#kept.get(sql);
		if (kept !== undefined) return kept;
		const statement = this.database.prepare(sql);
		if (this.#kept.size >= statementsKept) {
			const oldest = this.#kept.keys().next();
			if (!oldest.done) this.#kept.delete(oldest.value);
		}
		this.#kept.set(sql, statement);
		return statement;
	}

	forget(): void {
		this.#kept.clear();
	}
}

/** Kysely over node:sqlite. Kysely's own transactions are not used: a command is the transaction. */
export function kyselyOver(statements: Statements, close: () => void): Kysely<Schema> {
	return new Kysely<Schema>({
		dialect: new SqliteDialect({
			database: {
				close,
				prepare: (sql) => {
					const statement = statements.prepare(sql);
					return {
						reader: statement.columns().length > 0,
						all: (parameters) => statement.all(...(parameters as SQLInputValue[])).map(withBuffers),
						run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
						iterate: (parameters) => eachWithBuffers(statement.iterate(...(parameters as SQLInputValue[]))),
					};
				},
			},
		}),
	});
}

export function rawSqlOver(statements: Statements): RawSql {
	return {
		all: async <Row>(sql: string, ...parameters: SqlValue[]) =>
			statements.prepare(sql).all(...parameters).map(withBuffers) as Row[],
		run: async (sql, ...parameters) => ({ changes: Number(statements.prepare(sql).run(...parameters).changes) }),
	};
}

function* eachWithBuffers(rows: Iterable<Record<string, unknown>>): Generator<Record<string, unknown>> {
	for (const row of rows) yield withBuffers(row);
}

/** node:sqlite hands BLOBs out as Uint8Array with a null-prototype row; the rest of the core knows Buffer. */
function withBuffers(row: Record<string, unknown>): Record<string, unknown> {
	for (const name of Object.keys(row)) {
		const value = row[name];
		if (value instanceof Uint8Array && !Buffer.isBuffer(value)) {
			row[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		}
	}
	return row;
}
