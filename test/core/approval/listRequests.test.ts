import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listRequests, type RequestFilter } from '../../../core/approval/listRequests';
import { editByHand } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

describe('the list of sign-off requests', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice({ channel: { services: { service: [{ name: 'Highways' }, { name: 'Waste' }] } } });
	});
	afterEach(() => office.stop());

	const list = (filter: Partial<RequestFilter> = {}) => office.store.execute(listRequests, { states: [], service: null, channelId: null, since: null, limit: 100, ...filter });

	it('tells what is pending and who is waited for, what was decided and why, newest first', async () => {
		const first = await office.draft({ title: 'Gritting tonight' });
		const { links } = await office.ask(first.id);
		await office.decide(links[0]?.token ?? '', first, { decision: 'reject', reason: 'Too mild.', acknowledgedPeople: null });
		office.clock.advance(1000);
		const second = await office.draft({ title: 'Bins on Monday', service: 'Waste' });
		await office.ask(second.id);
		const { requests, unreadable } = await list();
		expect(unreadable).toBe(0);
		expect(requests).toMatchObject([
			{ title: 'Bins on Monday', service: 'Waste', channel: 'Aldersea alerts', state: 'pending', signatures: 0, signaturesNeeded: 1, waitingFor: ['Morgan Ellis', 'Priya Raman'], requester: 'Sam Okafor', decidedAt: null },
			{ title: 'Gritting tonight', service: 'Highways', state: 'rejected', waitingFor: [], decisions: [{ by: 'Morgan Ellis', decision: 'reject', reason: 'Too mild.' }] },
		]);
		expect(JSON.stringify(requests)).not.toMatch(/7700|@/);
		expect((await list({ states: ['pending'] })).requests).toHaveLength(1);
		expect((await list({ service: 'Highways' })).requests).toMatchObject([{ title: 'Gritting tonight' }]);
		expect((await list({ since: office.clock.now() })).requests).toMatchObject([{ title: 'Bins on Monday' }]);
		expect((await list({ channelId: '1' })).requests).toEqual([]);
		expect((await list({ limit: 1 })).requests).toMatchObject([{ title: 'Bins on Monday' }]);
	});

	it('leaves out and counts a row that was edited by hand', async () => {
		const one = await office.ask((await office.draft({ title: 'One' })).id);
		await office.ask((await office.draft({ title: 'Two' })).id);
		await editByHand(office.store, "UPDATE approval_request SET state = 'approved' WHERE id = ?", one.requestId);
		expect(await list()).toMatchObject({ requests: [{ title: 'Two' }], unreadable: 1 });
	});

	it('calls a request over as soon as it is, also before the sweep has noted it', async () => {
		const { expiresAt } = await office.ask((await office.draft()).id);
		office.clock.set(expiresAt);
		expect((await list()).requests).toMatchObject([{ state: 'expired', waitingFor: [] }]);
	});
});
