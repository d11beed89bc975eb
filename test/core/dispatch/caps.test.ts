import { afterEach, describe, expect, it } from 'vitest';
import type { NewDraft } from '../../../core/message/createDraft';
import { claimIn, signedIn, startIn } from '../../council/officeSteps';
import { startOffice, type Office } from '../../council/office';
import { rows } from '../../council/tables';

const day = 24 * 3600_000;

describe('messages to one person a week', () => {
	let office: Office;
	afterEach(() => office.stop());

	const begin = async (channel: Record<string, unknown>) => {
		office = await startOffice({ residents: 3, channel });
	};
	const send = async (title: string, changes: Partial<NewDraft> = {}) => {
		const draft = await signedIn(office, { title, audience: { topic: 'Winter roads', areas: null }, ...changes });
		const run = await startIn(office, draft);
		return { draft, sent: (await claimIn(office, run)).deliveries.length };
	};

	it('are no more than the rules allow: whoever had as many is left out of the draft, and the approver is told', async () => {
		await begin({ messagesPerPersonPerWeek: 2 });
		expect((await send('One')).sent).toBe(3);
		expect((await send('Two', { audience: { topic: 'Winter roads', areas: ['Route 1'] } })).sent).toBe(1);
		const third = await send('Three');
		expect(third).toMatchObject({ sent: 2, draft: { content: { audience: { count: 2 } }, summary: { audience: { leftOut: { optedOut: 0, unreachable: 0, capped: 1 } } } } });
		await expect(office.draft({ title: 'Four', audience: { topic: 'Winter roads', areas: null } })).rejects.toMatchObject({ code: 'audience.empty', message: expect.stringContaining('3 had as many messages this week') as string });
		office.clock.advance(7 * day);
		await office.on();
		expect((await send('Five')).sent).toBe(3);
	});

	it('are counted again at the moment of sending, for drafts that were signed side by side', async () => {
		await begin({ messagesPerPersonPerWeek: 1 });
		const all = { audience: { topic: 'Winter roads', areas: null } };
		const drafts = [await signedIn(office, { title: 'One', ...all }), await signedIn(office, { title: 'Two', ...all })];
		const sent: number[] = [];
		for (const draft of drafts) sent.push((await claimIn(office, await startIn(office, draft))).deliveries.length);
		expect(sent).toEqual([3, 0]);
		expect(await rows(office.store, "SELECT DISTINCT reason FROM delivery WHERE state = 'not-sent'")).toEqual([{ reason: 'weekly-cap' }]);
	});

	it('do not hold up an emergency', async () => {
		await begin({ messagesPerPersonPerWeek: 1, emergencyTopics: 'Bins, winter ROADS' });
		for (const title of ['One', 'Two']) expect((await send(title)).sent).toBe(3);
	});

	it('are without a limit where the rules set none', async () => {
		await begin({});
		for (const title of ['One', 'Two', 'Three']) expect((await send(title)).sent).toBe(3);
	});
});

describe('what a service may spend in a month', () => {
	let office: Office;
	afterEach(() => office.stop());

	const costOf = async (title: string) => (await office.draft({ title })).summary.cost?.amount ?? 0;

	it('is refused with the figures when a draft would go beyond it, and free again next month', async () => {
		office = await startOffice({ residents: 6 });
		const each = await costOf('A look at the price');
		expect(each).toBeGreaterThan(0);
		await office.change({ spendPerServicePerMonth: each * 1.5 });
		await startIn(office, await signedIn(office, { title: 'One' }));
		await expect(office.draft({ title: 'Two' })).rejects.toMatchObject({ code: 'channel.rules', message: expect.stringMatching(/would cost about £.*Service "Highways" has spent about £.* of £.* this month/) as string });
		office.clock.advance(31 * day);
		await office.on();
		expect(await office.draft({ title: 'Three' })).toBeDefined();
	});

	it('holds for drafts that were signed side by side, and for one service at a time', async () => {
		office = await startOffice({ residents: 6 });
		const each = await costOf('A look at the price');
		await office.change({ spendPerServicePerMonth: each * 1.5, services: { service: [{ name: 'Highways' }, { name: 'Waste' }] } });
		const [one, two, waste] = [await signedIn(office, { title: 'One' }), await signedIn(office, { title: 'Two' }), await signedIn(office, { title: 'Three', service: 'Waste' })];
		await startIn(office, one);
		await startIn(office, one);
		await expect(startIn(office, two)).rejects.toMatchObject({ code: 'channel.rules' });
		await expect(startIn(office, waste)).resolves.toBeDefined();
	});

	it('cannot be kept where the price is not known', async () => {
		office = await startOffice({ channel: { spendPerServicePerMonth: 100 } });
		await expect(office.draft({ category: 'UNHEARD_OF' })).rejects.toMatchObject({ code: 'channel.rules', message: expect.stringContaining('not known') as string });
	});
});
