import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../../../../core/ledger/verifyStore';
import { addArea, areas, byHand, change, databaseIn, enter, keysIn, note, openEngine, scratchFolder } from '../scratch';

const pageSize = 4096;

describe('a process that ends while SQLite folds its log into the file', () => {
	it.each([1, 2, 10])('leaves a store that opens, though the file is only %d pages further', async (written) => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		for (let i = 0; i < 40; i++) await enter(store, note({ disclose: { text: 'x'.repeat(200) } }));
		await change(store, (context) => addArea(context, 'route-1'));

		// The log is whole and on disk; of the file, which grows by it, the first pages are written. Pages go in order.
		const killed = scratchFolder();
		copyFileSync(keysIn(folder), keysIn(killed));
		copyFileSync(`${databaseIn(folder)}-wal`, `${databaseIn(killed)}-wal`);
		const before = readFileSync(databaseIn(folder));
		byHand(folder, (database) => expect(database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.busy).toBe(0));
		const folded = readFileSync(databaseIn(folder)).subarray(0, written * pageSize);
		writeFileSync(databaseIn(killed), Buffer.concat([folded, before.subarray(folded.length)]), { mode: 0o600 });

		const again = await openEngine(killed);
		expect(await areas(again)).toEqual(['route-1']);
		expect(await again.execute(verifyStore, { earlier: [] })).toMatchObject({ ok: true, size: 41 });
	});
});
