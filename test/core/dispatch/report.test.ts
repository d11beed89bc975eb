import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeDesk } from '../../../core/channel/deskAddress';
import { finishRun } from '../../../core/dispatch/finishRun';
import { recordResults, type RequestResult } from '../../../core/dispatch/recordResults';
import { readOutcomes, readReport } from '../../../core/dispatch/report';
import { startOffice, type Office } from '../../council/office';
import { claimIn, deskIn, signedIn, startIn, statusBody, webhook } from '../../council/officeSteps';

describe('the report of a broadcast', () => {
	let office: Office;
	beforeAll(async () => {
		office = await startOffice({ residents: 18 });
	});
	afterAll(() => office.stop());

	it('adds up after anything that can happen', async () => {
		const event = fc.oneof(
			fc.record({ what: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }),
			fc.record({ what: fc.constantFrom('accepted' as const, 'not-sent' as const, 'uncertain' as const, 'again' as const, 'released' as const), person: fc.nat(5) }),
			fc.record({ what: fc.constantFrom('sent' as const, 'delivered' as const, 'read' as const, 'failed' as const), person: fc.nat(5) }),
			fc.record({ what: fc.constant('later' as const), ms: fc.constantFrom(1000, 20_000) }),
			fc.record({ what: fc.constant('end' as const) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 25 }), async (events) => {
				await office.store.execute(seeDesk, undefined);
				const draft = await signedIn(office);
				let run = await startIn(office, draft);
				const desk = deskIn(office);
				const claimed: string[] = [];
				for (const happening of events) {
					const id = 'person' in happening ? (claimed[happening.person % Math.max(1, claimed.length)] ?? '') : '';
					if (happening.what === 'claim') claimed.push(...(await claimIn(office, run, happening.limit)).deliveries.map((delivery) => delivery.id));
					else if (happening.what === 'later') office.clock.advance(happening.ms);
					else if (happening.what === 'end') {
						await office.store.execute(finishRun, run);
						run = await startIn(office, draft);
					} else if (id !== '' && ['sent', 'delivered', 'read', 'failed'].includes(happening.what)) {
						await webhook(desk, statusBody(office.settings.id, [{ id: `wamid.${id}`, callback: id, status: happening.what, at: office.clock.now(), ...(happening.what === 'failed' ? { code: 131026 } : {}) }]), 'office-app-secret');
					} else if (id !== '') {
						await office.store.execute(recordResults, { ...run, results: [resultOf(happening.what, id)] });
					}
					const { totals } = await office.store.execute(readReport, { id: draft.id });
					expect(totals.recipients).toBe(draft.content.audience.count);
					expect(totals.accepted + totals.notSent + totals.uncertain + totals.pending).toBe(totals.recipients);
					const outcomes = await office.store.execute(readOutcomes, { broadcastId: run.broadcastId, after: '', limit: 100 });
					for (const { state, readAt, deliveredAt, failedAt } of outcomes) {
						if (readAt !== null) expect(deliveredAt).not.toBeNull();
						if (deliveredAt !== null || failedAt !== null) expect(state).toBe('accepted');
						if (deliveredAt !== null) expect(failedAt).toBeNull();
					}
				}
			}),
			{ numRuns: 20 },
		);
	});

	it('is paged by delivery, without gap or repeat, and tells ids instead of people', async () => {
		const draft = await signedIn(office);
		const { broadcastId } = await startIn(office, draft);
		const seen: string[] = [];
		for (let after = ''; ; ) {
			const page = await office.store.execute(readOutcomes, { broadcastId, after, limit: 2 });
			seen.push(...page.map(({ deliveryId }) => deliveryId));
			if (page.length < 2) break;
			after = seen.at(-1) ?? '';
		}
		expect(seen).toHaveLength(6);
		expect(new Set(seen).size).toBe(6);
		expect(JSON.stringify(await office.store.execute(readOutcomes, { broadcastId, after: '', limit: 100 }))).not.toMatch(/7700900|Resident/);
		await expect(office.store.execute(readReport, { id: 'nothing' })).rejects.toMatchObject({ code: 'broadcast.unknown' });
	});
});

function resultOf(what: string, id: string): RequestResult {
	switch (what) {
		case 'accepted':
			return { id, outcome: 'accepted', messageId: `wamid.${id}` };
		case 'again':
			return { id, outcome: 'again', reason: '130429', afterMs: 1000 };
		case 'released':
			return { id, outcome: 'released' };
		case 'uncertain':
			return { id, outcome: 'uncertain', reason: 'no-clear-answer' };
		default:
			return { id, outcome: 'not-sent', reason: '131026' };
	}
}
