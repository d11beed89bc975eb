import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordResults } from '../../../core/dispatch/recordResults';
import { readReport } from '../../../core/dispatch/report';
import { packagedPrices } from '../../../core/message/priceTable';
import { startOffice, type Office } from '../../council/office';
import { claimIn, deskIn, signedIn, startIn, statusBody, webhook, type StatusWord } from '../../council/officeSteps';
import { rows } from '../../council/tables';

const paid = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' };

describe('what a broadcast cost', () => {
	let office: Office;
	beforeAll(async () => {
		office = await startOffice({ residents: 9 });
	});
	afterAll(() => office.stop());

	async function sent() {
		const run = await startIn(office, await signedIn(office));
		const ids = (await claimIn(office, run)).deliveries.map(({ id }) => id);
		await office.store.execute(recordResults, { ...run, results: ids.map((id) => ({ id, outcome: 'accepted' as const, messageId: `wamid.${id}` })) });
		return { ...run, ids };
	}
	const told = (...words: Array<Partial<StatusWord> & { callback?: string }>) =>
		webhook(deskIn(office), statusBody(office.settings.id, words.map((word) => ({ id: `wamid.${word.callback}`, status: 'sent', at: office.clock.now(), ...word }))), 'office-app-secret');
	const cost = async (broadcastId: string, prices = packagedPrices) => (await office.store.execute(readReport, { id: broadcastId, prices })).cost;

	it('is nothing known until Meta says so, and then what it said, with an estimate and its date', async () => {
		const { broadcastId, ids } = await sent();
		expect(await cost(broadcastId)).toMatchObject({ reported: 0, charged: 0, free: 0, byKind: [], estimate: { amount: 0 } });
		await told(...ids.map((callback) => ({ callback, pricing: paid })));
		expect(await cost(broadcastId)).toEqual({
			reported: 3,
			charged: 3,
			free: 0,
			byKind: [{ category: 'utility', type: 'regular', subtype: null, count: 3 }],
			estimate: { amount: 0.05, currency: 'GBP', asOf: '2026-10-01', market: 'GB', source: packagedPrices.source, leavesOut: packagedPrices.leavesOut },
		});
		expect(await cost(broadcastId, { ...packagedPrices, currency: 'EUR' })).toMatchObject({ estimate: { currency: 'EUR', amount: 0.05 } });
	});

	it('is Meta’s first word, kept as it came, whichever status carries it', async () => {
		const { broadcastId, ids } = await sent();
		const [one = '', other = '', third = ''] = ids;
		const odd = { billable: false, type: 'free_entry_point', category: 'utility', something_new: { a: 1 } };
		await told({ callback: one, status: 'sent' }, { callback: one, status: 'delivered', pricing: odd }, { callback: one, status: 'read', pricing: paid });
		await told({ callback: other, status: 'read', pricing: { ...paid, subtype: 'paid_exempt', category: 'service' } }, { callback: other, status: 'sent', pricing: paid });
		await told({ callback: third, status: 'sent', pricing: { ...paid, category: 'authentication-international' } });
		const kept = await rows<{ id: string; pricing: string }>(office.store, 'SELECT id, pricing FROM delivery WHERE pricing IS NOT NULL');
		expect(JSON.parse(kept.find(({ id }) => id === one)?.pricing ?? '')).toEqual(odd);
		expect(await cost(broadcastId)).toMatchObject({ reported: 3, charged: 1, free: 2, estimate: null });
	});

	it('is kept also when what Meta says is long or strange', async () => {
		const { broadcastId, ids } = await sent();
		await told(...ids.map((callback, at) => ({ callback, pricing: [{ ...paid, note: 'x'.repeat(5000) }, { type: 7 }, {}][at] })));
		expect(await cost(broadcastId)).toMatchObject({ reported: 3, charged: 3 });
	});
});
