import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { CivicError } from '../../errors';
import { migrations, schemaVersion } from '../migrations';
import type { Migration } from '../migrations/migration';
import { sqliteCode } from './unreachable';

/** "CIVC": marks the file as ours, so that no other SQLite file is mistaken for a store. */
export const applicationId = 0x43495643;

const busyTimeoutMs = 10_000;

/**
 * Opens the file and sets what durability and erasure rest on: WAL with a sync of every commit, deleted content
 * overwritten, foreign keys enforced. None of these is remembered by the file but WAL, so every connection sets them.
 * @throws CivicError store.unreachable when the file system does not let one of them come into force
 */
export function openConnection(path: string): DatabaseSync {
	const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
	try {
		// Before WAL, so that the mark is in the file itself from its first byte on, and never in the log alone.
		if (pragma(database, 'application_id') !== applicationId) database.exec(`PRAGMA application_id = ${applicationId}`);
		setPragma(database, 'journal_mode', 'WAL', 'wal');
		setPragma(database, 'synchronous', 'FULL', 2);
		setPragma(database, 'secure_delete', 'ON', 1);
		setPragma(database, 'foreign_keys', 'ON', 1);
		setPragma(database, 'trusted_schema', 'OFF', 0);
	} catch (cause) {
		database.close();
		throw cause;
	}
	return database;
}

/** SQLite does not complain about a setting it cannot keep; it stays with another one. */
function setPragma(database: DatabaseSync, name: string, value: string, inForce: string | number): void {
	database.exec(`PRAGMA ${name} = ${value}`);
	if (database.prepare(`PRAGMA ${name}`).get()?.[name] === inForce) return;
	throw new CivicError(
		'store.unreachable',
		`The place of the store does not allow ${name} = ${value}, without which it is not safe.`,
		'Put the store on a local disk of this machine, not on a network share.',
	);
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
	return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

/**
 * Refuses a file that is not ours before anything in the folder is touched. Opened as immutable, SQLite neither locks
 * it nor folds in its log. (Reading the header with node:fs would drop the locks this process holds on it: POSIX
 * gives them up when any descriptor of the file is closed.)
 * @throws CivicError store.foreign
 */
export function refuseForeignFile(path: string): void {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined || (found.isFile() && found.size === 0)) return;
	if (found.isFile() && isOurs(path)) return;
	throw new CivicError(
		'store.foreign',
		`${path} is there, but it is not a Civic Comms store.`,
		'Choose another folder for the store, or move that file away.',
	);
}

function isOurs(path: string): boolean {
	const place = pathToFileURL(path);
	place.searchParams.set('immutable', '1');
	const database = new DatabaseSync(place, { readOnly: true, defensive: false });
	try {
		// While a log is folded into the file, and after a process was killed at that, page 1 tells of more pages than there
		// are. SQLite takes this for damage, since here it may not see the log, unless it is to put up with what it finds.
		database.exec('PRAGMA writable_schema = ON');
		return pragma(database, 'application_id') === applicationId;
	} catch (cause) {
		// Not a database at all.
		if (sqliteCode(cause) === 26) return false;
		throw cause;
	} finally {
		database.close();
	}
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

/**
 * The schema of a file that is in use is the one this code was written for. After an update of the package, code that
 * was still running must not write a schema it does not know.
 * @throws CivicError store.newer, store.unreachable
 */
export function requireKnownSchema(database: DatabaseSync): void {
	const version = storedVersion(database);
	if (version === schemaVersion) return;
	refuseNewer(version);
	throw new CivicError(
		'store.unreachable',
		`The store went back to schema ${version} while it was in use; this version of the package writes ${schemaVersion}.`,
		'Somebody put an older copy in its place. Restart n8n, and verify the ledger before anything is sent.',
	);
}

/** Brings the schema up to date, forward only, each step in one transaction with its version. */
export function migrate(database: DatabaseSync): void {
	const version = storedVersion(database);
	refuseNewer(version);
	// Nothing to do, so no lock is taken: another process may be writing.
	if (version === schemaVersion) return;
	for (const step of migrations) takeStep(database, step);
}

function takeStep(database: DatabaseSync, step: Migration): void {
	// Only outside a transaction does SQLite let go of them ("Making Other Kinds Of Table Schema Changes").
	if (step.rebuilds === true) database.exec('PRAGMA foreign_keys = OFF');
	database.exec('BEGIN IMMEDIATE');
	try {
		// Read inside the transaction: another process may have taken this step in between.
		if (storedVersion(database) < step.version) {
			for (const statement of step.statements) database.exec(inSqliteDress(statement));
			for (const statement of step.sqlite) database.exec(statement);
			if (step.rebuilds === true) requireWholeReferences(database);
			database.exec(`PRAGMA user_version = ${step.version}`);
		}
		database.exec('COMMIT');
	} catch (cause) {
		if (database.isTransaction) database.exec('ROLLBACK');
		throw cause;
	} finally {
		setPragma(database, 'foreign_keys', 'ON', 1);
	}
}

/** @throws CivicError store.tampered: rows without what they refer to were there before, since nothing here removes a row */
function requireWholeReferences(database: DatabaseSync): void {
	const broken = database.prepare('PRAGMA foreign_key_check').all();
	if (broken.length === 0) return;
	throw new CivicError(
		'store.tampered',
		`${broken.length} row${broken.length === 1 ? '' : 's'} of the store refer to something that is not there (table ${String(broken[0]?.table)}), so it cannot be brought up to date.`,
		'Somebody changed the database by hand. Nothing was changed now; restore the backup from before, or ask whoever looks after the installation.',
	);
}

function inSqliteDress(statement: string): string {
	return statement.startsWith('CREATE TABLE') ? `${statement} STRICT` : statement;
}
