import { execFile } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { verifyStore } from '../../../core/ledger/verifyStore';
import type { Command } from '../../../core/store/command';
import type { openProcessStore } from '../../../core/store/processStore';
import type { Store } from '../../../core/store/store';
import { startCouncil } from '../../council/council';
import { askFor, decideOn, draftGritting, linksOn, send } from '../../council/steps';
import { rulesFingerprint } from '../../council/tables';
import { compileCore, type CompiledCore } from './compiledCore';
import { refusal, scratchFolder } from './scratch';

const run = promisify(execFile);
const load = createRequire(__filename);

/** Commands of a test, in the shape of core/commands.ts. */
const testCommands = `
const { defineCommand, defineQuery } = require('./core/store/command.js');
const { CivicError } = require('./core/errors.js');
exports.commands = [
	...require('./core/commands.js').commands,
	defineCommand('test.add', async ({ db }, code) => { await db.insertInto('area').values({ code, name: code, kind: 'x' }).execute(); }),
	defineQuery('test.areas', async ({ db }) => (await db.selectFrom('area').select('code').orderBy('code').execute()).map((row) => row.code)),
	defineQuery('test.count-slowly', async ({ sql }, upTo) => (await sql.all('WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT count(*) AS n FROM c', upTo))[0].n),
	defineQuery('test.refuse', async () => { throw new CivicError('draft.unknown', 'No such draft.', 'Make one.', { cause: new Error('inner') }); }),
	defineQuery('test.slip', async () => { throw new RangeError('a slip'); }),
	defineQuery('test.uncloneable', async () => () => 1),
	defineQuery('test.blob', async () => Buffer.from('bytes')),
	defineCommand('test.crash', async ({ db }) => {
		await db.insertInto('area').values({ code: 'crashed', name: 'x', kind: 'x' }).execute();
		setImmediate(() => { throw new Error('out of the blue'); });
		await new Promise((resolve) => setTimeout(resolve, 60_000));
	}),
];
`;

/** By name alone: the worker has the commands. */
const call = <Output>(store: Store, name: string, input?: unknown) => store.execute({ name } as Command<unknown, Output>, input);

let core: CompiledCore;
let commandsModule: string;

beforeAll(() => {
	core = compileCore();
	commandsModule = core.program('testCommands.js', testCommands);
});
afterAll(() => core.remove());

/** What n8n does with the modules of a package when it updates it. */
function loadAnew(): { openProcessStore: typeof openProcessStore } {
	for (const path of Object.keys(load.cache)) if (path.startsWith(core.folder)) delete load.cache[path];
	return load(core.file('store/processStore')) as { openProcessStore: typeof openProcessStore };
}

function settings(folder = scratchFolder()) {
	return { folder, workerFile: core.file('store/sqlite/worker'), commandsModule };
}

async function opened(of = settings()): Promise<Store> {
	const store = await loadAnew().openProcessStore(of);
	onTestFinished(() => store.close());
	return store;
}

describe('the store of a process', () => {
	it('is one however often it is asked for, also by modules that were loaded again', async () => {
		const of = settings();
		const first = loadAnew();
		const [one, two] = await Promise.all([first.openProcessStore(of), first.openProcessStore({ ...of, folder: `${of.folder}/.` })]);
		const second = loadAnew();
		expect(second.openProcessStore).not.toBe(first.openProcessStore);
		const three = await second.openProcessStore(of);
		expect([two, three]).toEqual([one, one]);
		expect(three).toBe(one);
		expect(await second.openProcessStore(settings())).not.toBe(one);
		await one.close();
	});

	it('gives a new build a worker of its own, while old code goes on with the one it has', async () => {
		const of = settings();
		const old = loadAnew();
		const before = await old.openProcessStore(of);
		await call(before, 'test.add', 'old');
		utimesSync(of.workerFile, new Date(), new Date('2026-01-01T00:00:00Z'));
		const fresh = loadAnew();
		const after = await fresh.openProcessStore(of);
		expect(after).not.toBe(before);
		expect(await old.openProcessStore(of)).toBe(before);
		await Promise.all([call(before, 'test.add', 'old-2'), call(after, 'test.add', 'new')]);
		expect(await call(before, 'test.areas')).toEqual(['new', 'old', 'old-2']);
		expect(await call(after, 'test.areas')).toEqual(['new', 'old', 'old-2']);
		await before.close();
		expect(await call(after, 'test.areas')).toHaveLength(3);
		await after.close();
	});

	it('knows a new build by more than its date, which npm makes the same for all of them', async () => {
		const of = settings();
		const packed = new Date('1985-10-26T08:15:00Z');
		utimesSync(of.workerFile, packed, packed);
		const before = await loadAnew().openProcessStore(of);
		writeFileSync(of.workerFile, readFileSync(of.workerFile));
		utimesSync(of.workerFile, packed, packed);
		const after = await loadAnew().openProcessStore(of);
		expect(after).not.toBe(before);
		await Promise.all([before.close(), after.close()]);
	});

	it('is not remembered when it did not open, so that it opens once the cause is mended', async () => {
		const of = settings();
		const { openProcessStore: open } = loadAnew();
		expect(await refusal(open({ ...of, commandsModule: `${commandsModule}.not-there` }))).toMatchObject({ message: expect.stringContaining('not-there') as string });
		const store = await open(of);
		expect(await call(store, 'test.areas')).toEqual([]);
		await store.close();
	});

	it('that is closed is opened anew for the next who asks', async () => {
		const of = settings();
		const { openProcessStore: open } = loadAnew();
		const first = await open(of);
		await call(first, 'test.add', 'a');
		await Promise.all([first.close(), first.close()]);
		expect(await refusal(call(first, 'test.areas'))).toMatchObject({ code: 'store.unreachable' });
		const second = await open(of);
		expect(await call(second, 'test.areas')).toEqual(['a']);
		await second.close();
	});
});

describe('between the threads', () => {
	it('results, refusals and slips arrive as what they were', async () => {
		const store = await opened();
		expect(await call(store, 'test.blob')).toBeInstanceOf(Uint8Array);
		expect(await refusal(call(store, 'test.refuse'))).toMatchObject({ code: 'draft.unknown', message: 'No such draft.', hint: 'Make one.' });
		const slip = await refusal(call(store, 'test.slip'));
		expect([slip.message, slip.code, slip.stack?.includes('testCommands.js')]).toEqual(['a slip', undefined, true]);
		expect((await refusal(call(store, 'test.unheard-of'))).message).toContain('no command test.unheard-of');
		expect((await refusal(call(store, 'test.uncloneable'))).message).toContain('could not be cloned');
		expect((await refusal(call(store, 'test.add', () => 1))).message).toContain('could not be cloned');
		expect(await call(store, 'test.areas')).toEqual([]);
	});

	it('a worker that crashes refuses all that waits, keeps nothing half done, and the next one works', async () => {
		const of = settings();
		const { openProcessStore: open } = loadAnew();
		const store = await open(of);
		await call(store, 'test.add', 'before');
		const waiting = [call(store, 'test.crash'), call(store, 'test.add', 'behind')].map((promise) => refusal(promise));
		for (const thrown of await Promise.all(waiting)) expect(thrown).toMatchObject({ code: 'store.unreachable', hint: expect.stringContaining('wholly done or not done at all') as string });
		expect(await refusal(call(store, 'test.areas'))).toMatchObject({ code: 'store.unreachable' });
		const next = await open(of);
		expect(next).not.toBe(store);
		expect(await call(next, 'test.areas')).toEqual(['before']);
		expect((await next.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
		await next.close();
	});

	it('a worker that ends before it has opened anything is not waited for', async () => {
		const of = { ...settings(), commandsModule: core.program('ends.js', 'process.exit(0);') };
		expect(await refusal(loadAnew().openProcessStore(of))).toMatchObject({ code: 'store.unreachable' });
	});

	it('a store that cannot be opened says why, with its code', async () => {
		const of = settings();
		const store = await opened(of);
		await store.close();
		(await import('node:fs')).unlinkSync(`${of.folder}/keys.json`);
		expect(await refusal(loadAnew().openProcessStore(of))).toMatchObject({ code: 'store.keys-missing', hint: expect.stringContaining('backup') as string });
	});

	it('n8n’s main loop goes on while a slow command runs', async () => {
		const store = await opened();
		let turns = 0;
		let over = false;
		const slow = call<number>(store, 'test.count-slowly', 1_500_000).finally(() => (over = true));
		while (!over) {
			await new Promise((resolve) => setImmediate(resolve));
			turns++;
		}
		expect(await slow).toBe(1_500_000);
		expect(turns).toBeGreaterThan(50);
	});
});

describe('a process', () => {
	it('ends by itself with a store at rest, but not before what it asked for is done', async () => {
		const of = settings();
		const program = core.program(
			'once.js',
			`const { openProcessStore } = require('./core/store/processStore.js');
			openProcessStore(${JSON.stringify(of)}).then((store) => {
				store.execute({ name: 'test.add' }, 'last').then(() => process.stdout.write('done'));
			});`,
		);
		const { stdout } = await run(process.execPath, [program], { timeout: 15_000 });
		expect(stdout).toBe('done');
	});

	it('shares a store with others from the very first use on: all get the same keys and the same identity', async () => {
		for (let round = 0; round < 2; round++) {
			const of = settings();
			const program = core.program(
				'first.js',
				`const { SqliteEngine } = require('./core/store/sqlite/engine.js');
				const { systemClock, systemRandom } = require('./core/world.js');
				const { commands } = require(${JSON.stringify(commandsModule)});
				const named = (name) => commands.find((command) => command.name === name);
				process.stdin.once('data', async () => {
					const store = await SqliteEngine.open({ folder: process.argv[2], clock: systemClock, random: systemRandom });
					await store.execute(named('test.add'), process.argv[3]);
					process.stdout.write(JSON.stringify(await store.execute(named('store.identity'))));
					await store.close();
					process.exit();
				});
				process.stderr.write('ready');`,
			);
			const folder = `${of.folder}/store`;
			const children = ['a', 'b', 'c'].map((name) => execFile(process.execPath, [program, folder, name], { timeout: 15_000 }));
			const ended = children.map(
				(child) =>
					new Promise<{ code: number | null; out: string; words: string }>((resolve) => {
						let [out, words] = ['', ''];
						child.stdout?.on('data', (text: string) => (out += text));
						child.stderr?.on('data', (text: string) => (words += text));
						child.on('close', (code) => resolve({ code, out, words }));
					}),
			);
			await Promise.all(children.map((child) => new Promise((resolve) => child.stderr?.once('data', resolve))));
			for (const child of children) child.stdin?.write('go');
			const results = await Promise.all(ended);
			expect(results.map(({ code, words }) => [code, words])).toEqual(results.map(() => [0, 'ready']));
			expect(new Set(results.map(({ out }) => out)).size).toBe(1);
			const store = await opened({ ...of, folder });
			expect(await call(store, 'test.areas')).toEqual(['a', 'b', 'c']);
			expect((await store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
			expect(JSON.parse(readFileSync(`${folder}/keys.json`, 'utf8'))).toMatchObject({ version: 1 });
		}
	}, 60_000);
});

describe('an update in the middle of a send', () => {
	it('sends to everybody once, and the ledger proves it', async () => {
		const council = await startCouncil({ residents: 60 });
		onTestFinished(() => council.stop());
		const of = { ...settings(council.folder), commandsModule: core.file('commands') };
		const draft = await draftGritting(council);
		await askFor(council, draft.id);
		await decideOn(linksOn(council, '+447700900901')[0] ?? '', 'approve');

		const running = await loadAnew().openProcessStore(of);
		let calls = 0;
		const updated: Store[] = [];
		const store: Store = {
			close: () => running.close(),
			execute: async (command, input) => {
				const output = await running.execute(command, input);
				calls++;
				if (calls === 2) updated.push(await loadAnew().openProcessStore(of));
				if (calls === 3) {
					utimesSync(of.workerFile, new Date(), new Date('2026-02-02T00:00:00Z'));
					updated.push(await loadAnew().openProcessStore(of));
					await updated[1]?.execute({ name: 'desk.see' } as Command<undefined, void>, undefined);
				}
				return output;
			},
		};
		// Asked beside the worker, which knows the commands of the package only.
		const report = await send({ ...council, store }, draft.id, { rulesFingerprint: await rulesFingerprint(council.store, council.settings.id) });
		expect(calls).toBeGreaterThan(3);
		expect(updated[0]).toBe(running);
		expect(updated[1]).not.toBe(running);
		expect(report).toMatchObject({ state: 'finished', totals: { recipients: 40, accepted: 40, notSent: 0, uncertain: 0, pending: 0 } });
		expect((await running.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
		await Promise.all([running.close(), updated[1]?.close()]);
	});
});
