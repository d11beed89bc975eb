import { DatabaseSync } from 'node:sqlite';
import { CivicError } from '../../errors';
import { migrations, schemaVersion } from '../migrations';

/** "CIVC": marks the file as ours, so that no other SQLite file is mistaken for a store. */
export const applicationId = 0x43495643;

const busyTimeoutMs = 10_000;

/**
 * Opens the file and sets what durability and erasure rest on: WAL with a sync of every commit, deleted content
 * overwritten, foreign keys enforced. None of these is remembered by the file but WAL, so every connection sets them.
 */
export function openConnection(path: string): DatabaseSync {
	const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
	try {
		refuseForeignFile(database, path);
		database.exec('PRAGMA journal_mode = WAL');
		database.exec('PRAGMA synchronous = FULL');
		database.exec('PRAGMA secure_delete = ON');
		database.exec('PRAGMA foreign_keys = ON');
		database.exec('PRAGMA trusted_schema = OFF');
	} catch (cause) {
		database.close();
		throw cause;
	}
	return database;
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
	return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

function refuseForeignFile(database: DatabaseSync, path: string): void {
	const found = pragma(database, 'application_id');
	const empty = database.prepare('SELECT count(*) AS n FROM sqlite_master').get()?.n === 0;
	if (found === applicationId || (found === 0 && empty)) return;
	throw new CivicError(
		'store.foreign',
		`${path} is a database, but not a Civic Comms store.`,
		'Choose another folder for the store, or move that file away.',
	);
}

/** The schema version of the file; 0 when it is new. */
export function storedVersion(database: DatabaseSync): number {
	return pragma(database, 'user_version');
}

/** @throws CivicError store.newer: a downgrade is refused rather than guessed at */
export function refuseNewer(version: number): void {
	if (version <= schemaVersion) return;
	throw new CivicError(
		'store.newer',
		`The store has schema ${version}; this version of the package knows up to ${schemaVersion}.`,
		'Update the package to the version that wrote the store. Going back needs the backup from before the update.',
	);
}

/** Brings the schema up to date, forward only, each step in one transaction with its version. */
export function migrate(database: DatabaseSync): void {
	refuseNewer(storedVersion(database));
	for (const step of migrations) {
		database.exec('BEGIN IMMEDIATE');
		try {
			// Read inside the transaction: another process may have taken this step in between.
			if (storedVersion(database) < step.version) {
				for (const statement of step.statements) database.exec(inSqliteDress(statement));
				for (const statement of step.sqlite) database.exec(statement);
				database.exec(`PRAGMA application_id = ${applicationId}`);
				database.exec(`PRAGMA user_version = ${step.version}`);
			}
			database.exec('COMMIT');
		} catch (cause) {
			database.exec('ROLLBACK');
			throw cause;
		}
	}
}

function inSqliteDress(statement: string): string {
	return statement.startsWith('CREATE TABLE') ? `${statement} STRICT` : statement;
}
