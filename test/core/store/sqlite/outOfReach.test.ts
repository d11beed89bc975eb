import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../../../../core/ledger/verifyStore';
import { SqliteEngine } from '../../../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../../../core/world';
import { addArea, areas, byHand, change, databaseIn, enter, ledgerSize, note, openEngine, refusal, scratchFolder } from '../scratch';

const open = (folder: string) => SqliteEngine.open({ folder, clock: systemClock, random: systemRandom });

/** Fills the store until the disk says no, in one transaction that also has an entry. */
const fill = (store: SqliteEngine) =>
	change(store, async (context) => {
		for (let i = 0; i < 200; i++) await addArea(context, `${i}-${'x'.repeat(1000)}`);
		context.append(note());
	});

const wholeAndSound = async (store: SqliteEngine) => {
	const { findings } = await store.execute(verifyStore, { earlier: [] });
	expect(findings).toEqual([]);
};

describe('a full disk', () => {
	it('refuses the step in words, leaves nothing half done, and goes on once there is room', async () => {
		const store = await openEngine(scratchFolder());
		const before = await ledgerSize(store);
		await change(store, ({ sql }) => sql.all('PRAGMA max_page_count = 1'));
		expect(await refusal(fill(store))).toMatchObject({
			code: 'store.unreachable',
			message: expect.stringContaining('full') as string,
			hint: expect.stringContaining('room') as string,
		});
		expect([await areas(store), await ledgerSize(store)]).toEqual([[], before]);
		await change(store, ({ sql }) => sql.all('PRAGMA max_page_count = 1000000'));
		await fill(store);
		expect(await areas(store)).toHaveLength(200);
		await wholeAndSound(store);
	});

	it('that is noticed only by the ledger undoes the change it belongs to', async () => {
		const store = await openEngine(scratchFolder());
		const before = await ledgerSize(store);
		await change(store, ({ sql }) => sql.all('PRAGMA max_page_count = 1'));
		const thrown = await refusal(
			change(store, async (context) => {
				await addArea(context, 'fits');
				for (let i = 0; i < 100; i++) context.append(note({ disclose: { text: 'x'.repeat(1000) } }));
			}),
		);
		expect(thrown).toMatchObject({ code: 'ledger.unwritable', message: expect.stringContaining('full') as string });
		expect([await areas(store), await ledgerSize(store)]).toEqual([[], before]);
		await wholeAndSound(store);
	});

	it('does not let a command that overlooks it write the rest of itself', async () => {
		const store = await openEngine(scratchFolder());
		await change(store, ({ sql }) => sql.all('PRAGMA max_page_count = 1'));
		await refusal(
			change(store, async (context) => {
				await fillWith(context, 200).catch(() => undefined);
				await addArea(context, 'small');
			}),
		);
		expect(await areas(store)).toEqual([]);
	});
});

async function fillWith(context: Parameters<typeof addArea>[0], count: number): Promise<void> {
	for (let i = 0; i < count; i++) await addArea(context, `${i}-${'x'.repeat(1000)}`);
}

describe('a store that another program holds', () => {
	it('is waited for', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		await change(store, ({ sql }) => sql.all('PRAGMA busy_timeout = 0'));
		await byHand(folder, async (database) => {
			database.exec('BEGIN IMMEDIATE');
			expect(await refusal(change(store, (context) => addArea(context, 'a')))).toMatchObject({
				code: 'store.unreachable',
				message: expect.stringContaining('locked') as string,
				hint: expect.stringContaining('another program') as string,
			});
			expect(await areas(store)).toEqual([]);
			database.exec('COMMIT');
		});
		await change(store, (context) => addArea(context, 'a'));
		expect(await areas(store)).toEqual(['a']);
	});
});

describe('a file that went away under a running engine', () => {
	it('is noticed before anything is acknowledged that nobody would find again', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		for (const suffix of ['', '-wal', '-shm']) unlinkSync(databaseIn(folder) + suffix);
		expect(await refusal(enter(store, note()))).toMatchObject({
			code: 'store.unreachable',
			message: expect.stringContaining('moved or deleted') as string,
			hint: expect.stringContaining('restart n8n') as string,
		});
	});

	it('is noticed when another one was put in its place, and used again when it is put back', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		const aside = join(folder, 'aside');
		renameSync(databaseIn(folder), aside);
		copyFileSync(aside, databaseIn(folder));
		expect(await refusal(enter(store, note()))).toMatchObject({ code: 'store.unreachable' });
		renameSync(aside, databaseIn(folder));
		await enter(store, note());
		await wholeAndSound(store);
	});

	it('is noticed when only its write-ahead log is gone', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		unlinkSync(`${databaseIn(folder)}-wal`);
		expect(await refusal(enter(store, note()))).toMatchObject({ code: 'store.unreachable' });
	});
});

describe('a store that cannot be opened says why', () => {
	it('when its folder is a file', async () => {
		const path = join(scratchFolder(), 'file');
		writeFileSync(path, '');
		expect(await refusal(open(path))).toMatchObject({ code: 'store.unreachable', message: expect.stringContaining(path) as string });
	});

	it.runIf(process.platform === 'linux')('when its folder may not be made', async () => {
		// The kernel's own tree refuses new folders even to root.
		expect(await refusal(open('/sys/kernel/civic-comms'))).toMatchObject({ code: 'store.unreachable', hint: expect.stringContaining('may write') as string });
	});

	it.skipIf(process.getuid?.() === 0)('when its folder is read-only', async () => {
		const folder = scratchFolder();
		await (await openEngine(folder)).close();
		chmodSync(folder, 0o500);
		expect(await refusal(open(folder))).toMatchObject({ code: 'store.unreachable' });
		chmodSync(folder, 0o700);
	});

	it('when the file is cut short', async () => {
		const folder = scratchFolder();
		await (await openEngine(folder)).close();
		truncateSync(databaseIn(folder), 5000);
		expect(await refusal(open(folder))).toMatchObject({ code: 'store.unreachable', hint: expect.stringContaining('newest backup') as string });
	});

	it('when a link leads nowhere', async () => {
		const folder = scratchFolder();
		symlinkSync(join(folder, 'no', 'such', 'place'), databaseIn(folder));
		expect(await refusal(open(folder))).toMatchObject({ code: 'store.unreachable' });
	});

	it('when a folder has its name', async () => {
		const folder = scratchFolder();
		mkdirSync(databaseIn(folder));
		expect(await refusal(open(folder))).toMatchObject({ code: 'store.foreign', message: expect.stringContaining(databaseIn(folder)) as string });
		rmSync(databaseIn(folder), { recursive: true });
		await openEngine(folder);
		expect(readFileSync(databaseIn(folder)).length).toBeGreaterThan(0);
	});
});
