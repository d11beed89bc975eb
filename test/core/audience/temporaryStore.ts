import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { defineCommand, type CommandContext, type SqlValue } from '../../../core/store/command';
import { SqliteEngine } from '../../../core/store/sqlite/engine';
import { systemRandom } from '../../../core/world';

/** A real store in a folder of its own, with a clock that a test moves by hand. */
export interface TemporaryStore {
	readonly store: SqliteEngine;
	readonly clock: { at: number };
	/** Closes the store and opens it anew, as a restart does. */
	reopen(): Promise<void>;
	rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]>;
	change(sql: string, ...values: SqlValue[]): Promise<void>;
	/** Every file of the store as text, for looking for what must not be in it. */
	databaseBytes(): Promise<string>;
	/** Runs a function that other commands use inside their transaction. */
	within<Output>(run: (context: CommandContext) => Promise<Output>): Promise<Output>;
}

export const testTime = Date.parse('2026-11-20T15:00:00Z');

export async function temporaryStore(): Promise<TemporaryStore> {
	const folder = await mkdtemp(join(tmpdir(), 'civic-comms-test-'));
	const clock = { at: testTime };
	const open = () => SqliteEngine.open({ folder, clock: { now: () => clock.at }, random: systemRandom });
	let store = await open();
	onTestFinished(async () => {
		await store.close();
		await rm(folder, { recursive: true });
	});
	const within: TemporaryStore['within'] = (run) => store.execute(defineCommand('test.within', run), undefined);
	return {
		get store() {
			return store;
		},
		clock,
		within,
		reopen: async () => {
			await store.close();
			store = await open();
		},
		databaseBytes: async () => {
			const files = (await readdir(folder)).filter((name) => name.includes('.sqlite'));
			return (await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))).join('');
		},
		rows: (sql, ...values) => within(({ sql: raw }) => raw.all(sql, ...values)),
		change: (sql, ...values) => within(async ({ sql: raw }) => void (await raw.run(sql, ...values))),
	};
}
