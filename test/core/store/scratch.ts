import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { LedgerEntry } from '../../../core/ledger/entry';
import { defineCommand, defineQuery, type CommandContext } from '../../../core/store/command';
import { databaseFile, keyFile, SqliteEngine } from '../../../core/store/sqlite/engine';
import type { Store } from '../../../core/store/store';
import { systemRandom } from '../../../core/world';
import { HandClock } from '../../council/clock';

/** A folder of its own that goes with the test. */
export function scratchFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'civic-store-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

export const databaseIn = (folder: string): string => join(folder, databaseFile);
export const keysIn = (folder: string): string => join(folder, keyFile);

export async function openEngine(folder: string, clock = new HandClock()): Promise<SqliteEngine> {
	const store = await SqliteEngine.open({ folder, clock, random: systemRandom });
	onTestFinished(() => store.close());
	return store;
}

/** The file as somebody with a database tool sees it: none of our settings, triggers dropped where they are in the way. */
export function byHand<Result>(folder: string, work: (database: DatabaseSync) => Result): Result {
	const database = new DatabaseSync(databaseIn(folder), { timeout: 5000, enableForeignKeyConstraints: false });
	const close = () => database.close();
	try {
		const result = work(database);
		if (!(result instanceof Promise)) return (close(), result);
		return result.finally(close) as Result;
	} catch (thrown) {
		close();
		throw thrown;
	}
}

export function dropTriggers(database: DatabaseSync): void {
	for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()) database.exec(`DROP TRIGGER ${String(name)}`);
}

/** One transaction made up by a test. */
export function change<Output>(store: Store, run: (context: CommandContext) => Promise<Output>): Promise<Output> {
	return store.execute(defineCommand('test.change', run), undefined);
}

export function ask<Output>(store: Store, run: (context: CommandContext) => Promise<Output>): Promise<Output> {
	return store.execute(defineQuery('test.ask', run), undefined);
}

export const note = (changes: Partial<LedgerEntry> = {}): LedgerEntry => ({ act: 'note.test', actor: { role: 'staff' }, outcome: 'ok', ...changes });

export function enter(store: Store, ...entries: LedgerEntry[]): Promise<void> {
	return change(store, async ({ append }) => entries.forEach((entry) => append(entry)));
}

/** Adds an area, a row that no rule of the domain guards. */
export async function addArea(context: CommandContext, code: string): Promise<void> {
	await context.db.insertInto('area').values({ code, name: code, kind: 'route' }).execute();
}

export function areas(store: Store): Promise<string[]> {
	return ask(store, async ({ db }) => (await db.selectFrom('area').select('code').orderBy('code').execute()).map(({ code }) => code));
}

export function ledgerSize(store: Store): Promise<number> {
	return ask(store, async ({ sql }) => (await sql.all<{ size: number }>('SELECT size FROM ledger_head'))[0]?.size ?? 0);
}

/** What a rejected promise was rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<Error & { code?: string; hint?: string }> {
	try {
		await promise;
	} catch (thrown) {
		return thrown as Error;
	}
	throw new Error('nothing was refused');
}
