import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, grittingNotice, send, type Reply } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

let sandbox: Sandbox;
let address = '';
const receiver = new WebhookReceiver('the-flow');
const other = new WebhookReceiver('the-flow');
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { sentLatencyMs: [0, 1], deliveredLatencyMs: [0, 1], readLatencyMs: [0, 1], pairLimit: 'off' } });
	address = await receiver.start();
});
beforeEach(() => {
	sandbox.reset();
	for (const each of [receiver, other]) each.received.length = each.handshakes.length = 0;
});
afterAll(async () => {
	await sandbox.stop();
	await receiver.stop();
	await other.stop();
});

const phone = '+447700900123';
const digits = phone.slice(1);

async function appToken(): Promise<string> {
	const response = await fetch(`${sandbox.api}/v19.0/oauth/access_token`, { method: 'POST', body: new URLSearchParams({ client_id: sandbox.appId, client_secret: sandbox.appSecret, grant_type: 'client_credentials' }) });
	return ((await response.json()) as { access_token: string }).access_token;
}

async function asApp(method: string, path: string, body?: unknown): Promise<Reply> {
	return graph(sandbox, method, path, body, { Authorization: `Bearer ${await appToken()}` });
}

describe('an app token', () => {
	it('is given for id and secret, by form, JSON or query, and needs no token itself', async () => {
		const query = new URLSearchParams({ client_id: sandbox.appId, client_secret: sandbox.appSecret, grant_type: 'client_credentials' });
		const answers = [
			await fetch(`${sandbox.api}/oauth/access_token?${query}`),
			await fetch(`${sandbox.api}/v19.0/oauth/access_token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(Object.fromEntries(query)) }),
		];
		for (const answer of answers) expect(await answer.json()).toEqual({ access_token: `${sandbox.appId}|${sandbox.appSecret}`, token_type: 'bearer' });
	});

	it('stays out of the journal, and so does the secret, however they were sent', async () => {
		const given = { client_id: sandbox.appId, client_secret: sandbox.appSecret, grant_type: 'client_credentials' };
		const form = new FormData();
		for (const [name, value] of Object.entries(given)) form.append(name, value);
		await fetch(`${sandbox.api}/oauth/access_token?${new URLSearchParams(given)}`);
		for (const body of [new URLSearchParams(given), form]) expect((await fetch(`${sandbox.api}/oauth/access_token`, { method: 'POST', body })).status).toBe(200);
		await graph(sandbox, 'POST', 'oauth/access_token', given);
		const kept = JSON.stringify(sandbox.journal.entries());
		expect(kept).toContain('oauth/access_token');
		expect(kept).not.toContain(sandbox.appSecret);
	});

	it.each([
		[{ client_id: undefined }, 101],
		[{ client_id: '1' }, 101],
		[{ client_secret: 'wrong' }, 1],
		[{ grant_type: 'password' }, 100],
	])('is not given for %j', async (changes, code) => {
		const given = { client_id: sandbox.appId, client_secret: sandbox.appSecret, grant_type: 'client_credentials', ...changes };
		const { status, body } = await graph(sandbox, 'POST', 'oauth/access_token', given, { Authorization: '' });
		expect([status, body.error?.code]).toEqual([400, code]);
		expect(JSON.stringify(body)).not.toContain(sandbox.appSecret);
	});

	it('is told apart by debug_token and me', async () => {
		expect((await asApp('GET', `debug_token?input_token=${sandbox.token}`)).body.data).toMatchObject({ type: 'SYSTEM_USER', is_valid: true });
		expect((await asApp('GET', `debug_token?input_token=${encodeURIComponent(await appToken())}`)).body.data).toMatchObject({ type: 'APP', app_id: sandbox.appId });
		expect((await asApp('GET', 'me')).body).toEqual({ id: sandbox.appId, name: 'Civic Comms' });
		expect((await graph(sandbox, 'GET', 'me')).body).toMatchObject({ name: expect.stringContaining('system user') });
	});
});

describe('an access token that expires', () => {
	it('tells when, and opens nothing from then on', async () => {
		const media = sandbox.media.add({ numberId: sandbox.phoneNumberId, mime: 'image/png', from: 'business' }, Buffer.from('x'));
		const { url } = (await graph(sandbox, 'GET', media.id)).body;
		const at = Math.floor(sandbox.clock.now() / 1000) + 60;
		sandbox.knobs.tokenExpiresAt = at;
		expect((await asApp('GET', `debug_token?input_token=${sandbox.token}`)).body.data).toMatchObject({ expires_at: at, is_valid: true });
		expect((await send(sandbox, grittingNotice(phone))).status).toBe(200);
		await sandbox.time.pass(61_000);
		const { status, body } = await send(sandbox, grittingNotice(phone));
		expect([status, body.error?.code, body.error?.error_subcode]).toEqual([401, 190, 463]);
		expect((await fetch(String(url), { headers: { Authorization: `Bearer ${sandbox.token}` } })).status).toBe(401);
		expect((await asApp('GET', `debug_token?input_token=${sandbox.token}`)).body.data).toMatchObject({ is_valid: false });
	});
});

describe('appsecret_proof', () => {
	const proof = (token: string): string => createHmac('sha256', sandbox.appSecret).update(token).digest('hex');

	it('is demanded on every call where the knob says so, and belongs to the token', async () => {
		sandbox.knobs.appSecretProof = 'required';
		expect((await graph(sandbox, 'GET', sandbox.phoneNumberId)).body.error).toMatchObject({ code: 100, message: expect.stringContaining('require an appsecret_proof') });
		expect((await graph(sandbox, 'GET', `${sandbox.phoneNumberId}?appsecret_proof=${proof(sandbox.token)}`)).status).toBe(200);
		expect((await asApp('GET', `${sandbox.appId}?appsecret_proof=${proof(sandbox.token)}`)).body.error?.message).toContain('Invalid appsecret_proof');
		expect((await asApp('GET', `${sandbox.appId}?appsecret_proof=${proof(await appToken())}`)).status).toBe(200);
	});

	it('is checked in the body as well, and is no part of the message', async () => {
		const message = { to: phone, ...grittingNotice(phone) };
		expect((await send(sandbox, { ...message, appsecret_proof: '00' })).body.error?.message).toContain('Invalid appsecret_proof');
		expect((await send(sandbox, { ...message, appsecret_proof: proof(sandbox.token) })).status).toBe(200);
	});
});

describe('subscriptions of an app', () => {
	const edge = (): string => `v19.0/${sandbox.appId}/subscriptions`;
	const subscription = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({ object: 'whatsapp_business_account', callback_url: address, verify_token: 'the-flow', fields: JSON.stringify(['messages']), include_values: true, ...changes });

	it('begin with the handshake, get their fields only, and end when they are deleted', async () => {
		expect((await asApp('POST', edge(), subscription())).body).toEqual({ success: true });
		expect(receiver.handshakes).toHaveLength(1);
		expect((await asApp('GET', edge())).body).toEqual({ data: [{ object: 'whatsapp_business_account', callback_url: address, active: true, fields: [{ name: 'messages', version: expect.stringMatching(/^v\d/) }] }] });
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		sandbox.webhooks.enqueue({ field: 'security', value: {} });
		await sandbox.idle();
		expect(receiver.received.flatMap(({ body }) => body.entry.flatMap(({ changes }) => changes.map(({ field }) => field)))).toEqual(['messages']);
		expect((await asApp('DELETE', edge(), { object: 'whatsapp_business_account' })).body).toEqual({ success: true });
		expect((await asApp('GET', edge())).body).toEqual({ data: [] });
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello again' });
		await sandbox.idle();
		expect(receiver.received).toHaveLength(1);
	});

	it('lose single fields without another handshake', async () => {
		await asApp('POST', edge(), subscription({ fields: 'messages,security' }));
		expect((await asApp('DELETE', edge(), { fields: ['security'] })).status).toBe(200);
		expect((await asApp('GET', edge())).body.data).toMatchObject([{ fields: [{ name: 'messages' }] }]);
		expect(receiver.handshakes).toHaveLength(1);
	});

	it.each([
		['the token of a person', undefined, 15],
		['no object', { object: undefined }, 100],
		['another object', { object: 'page' }, 100],
		['no address', { callback_url: undefined }, 100],
		['an unknown field', { fields: ['messages', 'weather'] }, 100],
		['fields that are no list', { fields: 7 }, 100],
		['an address elsewhere', { callback_url: 'https://council.example/' }, 2200],
		['an address that nobody answers', { callback_url: 'http://127.0.0.1:9/' }, 2200],
		['a verify token that does not fit', { verify_token: 'other' }, 2200],
		['a misspelt name', { callback_uri: 'x' }, 100],
	])('are refused with %s', async (_what, changes, code) => {
		const { status, body } = changes ? await asApp('POST', edge(), subscription(changes)) : await graph(sandbox, 'POST', edge(), subscription());
		expect([status, body.error?.code]).toEqual([400, code]);
	});

	it('stand aside for an address of the account or of the number, as webhook_configuration tells', async () => {
		const closer = await other.start();
		await asApp('POST', edge(), subscription());
		await graph(sandbox, 'POST', sandbox.phoneNumberId, { webhook_configuration: { override_callback_uri: closer, verify_token: 'the-flow' } });
		expect((await graph(sandbox, 'GET', `${sandbox.phoneNumberId}?fields=webhook_configuration`)).body.webhook_configuration).toEqual({ application: address, phone_number: closer });
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		await sandbox.idle();
		expect([receiver.received.length, other.received.length]).toEqual([0, 1]);
		await graph(sandbox, 'POST', sandbox.phoneNumberId, { webhook_configuration: { override_callback_uri: '' } });
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		await sandbox.idle();
		expect([receiver.received.length, other.received.length]).toEqual([1, 1]);
		await asApp('DELETE', edge());
	});
});

describe('registration', () => {
	const register = (body: Record<string, unknown>): Promise<Reply> => graph(sandbox, 'POST', `${sandbox.phoneNumberId}/register`, { messaging_product: 'whatsapp', ...body });

	it('takes the number off and on again, with the PIN it was given first', async () => {
		expect((await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/deregister`)).body).toEqual({ success: true });
		expect((await send(sandbox, grittingNotice(phone))).body.error?.code).toBe(133010);
		expect((await graph(sandbox, 'GET', sandbox.phoneNumberId)).body.status).toBe('DISCONNECTED');
		expect((await register({ pin: '123456', data_localization_region: 'GB' })).body).toEqual({ success: true });
		expect((await send(sandbox, grittingNotice(phone))).status).toBe(200);
		expect((await register({ pin: '654321' })).body.error?.code).toBe(133005);
		await graph(sandbox, 'POST', sandbox.phoneNumberId, { pin: '654321' });
		expect((await register({ pin: '654321' })).status).toBe(200);
	});

	it('is tried ten times in 72 hours', async () => {
		for (let nth = 0; nth < 10; nth++) expect((await register({ pin: '123456' })).status).toBe(200);
		expect((await register({ pin: '123456' })).body.error?.code).toBe(133016);
		await sandbox.time.pass(72 * 3_600_000);
		expect((await register({ pin: '123456' })).status).toBe(200);
	});

	it.each([{}, { pin: '12' }, { pin: '123456', data_localization_region: 'XX' }, { pin: '123456', colour: 'red' }])('is refused with %j', async (body) => {
		expect((await register(body)).status).toBe(400);
	});
});

describe('the profile of the business', () => {
	const edge = (): string => `${sandbox.phoneNumberId}/whatsapp_business_profile`;

	it('tells the fields asked for, and is changed', async () => {
		expect((await graph(sandbox, 'POST', edge(), { messaging_product: 'whatsapp', about: 'Your council', websites: ['https://aldersea.example/'], vertical: 'GOVT' })).body).toEqual({ success: true });
		expect((await graph(sandbox, 'GET', `${edge()}?fields=about,websites,vertical`)).body).toEqual({ data: [{ about: 'Your council', websites: ['https://aldersea.example/'], vertical: 'GOVT', messaging_product: 'whatsapp' }] });
		expect((await graph(sandbox, 'GET', edge())).body).toEqual({ data: [{ messaging_product: 'whatsapp' }] });
	});

	it.each([{ about: 'x'.repeat(140) }, { description: 'x'.repeat(513) }, { address: 'x'.repeat(257) }, { email: 'none' }, { websites: ['a', 'b'] }, { websites: ['https://a.example', 'https://b.example', 'https://c.example'] }, { vertical: 'COUNCIL' }, { motto: 'x' }])('refuses %j', async (change) => {
		expect((await graph(sandbox, 'POST', edge(), { messaging_product: 'whatsapp', ...change })).body.error?.code).toBe(100);
	});
});

describe('settings', () => {
	it('show no secrets, and let webhooks name the key of a person’s identity', async () => {
		await sandbox.target.accept(address, { verifyToken: 'the-flow' });
		const edge = `${sandbox.phoneNumberId}/settings`;
		expect((await graph(sandbox, 'POST', edge, { user_identity_change: { enable_identity_key_check: true } })).body).toEqual({ success: true });
		expect((await graph(sandbox, 'GET', edge)).body).toMatchObject({ user_identity_change: { enable_identity_key_check: true }, storage_configuration: {} });
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		await sandbox.idle();
		expect(receiver.changes()[0]?.value.contacts).toMatchObject([{ identity_key_hash: sandbox.residents.at(digits).identityKeyHash }]);
		sandbox.target.forget();
	});
});

describe('blocked users', () => {
	const edge = (): string => `${sandbox.phoneNumberId}/block_users`;
	const users = (...numbers: string[]): Record<string, unknown> => ({ messaging_product: 'whatsapp', block_users: numbers.map((user) => ({ user })) });

	it('get nothing more and reach nobody, until they are unblocked', async () => {
		await sandbox.target.accept(address, { verifyToken: 'the-flow' });
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		expect((await graph(sandbox, 'POST', edge(), users(phone))).body).toEqual({ messaging_product: 'whatsapp', block_users: { added_users: [{ input: phone, wa_id: digits }] } });
		expect((await graph(sandbox, 'GET', edge())).body.data).toEqual([{ messaging_product: 'whatsapp', wa_id: digits, user_id: sandbox.residents.at(digits).userId }]);
		expect((await send(sandbox, grittingNotice(phone))).body.error?.code).toBe(130403);
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Anybody there?' });
		await sandbox.idle();
		expect(receiver.messages()).toHaveLength(1);
		expect((await graph(sandbox, 'DELETE', edge(), users(phone))).body).toEqual({ messaging_product: 'whatsapp', block_users: { removed_users: [{ input: phone, wa_id: digits }] } });
		expect((await send(sandbox, grittingNotice(phone))).status).toBe(200);
		sandbox.target.forget();
	});

	it('must have written in the last 24 hours: the others fail, beside those that do not', async () => {
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		const { status, body } = await graph(sandbox, 'POST', edge(), users(phone, '+447700900124', 'nobody'));
		expect(status).toBe(400);
		expect(body).toMatchObject({ block_users: { added_users: [{ input: phone }], failed_users: [{ input: '+447700900124', wa_id: '447700900124', errors: [{ code: 139100 }] }, { input: 'nobody' }] }, error: { code: 139100 } });
	});

	it.each([{}, { block_users: 'x' }, { block_users: [] }, { block_users: [{}] }, { block_users: Array.from({ length: 1001 }, () => ({ user: phone })) }])('are refused as %j', async (body) => {
		expect((await graph(sandbox, 'POST', edge(), { messaging_product: 'whatsapp', ...body })).status).toBe(400);
	});
});

describe('other edges', () => {
	it('the contact book is emptied', async () => {
		expect((await graph(sandbox, 'DELETE', `${sandbox.phoneNumberId}/contact_book`)).body).toEqual({ success: true });
	});

	it('every field of a phone number can be asked for', async () => {
		const fields = 'id,display_phone_number,verified_name,quality_rating,code_verification_status,name_status,platform_type,host_platform,throughput,status,webhook_configuration,account_mode,whatsapp_business_manager_messaging_limit,messaging_limit_tier,is_official_business_account,country_code,country_dial_code,unified_cert_status,is_pin_enabled,health_status';
		const { body } = await graph(sandbox, 'GET', `${sandbox.phoneNumberId}?fields=${fields}`);
		expect(Object.keys(body).sort()).toEqual(fields.split(',').sort());
	});

	it('a subscription of the account without an address takes the account’s own away', async () => {
		const edge = `${sandbox.businessAccountId}/subscribed_apps`;
		await graph(sandbox, 'POST', edge, { override_callback_uri: address, verify_token: 'the-flow' });
		expect((await graph(sandbox, 'GET', edge)).body.data).toMatchObject([{ whatsapp_business_api_data: { id: sandbox.appId }, override_callback_uri: address }]);
		await graph(sandbox, 'POST', edge);
		expect((await graph(sandbox, 'GET', edge)).body.data?.[0]).not.toHaveProperty('override_callback_uri');
	});

	it('under the name graph.facebook.com, and through a proxy that names it, everything is the same', async () => {
		const ask = (path: string, headers: Record<string, string>): Promise<{ status: number | undefined; body: string }> =>
			new Promise((resolve, reject) => {
				const { port } = new URL(sandbox.api);
				request({ host: '127.0.0.1', port, path, headers: { Authorization: `Bearer ${sandbox.token}`, ...headers } }, (response) => {
					let body = '';
					response.on('data', (chunk: Buffer) => (body += chunk.toString()));
					response.on('end', () => resolve({ status: response.statusCode, body }));
				})
					.on('error', reject)
					.end();
			});
		const named = await ask(`/v26.0/${sandbox.phoneNumberId}?fields=id`, { Host: 'graph.facebook.com' });
		const proxied = await ask(`http://graph.facebook.com/v26.0/${sandbox.phoneNumberId}?fields=id`, { Host: 'graph.facebook.com' });
		for (const answer of [named, proxied]) expect(answer).toEqual({ status: 200, body: `{"id":"${sandbox.phoneNumberId}"}` });
		const templates = JSON.parse((await ask(`/${sandbox.businessAccountId}/message_templates?limit=1`, { Host: 'graph.facebook.com' })).body) as { paging: { next: string } };
		expect(templates.paging.next).toMatch(/^https:\/\/graph\.facebook\.com\//);
	});
});
