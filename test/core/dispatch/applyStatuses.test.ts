import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '../../../core/desk/desk';
import { recordResults, type RequestResult } from '../../../core/dispatch/recordResults';
import { readOutcomes, readReport } from '../../../core/dispatch/report';
import { startOffice, type Office } from '../../council/office';
import { claimIn, deskIn, signedIn, startIn, statusBody, webhook, type StatusWord } from '../../council/officeSteps';
import { rows } from '../../council/tables';

const secret = 'office-app-secret';
const start = Math.floor(Date.now() / 1000) * 1000;

describe('the statuses of Meta', () => {
	let office: Office;
	let desk: Desk;
	beforeAll(async () => {
		office = await startOffice({ residents: 9 });
		desk = deskIn(office);
	});
	afterAll(() => office.stop());

	/** A broadcast to three people whose requests have left; their answers are not recorded. */
	async function begin() {
		const draft = await signedIn(office);
		const run = await startIn(office, draft);
		const { deliveries } = await claimIn(office, run);
		return { ...run, draft, ids: deliveries.map(({ id }) => id) };
	}
	const told = (statuses: StatusWord[]) => webhook(desk, statusBody(office.settings.id, statuses), secret);
	const record = (run: { broadcastId: string; runId: string }, results: RequestResult[]) => office.store.execute(recordResults, { ...run, results });
	const report = async (broadcastId: string) => (await office.store.execute(readReport, { id: broadcastId })).totals;
	const outcomeOf = async (broadcastId: string, id: string) => {
		const all = await office.store.execute(readOutcomes, { broadcastId, after: '', limit: 100 });
		const found = all.find(({ deliveryId }) => deliveryId === id);
		return found === undefined ? undefined : { ...found, deliveryId: '', contactId: '' };
	};
	const ladder = (callback: string, id: string): StatusWord[] => [
		{ id, callback, status: 'sent', at: start + 1000 },
		{ id, callback, status: 'delivered', at: start + 2000 },
		{ id, callback, status: 'read', at: start + 5000 },
	];

	it('end in the same report in any order, however often they come', async () => {
		const expected = { state: 'accepted', sentAt: new Date(start + 1000).toISOString(), deliveredAt: new Date(start + 2000).toISOString(), readAt: new Date(start + 5000).toISOString(), failedAt: null };
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom(0, 1, 2), { maxLength: 5 }).chain((again) => fc.shuffledSubarray([0, 1, 2, ...again], { minLength: 3 + again.length })),
				fc.boolean(),
				fc.boolean(),
				async (order, answerFirst, inOneWebhook) => {
					const { ids, ...run } = await begin();
					const [id = ''] = ids;
					const answer = () => record(run, [{ id, outcome: 'accepted', messageId: `wamid.${id}` }]);
					if (answerFirst) await answer();
					const words = order.map((i) => ladder(id, `wamid.${id}`)[i] ?? { status: 'sent', at: 0 });
					if (inOneWebhook) await told(words);
					else for (const word of words) await told([word]);
					if (!answerFirst) await answer();
					expect(await outcomeOf(run.broadcastId, id)).toMatchObject(expected);
					expect(await report(run.broadcastId)).toMatchObject({ accepted: 1, delivered: 1, read: 1, failed: 0, pending: 2 });
				},
			),
			{ numRuns: 25 },
		);
	});

	it.each(['sent', 'delivered', 'read', 'failed', 'evaporated'])('prove with “%s” that the message was accepted, whatever we thought of it', async (status) => {
		const { ids, ...run } = await begin();
		await record(run, [
			{ id: ids[0] ?? '', outcome: 'uncertain', reason: 'no-clear-answer' },
			{ id: ids[1] ?? '', outcome: 'not-sent', reason: '131026' },
			{ id: ids[2] ?? '', outcome: 'again', reason: '130429', afterMs: 1000 },
		]);
		await told(ids.map((callback) => ({ id: `wamid.${callback}`, callback, status, at: start, ...(status === 'failed' ? { code: 131026 } : {}) })));
		expect(await report(run.broadcastId)).toMatchObject({ accepted: 3, uncertain: 0, notSent: 0, pending: 0 });
		// What was to be tried again is not: it has arrived.
		office.clock.advance(10_000);
		expect((await claimIn(office, run)).deliveries).toEqual([]);
	});

	it('find their message by its id when they do not carry our word for it, also when the answer was lost', async () => {
		const { ids, ...run } = await begin();
		const [id = '', other = ''] = ids;
		await record(run, [{ id, outcome: 'accepted', messageId: `wamid.${id}` }, { id: other, outcome: 'uncertain', reason: 'no-clear-answer' }]);
		await told([{ id: `wamid.${id}`, status: 'delivered', at: start }]);
		await told([{ id: `wamid.${other}`, callback: other, status: 'sent', at: start }]);
		await told([{ id: `wamid.${other}`, status: 'read', at: start }]);
		expect(await report(run.broadcastId)).toMatchObject({ accepted: 2, delivered: 2, read: 1 });
	});

	it('take a failure after the arrival for disorder, and an arrival after a failure for the truth', async () => {
		const { ids, ...run } = await begin();
		const [one = '', other = ''] = ids;
		const failed = (callback: string): StatusWord => ({ id: `wamid.${callback}`, callback, status: 'failed', at: start, code: 131026 });
		const delivered = (callback: string): StatusWord => ({ id: `wamid.${callback}`, callback, status: 'delivered', at: start });
		await told([failed(one), delivered(one)]);
		await told([delivered(other), failed(other)]);
		expect(await report(run.broadcastId)).toMatchObject({ accepted: 2, delivered: 2, failed: 0 });
	});

	it('that fail name the code, and one by which somebody stopped us counts as an opt-out', async () => {
		const { ids, ...run } = await begin();
		await told([{ id: 'wamid.x', callback: ids[0] ?? '', status: 'failed', at: start, code: 131026 }]);
		expect((await office.store.execute(readReport, { id: run.broadcastId })).reasons).toEqual([{ outcome: 'failed', reason: '131026', count: 1 }]);
		expect(await rows(office.store, 'SELECT 1 FROM opt_out')).toEqual([]);
		const before = run.draft.content.audience.count;
		await told([{ id: 'wamid.y', callback: ids[1] ?? '', status: 'failed', at: start, code: 131050 }]);
		expect((await rows(office.store, 'SELECT 1 FROM opt_out')).length).toBeGreaterThan(0);
		expect((await office.draft()).content.audience.count).toBe(before - 1);
	});

	it('that come again enter nothing in the ledger', async () => {
		const { ids } = await begin();
		const word: StatusWord = { id: 'wamid.again', callback: ids[0] ?? '', status: 'delivered', at: start };
		await told([word]);
		const before = await rows(office.store, 'SELECT 1 FROM ledger_entry');
		for (let i = 0; i < 5; i++) await told([word, word]);
		expect(await rows(office.store, 'SELECT 1 FROM ledger_entry')).toHaveLength(before.length);
	});
});
