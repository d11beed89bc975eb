import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { registerChannel } from '../../../core/channel/registerChannel';
import { Desk } from '../../../core/desk/desk';
import { officeFields, startOffice, type Office } from '../../council/office';
import { ruleLinks, type RuleLink } from '../../council/signRules';
import { rows } from '../../council/tables';

describe('the page about a change of rules', () => {
	let office: Office;
	let desk: Desk;
	let links: RuleLink[];
	const evil = '<script>alert(1)</script>';
	beforeEach(async () => {
		office = await startOffice();
		desk = new Desk(office.store, office.clock, () => Promise.resolve('taken'));
		const approvers = (officeFields().approvers as { approver: object[] }).approver;
		const robin = { name: `Robin ${evil}`, email: 'robin.vale@aldersea.example', phone: '+44 7700 900904' };
		await office.store.execute(registerChannel, parseChannelSettings(officeFields({ reach: 9000, approvers: { approver: [...approvers, robin] } })));
		links = await ruleLinks(office.store);
	});
	afterEach(() => office.stop());

	const ask = (method: string, form: Record<string, string> = {}) =>
		desk.page({ method, token: links[0]?.token ?? '', query: {}, header: () => undefined, rawBody: Buffer.alloc(0), form });
	const changed = async () => (await rows<{ state: string }>(office.store, 'SELECT state FROM rule_change'))[0]?.state;
	const digest = () => links[0]?.view.digest ?? '';

	it('shows each difference before and after, who could sign, and escapes what others wrote', async () => {
		const { status, body, headers } = await ask('GET');
		expect(status).toBe(200);
		expect(headers['content-security-policy']).toContain("default-src 'none'");
		for (const shown of ['Aldersea alerts', '5,000', '9,000', 'allows more', 'robin.vale@aldersea.example', '+447700900904', 'these 2 rules', digest()]) expect(body).toContain(shown);
		expect(body).not.toContain(evil);
	});

	it('decides nothing for whoever only reads it', async () => {
		for (const method of ['GET', 'HEAD', 'GET']) expect((await ask(method)).status).toBe(200);
		expect((await ask('PUT')).status).toBe(405);
		expect(await changed()).toBe('pending');
	});

	it('takes the tick and the button, once', async () => {
		expect(await ask('POST', { decision: 'approve', digest: digest() })).toMatchObject({ status: 422, body: expect.stringContaining('Tick that you understand what changes') as string });
		expect(await changed()).toBe('pending');
		expect((await ask('POST', { decision: 'approve', digest: digest(), understood: '2' })).status).toBe(303);
		expect(await changed()).toBe('applied');
		const again = await ask('POST', { decision: 'reject', digest: digest(), reason: 'No.' });
		expect(again).toMatchObject({ status: 409, body: expect.stringContaining('The new rules are in force') as string });
		expect(again.body).not.toContain('Approve the change');
	});

	it('takes a rejection with its reason, and shows it', async () => {
		expect((await ask('POST', { decision: 'reject', digest: digest(), reason: '' })).status).toBe(422);
		expect((await ask('POST', { decision: 'reject', digest: digest(), reason: 'Not before spring.' })).status).toBe(303);
		const { body } = await ask('GET');
		for (const shown of ['Rejected', 'The rules stay as they were.', 'Not before spring.', 'Morgan Ellis']) expect(body).toContain(shown);
		expect(await changed()).toBe('refused');
	});

	it('says that time is up, or that something else came first', async () => {
		await office.store.execute(registerChannel, parseChannelSettings(officeFields({ reach: 8000 })));
		expect((await ask('GET')).body).toContain('Overtaken by another change');
		expect(await ask('POST', { decision: 'approve', digest: digest(), understood: '2' })).toMatchObject({ status: 409 });
		links = await ruleLinks(office.store);
		office.clock.advance(73 * 3600_000);
		expect((await ask('GET')).body).toContain('Time is up');
	});
});
