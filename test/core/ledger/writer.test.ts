import { describe, expect, it } from 'vitest';
import { emptyRoot, Frontier, leafHash } from '../../../core/ledger/tree';
import { verifyNote } from '../../../core/ledger/signedNote';
import { parseCheckpointText } from '../../../core/ledger/checkpoint';
import { parseLeaf } from '../../../core/ledger/leaf';
import { readEntries } from '../../../core/ledger/readEntries';
import { rootAt } from '../../../core/ledger/hashSource';
import { storedHashes } from '../../../core/ledger/storedHashes';
import { parseVerifierKey } from '../../../core/ledger/verifierKey';
import { verifyStore } from '../../../core/ledger/verifyStore';
import { existingPersonKey, openPersonal, sealPersonal } from '../../../core/store/personKey';
import type { Store } from '../../../core/store/store';
import { HandClock } from '../../council/clock';
import { ask, byHand, change, enter, note, openEngine, refusal, scratchFolder } from '../store/scratch';

const verify = (store: Store, earlier: string[] = []) => store.execute(verifyStore, { earlier });
const everything = { act: null, resourceId: null, before: null, limit: 100, withDetails: true };
const acts = async (store: Store) => (await store.execute(readEntries, everything)).map(({ entry }) => entry.act).reverse();

describe('the tree in the store', () => {
	it('is the one of RFC 6962 beyond 512 entries: leaves, stored nodes, head and every checkpoint', async () => {
		const store = await openEngine(scratchFolder());
		for (const many of [1, 2, 3, 100, 149, 1, 1, 300, 63]) await enter(store, ...Array.from({ length: many }, () => note()));
		const rows = await ask(store, async ({ sql }) => ({
			entries: await sql.all<{ idx: number; leaf: Buffer; leaf_hash: Buffer }>('SELECT * FROM ledger_entry ORDER BY idx'),
			nodes: await sql.all<{ level: number; n: number; hash: Buffer }>('SELECT * FROM ledger_node ORDER BY level, n'),
			head: await sql.all<{ size: number; frontier: Buffer; newest_at: number }>('SELECT * FROM ledger_head'),
			checkpoints: await sql.all<{ size: number; note: string }>('SELECT * FROM ledger_checkpoint ORDER BY size'),
		}));
		const size = 1 + 620;
		expect(rows.entries.map(({ idx }) => idx)).toEqual(Array.from({ length: size }, (_, i) => i));

		const frontier = Frontier.empty();
		const nodes: Array<{ level: number; n: number; hash: Buffer }> = [];
		const roots = [emptyRoot];
		for (const { leaf, leaf_hash } of rows.entries) {
			expect(leafHash(leaf).equals(leaf_hash)).toBe(true);
			nodes.push(...frontier.append(leafHash(leaf)));
			roots.push(frontier.root());
		}
		expect(rows.nodes).toEqual(nodes);
		expect(nodes.map(({ level, n }) => [level, n])).toEqual([[8, 0], [8, 1]]);
		expect(rows.head).toEqual([{ id: 1, size, frontier: frontier.serialise(), newest_at: Date.parse(parseLeaf(rows.entries[size - 1]?.leaf ?? Buffer.alloc(0)).ts) }]);

		const key = parseVerifierKey((await verify(store)).verifierKey);
		expect(rows.checkpoints.map(({ size: of }) => of)).toEqual([1, 2, 4, 7, 107, 256, 257, 258, 558, 621]);
		for (const { size: of, note: signed } of rows.checkpoints) {
			const { text, signedBy } = verifyNote(signed, [key]);
			expect(signedBy).toEqual([key]);
			expect(parseCheckpointText(text)).toMatchObject({ origin: key.name, size: of, root: roots[of] });
		}
		for (const of of [1, 255, 256, 257, 512, 621]) {
			expect((await ask(store, (context) => rootAt(of, storedHashes(context)))).equals(roots[of] ?? emptyRoot)).toBe(true);
		}
		expect(await verify(store, rows.checkpoints.map(({ note: signed }) => signed))).toMatchObject({ ok: true, size, findings: [] });
	});

	it('is continued by two engines in turn as if they were one', async () => {
		const folder = scratchFolder();
		const [one, other] = [await openEngine(folder), await openEngine(folder)];
		for (let i = 0; i < 40; i++) await enter(i % 2 === 0 ? one : other, note(), note({ disclose: { i } }));
		expect(await verify(one)).toMatchObject({ ok: true, size: 81, findings: [] });
		expect(await verify(other)).toMatchObject({ ok: true, size: 81 });
	});
});

describe('time in the ledger', () => {
	const start = Date.parse('2026-11-22T18:00:00Z');

	it('never runs backwards, and a step back is on record once', async () => {
		const clock = new HandClock(start);
		const store = await openEngine(scratchFolder(), clock);
		await enter(store, note());
		clock.advance(-10 * 60_000);
		await enter(store, note({ act: 'note.held' }));
		await enter(store, note({ act: 'note.held' }));
		clock.advance(60_000);
		await enter(store, note({ act: 'note.held' }));
		expect(await acts(store)).toEqual(['store.create', 'note.test', 'note.held', 'clock.step-back', 'note.held', 'note.held']);
		const entries = await store.execute(readEntries, everything);
		expect(new Set(entries.map(({ entry }) => entry.ts))).toEqual(new Set(['2026-11-22T18:00:00.000Z']));
		expect(entries.find(({ entry }) => entry.act === 'clock.step-back')?.entry.n).toEqual({ seconds: 600 });
		expect((await verify(store)).findings).toEqual([]);
	});

	it('goes on once the clock has caught up, and the next step back is on record again', async () => {
		const clock = new HandClock(start);
		const store = await openEngine(scratchFolder(), clock);
		for (const step of [-5_000, 10_000, -20_000, 0]) {
			clock.advance(step);
			await enter(store, note());
		}
		expect(await acts(store)).toEqual(['store.create', 'note.test', 'clock.step-back', 'note.test', 'note.test', 'clock.step-back', 'note.test']);
		expect((await verify(store)).findings).toEqual([]);
	});

	it('takes a step of up to a second for ordinary time keeping', async () => {
		const clock = new HandClock(start);
		const store = await openEngine(scratchFolder(), clock);
		clock.advance(-1000);
		await enter(store, note());
		expect(await acts(store)).toEqual(['store.create', 'note.test']);
	});
});

describe('what an entry discloses', () => {
	it('is sealed under its subject’s key, which is made once and only with what it seals', async () => {
		const store = await openEngine(scratchFolder());
		const subjects = () => ask(store, async ({ sql }) => (await sql.all<{ subject: string }>('SELECT subject FROM subject_key ORDER BY subject')).map(({ subject }) => subject));
		await refusal(
			change(store, async ({ append }) => {
				append(note({ subject: 'contact-1', disclose: { name: 'Resident 1' } }));
				append(note({ act: 'Not An Act' }));
			}),
		);
		expect(await subjects()).toEqual([]);
		await enter(store, note({ subject: 'contact-1', disclose: { name: 'Resident 1' } }), note({ subject: 'contact-1', disclose: { name: 'Resident 1' } }), note({ disclose: { reason: 'A word' } }));
		await enter(store, note({ subject: 'contact-1', disclose: { name: 'R. One' } }));
		expect(await subjects()).toEqual(['contact-1', 'store']);
		const details = (await store.execute(readEntries, { ...everything, limit: 4 })).map(({ details: of }) => of);
		expect(details).toEqual([{ name: 'R. One' }, { reason: 'A word' }, { name: 'Resident 1' }, { name: 'Resident 1' }]);
	});

	it('cannot be read any more once the subject’s key is gone, everybody else’s can, and the tree stands', async () => {
		const store = await openEngine(scratchFolder());
		const [one, two] = await change(store, async (context) => [
			await sealPersonal(context, 'contact-1', 'contact/1', { name: 'Resident 1' }),
			await sealPersonal(context, 'contact-2', 'contact/2', { name: 'Resident 2' }),
		] as const);
		await enter(store, note({ subject: 'contact-1', disclose: { name: 'Resident 1' } }), note({ subject: 'contact-2', disclose: { name: 'Resident 2' } }));
		await change(store, ({ sql }) => sql.run("DELETE FROM subject_key WHERE subject = 'contact-1'"));
		expect((await store.execute(readEntries, { ...everything, limit: 2 })).map(({ details }) => details)).toEqual([{ name: 'Resident 2' }, null]);
		expect(await ask(store, (context) => existingPersonKey(context, 'contact-1'))).toBeUndefined();
		expect(await ask(store, (context) => openPersonal(context, 'contact-1', 'contact/1', one))).toBeUndefined();
		expect(await ask(store, (context) => openPersonal(context, 'contact-2', 'contact/2', two))).toEqual({ name: 'Resident 2' });
		const { findings } = await verify(store);
		expect(findings.map(({ code, entry }) => [code, entry])).toEqual([['DISCLOSURE_MISSING', 1]]);
	});

	it('is left out where it is undefined, and an entry without any has no row for it', async () => {
		const store = await openEngine(scratchFolder());
		await enter(store, note({ disclose: { a: undefined } }), note({ disclose: {} }), note({ disclose: { a: undefined, b: null } }));
		const rows = await ask(store, ({ sql }) => sql.all<{ idx: number }>('SELECT idx FROM disclosure'));
		expect(rows).toEqual([{ idx: 3 }]);
		expect((await verify(store)).findings).toEqual([]);
	});
});

describe('the schema', () => {
	it.each([
		"UPDATE ledger_entry SET leaf = x'00' WHERE idx = 0",
		'DELETE FROM ledger_entry WHERE idx = 1',
		"INSERT OR REPLACE INTO ledger_entry (idx, leaf, leaf_hash) SELECT 0, leaf, leaf_hash FROM ledger_entry WHERE idx = 1",
		'INSERT INTO ledger_entry (idx, leaf, leaf_hash) SELECT 7, leaf, leaf_hash FROM ledger_entry WHERE idx = 1',
		"UPDATE ledger_checkpoint SET note = 'x'",
	])('forbids by itself: %s', async (statement) => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		await enter(store, note());
		byHand(folder, (database) => expect(() => database.exec(statement)).toThrow(/never|next/));
		expect((await verify(store)).findings).toEqual([]);
	});
});
