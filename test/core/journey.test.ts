import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReport } from '../../core/dispatch/report';
import { readOutcome } from '../../core/approval/outcome';
import { verifyStore } from '../../core/ledger/verifyStore';
import { startCouncil, type Council } from '../council/council';
import { askFor, decideOn, draftGritting, linksOn, send } from '../council/steps';

describe('a gritting alert, from draft to proof', () => {
	let council: Council;

	beforeEach(async () => {
		council = await startCouncil({ residents: 30 });
	});
	afterEach(() => council.stop());

	it('is drafted, signed on a phone, sent once to each person, and proven by the ledger', async () => {
		const draft = await draftGritting(council);
		expect(draft.summary.audience.count).toBe(20);

		const request = await askFor(council, draft.id);
		const [link] = linksOn(council, '+447700900901');
		expect(link).toContain(`${council.deskUrl}/desk/`);
		const decided = await decideOn(link ?? '', 'approve');
		expect(decided.status).toBe(303);
		expect(await council.store.execute(readOutcome, { requestId: request.requestId })).toMatchObject({
			state: 'approved',
			digest: draft.digest,
			decisions: [{ by: 'Morgan Ellis', decision: 'approve' }],
		});

		const report = await send(council, draft.id);
		expect(report).toMatchObject({ state: 'finished', totals: { recipients: 20, accepted: 20, notSent: 0, uncertain: 0, pending: 0 } });

		await council.sandbox.idle();
		const after = await council.store.execute(readReport, { id: draft.id });
		expect(after.totals.delivered).toBe(20);

		const ledger = await council.store.execute(verifyStore, { earlier: [] });
		expect(ledger.findings).toEqual([]);
		expect(ledger.ok).toBe(true);
	});
});
