import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { registerChannel } from '../../../core/channel/registerChannel';
import type { Desk } from '../../../core/desk/desk';
import { readEntries } from '../../../core/ledger/readEntries';
import { acts, editByHand, rows } from '../../council/tables';
import { officeFields, startOffice, type Office } from '../../council/office';
import { deskIn, deskRequest, signature, statusBody, textBody, webhook } from '../../council/officeSteps';

const secret = 'office-app-secret';

describe('the webhook address', () => {
	let office: Office;
	let desk: Desk;
	beforeEach(async () => {
		office = await startOffice();
		desk = deskIn(office);
	});
	afterEach(() => office.stop());

	const inbox = async () => (await rows(office.store, 'SELECT 1 FROM inbox_event')).length;
	const stop = (id?: string, phoneNumberId = office.settings.id) => textBody(phoneNumberId, '447700900000', 'STOP', id);
	const secondChannel = (changes: Record<string, unknown> = {}) =>
		parseChannelSettings(officeFields({ phoneNumberId: '106540352242999', channelName: 'Waste', appSecret: 'waste-secret', verifyToken: 'waste-verify', ...changes }));
	const strangerEntries = async () =>
		(await office.store.execute(readEntries, { act: null, resourceId: null, before: null, limit: 100, withDetails: false }))
			.filter(({ entry }) => /^(webhook|link|delivery)\./.test(entry.act))
			.map(({ entry }) => ({ act: entry.act, channel: entry.ch ?? null, times: entry.n?.times }));

	describe('asked by Meta whether it is meant', () => {
		const ask = (query: Record<string, string>) => desk.webhook(deskRequest({ query }));
		const right = { 'hub.mode': 'subscribe', 'hub.verify_token': 'office-verify-token', 'hub.challenge': '1158201444' };

		it('echoes the challenge as plain text for the right token', async () => {
			expect(await ask(right)).toMatchObject({ status: 200, body: '1158201444', headers: { 'content-type': expect.stringContaining('text/plain') as string } });
		});

		it.each([
			['a wrong token', { ...right, 'hub.verify_token': 'office-verify-toke' }],
			['an empty token', { ...right, 'hub.verify_token': '' }],
			['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
			['another mode', { ...right, 'hub.mode': 'unsubscribe' }],
			['markup for a challenge', { ...right, 'hub.challenge': '<script>alert(1)</script>' }],
		])('answers 403 to %s', async (_, query) => {
			const { status, body } = await ask(query);
			expect(status).toBe(403);
			expect(body).not.toContain('script');
		});
	});

	it('takes in what is rightly signed', async () => {
		expect(await webhook(desk, stop(), secret)).toMatchObject({ status: 200 });
		expect(await inbox()).toBe(1);
		expect(await acts(office.store)).toContain('consent.opt-out');
	});

	it('goes on for the other channels when the row of one was edited by hand', async () => {
		await office.store.execute(registerChannel, secondChannel());
		await editByHand(office.store, "UPDATE channel SET name = 'Another' WHERE id = '106540352242999'");
		expect(await webhook(desk, stop(), secret)).toMatchObject({ status: 200 });
		expect(await acts(office.store)).toContain('consent.opt-out');
		expect(await webhook(desk, stop('wamid.2', '106540352242999'), 'waste-secret')).toMatchObject({ status: 401 });
	});

	it('obeys a STOP that names the account but no number', async () => {
		const body = {
			object: 'whatsapp_business_account',
			entry: [
				{
					id: office.settings.businessAccountId,
					changes: [
						{
							field: 'user_preferences',
							value: { messaging_product: 'whatsapp', metadata: {}, user_preferences: [{ wa_id: '447700900000', category: 'marketing_messages', value: 'stop', timestamp: 1763799600 }] },
						},
					],
				},
			],
		};
		expect(await webhook(desk, body, secret)).toMatchObject({ status: 200 });
		expect(await acts(office.store)).toContain('consent.opt-out');
	});

	it('answers 401 to what is not, and looks at nothing in it', async () => {
		const rawBody = Buffer.from(JSON.stringify(stop()));
		const right = signature(rawBody, secret);
		const wrong = [undefined, '', 'sha256=', right.slice(0, -1), right.toUpperCase(), right.replace('sha256', 'sha1'), `${right}0`, ` ${right}`, signature(rawBody, 'another'), signature(rawBody, ''), signature(Buffer.concat([rawBody, Buffer.from(' ')]), secret)];
		for (const header of wrong) {
			expect(await desk.webhook(deskRequest({ method: 'POST', rawBody, headers: header === undefined ? {} : { 'x-hub-signature-256': header } }))).toMatchObject({ status: 401 });
		}
		expect(await inbox()).toBe(0);
	});

	it('is signed over the bytes as they came, not over what they mean', async () => {
		const text = JSON.stringify(stop()).replace('STOP', 'ST\\u004fP').replace('{', '{ ');
		expect(await webhook(desk, text, secret)).toMatchObject({ status: 200 });
		expect(await acts(office.store)).toContain('consent.opt-out');
	});

	it('counts wrong signatures and wrong links, and enters them once a minute a channel, never once a request', async () => {
		for (let i = 0; i < 300; i++) await webhook(desk, stop(), 'wrong');
		for (let i = 0; i < 40; i++) await webhook(desk, { object: 'nothing of ours' }, 'wrong');
		for (let i = 0; i < 7; i++) await desk.page(deskRequest({ token: 'A'.repeat(43) }));
		const before = (await acts(office.store)).length;
		await desk.tend();
		expect(await strangerEntries()).toEqual([]);
		office.clock.advance(60_000);
		await desk.tend();
		expect(await strangerEntries()).toEqual(
			expect.arrayContaining([
				{ act: 'webhook.wrong-signature', channel: office.settings.id, times: 300 },
				{ act: 'webhook.wrong-signature', channel: null, times: 40 },
				{ act: 'link.wrong', channel: null, times: 7 },
			]),
		);
		expect((await acts(office.store)).length - before).toBe(3);
		office.clock.advance(60_000);
		await desk.tend();
		expect(await strangerEntries()).toHaveLength(3);
	});

	it('enters what it has counted before it goes away', async () => {
		await webhook(desk, stop(), 'wrong');
		await desk.close();
		expect(await strangerEntries()).toEqual([{ act: 'webhook.wrong-signature', channel: office.settings.id, times: 1 }]);
	});

	it('takes both secrets while one is being replaced, and the old one no longer afterwards', async () => {
		await office.change({ appSecret: 'new-secret', previousAppSecret: secret });
		expect(await webhook(desk, stop('wamid.a'), secret)).toMatchObject({ status: 200 });
		expect(await webhook(desk, stop('wamid.b'), 'new-secret')).toMatchObject({ status: 200 });
		await office.change({ appSecret: 'new-secret', previousAppSecret: '' });
		expect(await webhook(desk, stop('wamid.c'), secret)).toMatchObject({ status: 401 });
		expect(await inbox()).toBe(2);
	});

	it('takes from the secret of one channel nothing about another', async () => {
		await office.store.execute(registerChannel, secondChannel());
		expect(await webhook(desk, stop('wamid.a'), 'waste-secret')).toMatchObject({ status: 200 });
		expect(await inbox()).toBe(0);
		expect(await acts(office.store)).not.toContain('consent.opt-out');
		const both = { object: 'whatsapp_business_account', entry: [...(stop('wamid.b') as { entry: object[] }).entry, ...(stop('wamid.c', '106540352242999') as { entry: object[] }).entry] };
		expect(await webhook(desk, both, 'waste-secret')).toMatchObject({ status: 200 });
		expect(await rows(office.store, 'SELECT channel_id FROM inbox_event')).toEqual([{ channel_id: '106540352242999' }]);
		await desk.close();
		expect(await strangerEntries()).toEqual([{ act: 'webhook.unknown-channel', channel: null, times: 2 }]);
	});

	it('serves two channels of one app with one secret', async () => {
		await office.store.execute(registerChannel, secondChannel({ appSecret: secret }));
		await webhook(desk, stop('wamid.a'), secret);
		await webhook(desk, stop('wamid.b', '106540352242999'), secret);
		expect(await inbox()).toBe(2);
	});

	it('counts a status of a message that we did not send as somebody using the number around us', async () => {
		await webhook(desk, statusBody(office.settings.id, [{ id: 'wamid.unknown', status: 'sent', at: office.clock.now() }]), secret);
		await desk.close();
		expect(await strangerEntries()).toEqual([{ act: 'delivery.unmatched', channel: office.settings.id, times: 1 }]);
	});

	it.each(['', 'not JSON', '[]', '"text"', 'null', '{"object":'])('answers 400 to a signed body that is no webhook: %s', async (body) => {
		expect(await webhook(desk, body, secret)).toMatchObject({ status: 400 });
	});

	it.each([
		['another product', { object: 'instagram', entry: [] }],
		['nothing in it', { object: 'whatsapp_business_account' }],
		['nonsense in it', { object: 'whatsapp_business_account', entry: [null, 1, { changes: 'x' }, { changes: [{ field: 'messages', value: { metadata: { phone_number_id: '1' }, statuses: [1, {}, null] } }] }] }],
		['an unknown status', statusBody('106540352242922', [{ status: 'evaporated', at: 1 }])],
	])('answers 200 to a signed webhook with %s, and keeps nothing of it', async (_, body) => {
		expect(await webhook(desk, body, secret)).toMatchObject({ status: 200 });
		expect(await inbox()).toBe(0);
	});

	it('still finds a STOP that stands next to nonsense', async () => {
		const whole = stop() as { entry: Array<{ changes: unknown[] }> };
		whole.entry[0]?.changes.unshift({ field: 'messages', value: { metadata: { phone_number_id: office.settings.id }, statuses: [{ id: 5 }] } }, null, 7);
		expect(await webhook(desk, whole, secret)).toMatchObject({ status: 200 });
		expect(await acts(office.store)).toContain('consent.opt-out');
	});

	it('refuses what is larger than any webhook of Meta', async () => {
		expect(await webhook(desk, 'x'.repeat(4 * 1024 * 1024 + 1), secret)).toMatchObject({ status: 413 });
	});

	it('stores a message that comes twice once', async () => {
		const body = stop('wamid.same');
		for (let i = 0; i < 3; i++) expect(await webhook(desk, body, secret)).toMatchObject({ status: 200 });
		expect(await inbox()).toBe(1);
	});

	it('does not say 200 when the store cannot take it: WhatsApp sends it again', async () => {
		const body = stop();
		await office.store.close();
		// What the desk throws, its host answers with 503.
		const statusOf = (answer: Promise<{ status: number }>) => answer.then(({ status }) => status, () => 503);
		expect(await statusOf(webhook(desk, body, secret))).toBe(503);
		expect(await statusOf(desk.page(deskRequest({ token: 'A'.repeat(43) })))).toBe(503);
	});

	it('answers 405 to other methods', async () => {
		for (const method of ['PUT', 'DELETE', 'HEAD', 'OPTIONS']) expect(await desk.webhook(deskRequest({ method }))).toMatchObject({ status: 405 });
	});
});
