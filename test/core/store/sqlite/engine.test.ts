import { describe, expect, it } from 'vitest';
import { sql as statement } from 'kysely';
import { verifyStore } from '../../../../core/ledger/verifyStore';
import type { CommandContext } from '../../../../core/store/command';
import { addArea, areas, ask, byHand, change, enter, ledgerSize, note, openEngine, refusal, scratchFolder } from '../scratch';

describe('a command', () => {
	it('commits its rows and its entry together', async () => {
		const store = await openEngine(scratchFolder());
		const before = await ledgerSize(store);
		await change(store, async (context) => {
			await addArea(context, 'route-1');
			context.append(note());
		});
		expect([await areas(store), await ledgerSize(store)]).toEqual([['route-1'], before + 1]);
	});

	it('that throws leaves neither rows nor an entry, and its own words come through', async () => {
		const store = await openEngine(scratchFolder());
		const before = await ledgerSize(store);
		const thrown = new RangeError('of its own');
		expect(
			await refusal(
				change(store, async (context) => {
					await addArea(context, 'route-1');
					context.append(note());
					throw thrown;
				}),
			),
		).toBe(thrown);
		expect([await areas(store), await ledgerSize(store)]).toEqual([[], before]);
		expect((await store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
	});

	it('whose entry the ledger does not take is undone', async () => {
		const store = await openEngine(scratchFolder());
		const before = await ledgerSize(store);
		const unfit = [
			note({ refs: { phone: '+447700900123' } }),
			note({ resource: { type: 'message', id: 'wamid.HBgMNDQ3NzAwOTAwMTIzFQIAERgS' } }),
			note({ act: 'No Verb' }),
			note({ counts: { n: -1 } }),
			note({ counts: { phone: 447700900123 } }),
			note({ disclose: { text: '\ud800' } }),
		];
		for (const entry of unfit) {
			const thrown = await refusal(
				change(store, async (context) => {
					await addArea(context, 'route-1');
					context.append(note());
					context.append(entry);
				}),
			);
			expect(thrown).toMatchObject({ code: 'ledger.unwritable', hint: expect.stringContaining('Nothing was changed') as string });
			expect(thrown.message).not.toContain('7700900123');
		}
		expect([await areas(store), await ledgerSize(store)]).toEqual([[], before]);
		await enter(store, note());
		expect((await store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
	});

	it('runs after the one before it, whatever became of that one', async () => {
		const store = await openEngine(scratchFolder());
		const order: string[] = [];
		const slow = (name: string, refuse: boolean) =>
			change(store, async (context) => {
				order.push(`${name} starts`);
				await addArea(context, name);
				for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
				order.push(`${name} ends`);
				if (refuse) throw new Error(name);
				return name;
			});
		const results = await Promise.allSettled([slow('a', false), slow('b', true), slow('c', false)]);
		expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
		expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(await areas(store)).toEqual(['a', 'c']);
	});

	it('has one moment for all it does', async () => {
		const store = await openEngine(scratchFolder());
		expect(await change(store, async (context) => [context.now, await new Promise<number>((resolve) => setImmediate(() => resolve(context.now)))])).toSatisfy(
			([first, second]: number[]) => first === second,
		);
	});

	it('is told how many rows changed, by the query builder and without it', async () => {
		const store = await openEngine(scratchFolder());
		const counts = await change(store, async (context) => {
			for (const code of ['a', 'b', 'c']) await addArea(context, code);
			const updated = await context.db.updateTable('area').set({ kind: 'ward' }).where('code', '<', 'c').executeTakeFirstOrThrow();
			const none = await context.db.updateTable('area').set({ kind: 'ward' }).where('code', '=', 'z').executeTakeFirstOrThrow();
			const ignored = await context.db
				.insertInto('area')
				.values({ code: 'a', name: 'a', kind: 'x' })
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			const deleted = await context.db.deleteFrom('area').where('code', '>', 'a').executeTakeFirstOrThrow();
			const raw = await context.sql.run("UPDATE area SET kind = 'parish'");
			return [updated.numUpdatedRows, none.numUpdatedRows, ignored.numInsertedOrUpdatedRows, deleted.numDeletedRows, raw.changes];
		});
		expect(counts).toEqual([2n, 0n, 0n, 2n, 1]);
	});

	it('gets BLOBs as Buffer however it reads them', async () => {
		const store = await openEngine(scratchFolder());
		const found = await ask(store, async ({ db, sql }) => {
			const built = await db.selectFrom('ledger_entry').select('leaf').executeTakeFirstOrThrow();
			const [raw] = await sql.all<{ leaf: Buffer }>('SELECT leaf FROM ledger_entry');
			const streamed: Buffer[] = [];
			for await (const { leaf } of db.selectFrom('ledger_entry').select('leaf').stream()) streamed.push(leaf);
			return [built.leaf, raw?.leaf, streamed[0]];
		});
		expect(found.map((leaf) => Buffer.isBuffer(leaf))).toEqual([true, true, true]);
	});

	it('cannot reach the store once it is over', async () => {
		const store = await openEngine(scratchFolder());
		let kept: CommandContext | undefined;
		await change(store, async (context) => void (kept = context));
		expect((await refusal(Promise.resolve().then(() => kept?.sql.run("INSERT INTO area (code, name, kind) VALUES ('late', 'late', 'late')")))).message).toContain('after its transaction');
		expect((await refusal(Promise.resolve().then(() => kept && addArea(kept, 'late')))).message).toContain('after its transaction');
		expect(() => kept?.append(note())).toThrow(/after its transaction/);
		expect(await areas(store)).toEqual([]);
	});
});

describe('a query', () => {
	it('cannot append to the ledger', async () => {
		const store = await openEngine(scratchFolder());
		const before = await ledgerSize(store);
		expect((await refusal(ask(store, async ({ append }) => append(note())))).message).toContain('may not append');
		expect(await ledgerSize(store)).toBe(before);
	});

	it('cannot change a row either, and the command after it can', async () => {
		const store = await openEngine(scratchFolder());
		expect((await refusal(ask(store, (context) => addArea(context, 'route-1')))).message).toContain('may not change');
		expect((await refusal(ask(store, ({ db }) => statement`DELETE FROM ledger_checkpoint`.execute(db)))).message).toContain('may not change');
		await change(store, (context) => addArea(context, 'route-2'));
		expect(await areas(store)).toEqual(['route-2']);
	});

	it('sees one state of the store from its first read on', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		const seen = await ask(store, async ({ sql }) => {
			const count = async () => (await sql.all('SELECT code FROM area')).length;
			const before = await count();
			byHand(folder, (database) => database.exec("INSERT INTO area (code, name, kind) VALUES ('x', 'x', 'x')"));
			return [before, await count()];
		});
		expect(seen).toEqual([0, 0]);
		expect(await areas(store)).toEqual(['x']);
	});
});

describe('closing', () => {
	it('waits for what was asked before, and refuses in words what comes after', async () => {
		const store = await openEngine(scratchFolder());
		const last = change(store, (context) => addArea(context, 'last'));
		const closed = store.close();
		await expect(last).resolves.toBeUndefined();
		await closed;
		await store.close();
		expect(await refusal(areas(store))).toMatchObject({ code: 'store.unreachable', message: expect.stringContaining('closed') as string });
	});
});
