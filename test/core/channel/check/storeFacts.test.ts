import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStoreFacts } from '../../../../core/channel/check/storeFacts';
import { enterStrangers } from '../../../../core/desk/strangers';
import { recordResults } from '../../../../core/dispatch/recordResults';
import { startOffice, type Office } from '../../../council/office';
import { claimIn, deskIn, signedIn, startIn, statusBody, textBody, webhook } from '../../../council/officeSteps';

const secret = 'office-app-secret';

describe('what the store knows of a channel', () => {
	let office: Office;
	beforeAll(async () => {
		office = await startOffice({ residents: 9 });
	});
	afterAll(() => office.stop());

	const facts = () => office.store.execute(readStoreFacts, { channelId: office.settings.id });

	it('is the desk, the adoption, the templates in use, and what others sent on the number', async () => {
		expect(await facts()).toEqual({ desk: { webhookAddress: 'https://n8n.aldersea.example/webhook/whatsapp', isOn: true }, adoptedAt: expect.any(Number) as number, peopleReached: 0, templates: [], unmatchedStatuses: 0 });
		await office.draft();
		await office.store.execute(enterStrangers, { tallies: [{ act: 'delivery.unmatched', channel: office.settings.id, count: 4 }, { act: 'delivery.unmatched', channel: '999', count: 1 }] });
		expect(await facts()).toMatchObject({ templates: [{ name: 'gritting_notice', language: 'en_GB' }], unmatchedStatuses: 1 });
	});

	it('counts people as Meta does: once, not who failed, not who had just written, and for a day', async () => {
		const accepted = (deliveries: Array<{ id: string }>) => deliveries.map(({ id }) => ({ id, outcome: 'accepted' as const, messageId: `wamid.${id}` }));
		// One resident writes first: what goes to them is inside their window.
		await webhook(deskIn(office), textBody(office.settings.id, '447700900000', 'When do you grit?'), secret);
		office.clock.advance(60_000);
		const before = (await facts()).peopleReached;
		const run = await startIn(office, await signedIn(office));
		const { deliveries } = await claimIn(office, run);
		const others = deliveries.filter((delivery) => !JSON.stringify(delivery).includes('7700900000'));
		expect([deliveries.length, others.length]).toEqual([3, 2]);
		// From the moment a request may have left.
		expect((await facts()).peopleReached - before).toBe(2);
		await office.store.execute(recordResults, { ...run, results: accepted(deliveries) });
		const [first] = others.map(({ id }) => id);
		await webhook(deskIn(office), statusBody(office.settings.id, [{ id: `wamid.${first}`, callback: first, status: 'failed', at: office.clock.now(), code: 131026 }]), secret);
		expect((await facts()).peopleReached - before).toBe(1);

		// The same people again on the same day count no second time.
		const again = await startIn(office, await signedIn(office));
		await office.store.execute(recordResults, { ...again, results: accepted((await claimIn(office, again)).deliveries) });
		expect((await facts()).peopleReached - before).toBe(2);

		office.clock.advance(25 * 3600_000);
		expect((await facts()).peopleReached).toBe(0);
	});
});
