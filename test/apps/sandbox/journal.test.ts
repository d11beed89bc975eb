import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcceptedMessages } from '../../../apps/sandbox/cloudApi/acceptedMessages';
import { Journal, type JournalNote } from '../../../apps/sandbox/journal';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, grittingNotice, send } from './callSandbox';

const clock = { now: () => 0 };
const request = (characters: number): JournalNote => ({ kind: 'request', method: 'POST', path: '/', body: 'x'.repeat(characters) });

describe('the journal', () => {
	it('keeps the newest entries, and counts those that it let go', () => {
		const journal = new Journal(clock, { entries: 3, characters: 1e6 });
		for (let nth = 0; nth < 5; nth++) journal.record(request(nth));
		expect(journal.entries().map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
		expect([journal.size, journal.dropped]).toEqual([5, 2]);
		expect(journal.entries({ after: 4 }).map(({ sequence }) => sequence)).toEqual([5]);
		journal.clear();
		expect([journal.size, journal.dropped, journal.entries()]).toEqual([0, 0, []]);
	});

	it('holds no more text than it may, however few entries that leaves', () => {
		const journal = new Journal(clock, { entries: 1000, characters: 10_000 });
		for (let nth = 0; nth < 20; nth++) journal.record(request(3000));
		expect(journal.entries().map(({ sequence }) => sequence)).toEqual([18, 19, 20]);
		expect(journal.dropped).toBe(17);
		journal.record(request(1));
		expect(journal.entries()).toHaveLength(4);
		// One that is too large alone is there all the same: it is the newest.
		journal.record(request(50_000));
		expect(journal.entries().map(({ sequence }) => sequence)).toEqual([22]);
		journal.record(request(1));
		expect(journal.entries().map(({ sequence }) => sequence)).toEqual([23]);
	});

	it('counts paths and outcomes as text, and something for each entry', () => {
		const journal = new Journal(clock, { entries: 1000, characters: 10_000 });
		for (let nth = 0; nth < 20; nth++) journal.record({ kind: 'handshake', path: 'x'.repeat(2000), outcome: 'x'.repeat(1000) });
		expect(journal.entries()).toHaveLength(3);
		const empty = new Journal(clock, { entries: 1000, characters: 10_000 });
		for (let nth = 0; nth < 1000; nth++) empty.record({ kind: 'response' });
		expect(empty.entries().length).toBeLessThan(200);
	});

	it('goes on in the ring with both limits at once', () => {
		const journal = new Journal(clock, { entries: 4, characters: 2000 });
		for (let nth = 1; nth <= 200; nth++) {
			journal.record(request(nth % 7 === 0 ? 1500 : 10));
			const kept = journal.entries().map(({ sequence }) => sequence);
			expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => nth - kept.length + 1 + at));
			expect(journal.dropped).toBe(nth - kept.length);
			expect(kept.length).toBeLessThanOrEqual(4);
		}
	});
});

describe('the list of accepted messages', () => {
	it('forgets the pairs that came first, and says how many', () => {
		const accepted = new AcceptedMessages({ pairs: 3, ids: 10 });
		for (const to of ['1', '2', '1', '3', '4', '5']) accepted.record(to, 'run', `id-${to}`);
		expect(accepted.entries().map(({ to }) => to)).toEqual(['3', '4', '5']);
		expect([accepted.total, accepted.dropped]).toEqual([6, 2]);
		accepted.record('1', 'run', 'again');
		expect(accepted.entries().at(-1)).toMatchObject({ to: '1', count: 1 });
		accepted.clear();
		expect([accepted.total, accepted.dropped, accepted.entries()]).toEqual([0, 0, []]);
		for (const to of ['1', '2', '3', '4']) accepted.record(to, undefined, 'x');
		expect(accepted.entries().map(({ to }) => to)).toEqual(['2', '3', '4']);
	});

	it('counts every message of a pair, and keeps the newest ids', () => {
		const accepted = new AcceptedMessages({ pairs: 3, ids: 2 });
		for (const id of ['a', 'b', 'c']) accepted.record('1', 'run', id);
		expect(accepted.duplicates()).toEqual([{ to: '1', callback: 'run', ids: ['b', 'c'], count: 3 }]);
	});
});

describe('the controls', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ seed: 1, journalCapacity: 4 });
	});
	afterAll(() => sandbox.stop());

	it('tell how much is no longer there', async () => {
		for (let nth = 0; nth < 3; nth++) await send(sandbox, grittingNotice(`+44770090012${nth}`));
		await sandbox.idle();
		expect((await admin(sandbox, 'GET', 'state')).body).toMatchObject({ journal: sandbox.journal.size, journalDropped: sandbox.journal.size - 4 });
		const response = await fetch(`${sandbox.admin}/journal`);
		expect(response.headers.get('x-journal-dropped')).toBe(String(sandbox.journal.size - 4));
		expect((await admin(sandbox, 'GET', 'accepted')).body).toMatchObject({ total: 3, dropped: 0, pairs: 3 });
	});
});
