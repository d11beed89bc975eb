import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireRequests } from '../../../core/approval/expire';
import { readOutcome } from '../../../core/approval/outcome';
import { seeDesk } from '../../../core/channel/deskAddress';
import { rows, within } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

type Step = 'Morgan approves' | 'Morgan approves again' | 'Priya approves' | 'Priya rejects' | 'time runs out' | 'the sweep runs' | 'it is asked for again';
const steps: Step[] = ['Morgan approves', 'Morgan approves again', 'Priya approves', 'Priya rejects', 'time runs out', 'the sweep runs', 'it is asked for again'];

describe('a request that everybody acts on at once', () => {
	let office: Office;
	beforeAll(async () => {
		office = await startOffice();
	});
	afterAll(() => office.stop());

	it('is settled by exactly one of them, in every order', async () => {
		await fc.assert(
			fc.asyncProperty(fc.shuffledSubarray(steps, { minLength: 2 }), async (order) => {
				await office.store.execute(seeDesk, undefined);
				const draft = await office.draft();
				const { requestId, links, expiresAt } = await office.ask(draft.id);
				const token = (name: string) => links.find(({ approver }) => approver.name.startsWith(name))?.token ?? '';
				const take: Record<Step, () => Promise<unknown>> = {
					'Morgan approves': () => office.decide(token('Morgan'), draft),
					'Morgan approves again': () => office.decide(token('Morgan'), draft),
					'Priya approves': () => office.decide(token('Priya'), draft),
					'Priya rejects': () => office.decide(token('Priya'), draft, { decision: 'reject', reason: 'No.' }),
					'time runs out': () => within(office.store, async () => office.clock.set(expiresAt)),
					'the sweep runs': () => office.store.execute(expireRequests, undefined),
					'it is asked for again': () => office.ask(draft.id),
				};
				// None waits for another: the store alone puts them in a row.
				const results = await Promise.allSettled(order.map((step) => take[step]()));
				const won = order.filter((step, i) => /approves|rejects/.test(step) && results[i]?.status === 'fulfilled');
				const { state, decisions } = await office.store.execute(readOutcome, { requestId });
				const grants = await rows(office.store, 'SELECT 1 FROM approval_grant WHERE draft_id = ?', draft.id);

				expect(won.length).toBeLessThanOrEqual(1);
				expect(grants).toHaveLength(state === 'approved' ? 1 : 0);
				if (state === 'approved' || state === 'rejected') {
					expect(won).toHaveLength(1);
					expect(decisions).toHaveLength(1);
					expect(state).toBe(won[0]?.includes('approves') === true ? 'approved' : 'rejected');
				} else {
					expect(won).toEqual([]);
					expect(decisions).toEqual([]);
				}
				const settled = await rows<{ n: number }>(
					office.store,
					"SELECT count(*) AS n FROM ledger_index WHERE resource_id = ? AND act IN ('approval.decide', 'approval.expire', 'approval.supersede')",
					requestId,
				);
				expect(settled[0]?.n).toBe(state === 'pending' ? 0 : 1);
				for (const result of results) if (result.status === 'rejected') expect(result.reason).toHaveProperty('code');
			}),
			{ numRuns: 60 },
		);
	});
});

describe('a request for two signatures that everybody signs at once', () => {
	it('is granted once, by two different people', async () => {
		const office = await startOffice({
			channel: {
				signaturesNeeded: 2,
				approvers: { approver: Array.from({ length: 5 }, (_, i) => ({ name: `Approver ${i}`, email: `a${i}@aldersea.example`, phone: `+44770090095${i}` })) },
			},
		});
		try {
			for (let round = 0; round < 10; round++) {
				const draft = await office.draft();
				const { links, requestId } = await office.ask(draft.id);
				const all = [...links, ...links].sort(() => Math.random() - 0.5);
				const results = await Promise.allSettled(all.map(({ token }) => office.decide(token, draft)));
				expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
				const { state, decisions } = await office.store.execute(readOutcome, { requestId });
				expect(state).toBe('approved');
				expect(new Set(decisions.map(({ by }) => by)).size).toBe(2);
				expect(await rows(office.store, 'SELECT 1 FROM approval_grant WHERE draft_id = ?', draft.id)).toHaveLength(1);
			}
		} finally {
			await office.stop();
		}
	});
});
