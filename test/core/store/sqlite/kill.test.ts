import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../../../../core/ledger/verifyStore';
import { SqliteEngine } from '../../../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../../../core/world';
import { compileCore, type CompiledCore } from '../compiledCore';
import { ask, databaseIn, scratchFolder } from '../scratch';

/** Commits a row and 1 to 9 entries again and again, and acknowledges each commit on its standard output. */
const program = `
const { writeSync } = require('node:fs');
const { SqliteEngine } = require('./core/store/sqlite/engine.js');
const { systemClock, systemRandom } = require('./core/world.js');
const [, , folder, round] = process.argv;
const commit = { name: 'test.commit', access: 'write', run: async ({ db, append }, i) => {
	const entries = 1 + (i * 7) % 9;
	await db.insertInto('area').values({ code: round + '/' + i, name: String(entries), kind: 'x' }).execute();
	for (let n = 0; n < entries; n++) append({ act: 'note.kill', actor: { role: 'staff' }, outcome: 'ok', disclose: { round, i, n } });
} };
SqliteEngine.open({ folder, clock: systemClock, random: systemRandom }).then(async (store) => {
	for (let i = 0; ; i++) {
		await store.execute(commit, i);
		writeSync(1, round + '/' + i + '\\n');
	}
});
`;

let core: CompiledCore;
let path: string;
beforeAll(() => {
	core = compileCore();
	path = core.bundled('commits.js', program);
});
afterAll(() => core.remove());

/**
 * Starts the program and kills it at a random moment: while it starts, or after a random number of commits.
 * @returns what it had acknowledged
 */
async function killed(folder: string, round: number): Promise<string[]> {
	const child = spawn(process.execPath, [path, folder, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
	const duringStart = round % 5 === 0;
	const commits = randomInt(1, 40);
	let said = '';
	let aimed = false;
	const shoot = (withinMs: number) => {
		aimed = true;
		setTimeout(() => child.kill('SIGKILL'), randomInt(0, withinMs));
	};
	if (duringStart) shoot(400);
	child.stdout.on('data', (text: Buffer) => {
		said += text.toString();
		if (!aimed && said.split('\n').length > commits) shoot(8);
	});
	const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
	expect(signal).toBe('SIGKILL');
	// What follows the last line feed was cut off while it was written, and nobody has read it.
	return said.split('\n').slice(0, -1);
}

describe('a process killed in the middle of committing', () => {
	it('loses nothing it acknowledged and leaves nothing half written, at 21 random moments', async () => {
		const folder = scratchFolder();
		const acknowledged: string[] = [];
		let size = 0;
		let checkpoints: string[] = [];
		for (let round = 0; round < 21; round++) {
			acknowledged.push(...(await killed(folder, round)));
			if (!existsSync(databaseIn(folder))) continue;
			const store = await SqliteEngine.open({ folder, clock: systemClock, random: systemRandom });
			const { rows, entries } = await ask(store, async ({ db, sql }) => ({
				rows: await db.selectFrom('area').select(['code', 'name']).execute(),
				entries: (await sql.all<{ n: number }>("SELECT count(*) AS n FROM ledger_index WHERE act = 'note.kill'"))[0]?.n,
			}));
			const codes = new Set(rows.map(({ code }) => code));
			expect(acknowledged.filter((code) => !codes.has(code))).toEqual([]);
			expect(entries).toBe(rows.reduce((sum, { name }) => sum + Number(name), 0));
			const verified = await store.execute(verifyStore, { earlier: checkpoints });
			expect(verified.findings).toEqual([]);
			expect(verified.size).toBeGreaterThanOrEqual(size);
			size = verified.size;
			checkpoints = [...checkpoints.slice(-3), verified.checkpoint];
			await store.close();
		}
		expect(acknowledged.length).toBeGreaterThan(100);
	}, 120_000);
});
