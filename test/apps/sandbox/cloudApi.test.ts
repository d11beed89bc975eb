import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1 });
});
afterAll(() => sandbox.stop());

describe('access', () => {
	it('is checked before anything else, even for what does not exist', async () => {
		const { status, headers, body } = await graph(sandbox, 'POST', 'v25.0/123/messages', 'no json', { Authorization: 'Bearer wrong' });
		expect(status).toBe(401);
		expect(body.error).toMatchObject({ code: 190, type: 'OAuthException' });
		expect(body.error?.fbtrace_id).toMatch(/^A\S+$/);
		expect(headers.get('www-authenticate')).toContain('OAuth');
	});

	it('is refused without a token', async () => {
		const response = await fetch(`${sandbox.api}/${sandbox.phoneNumberId}`);
		expect([response.status, ((await response.json()) as { error: { code: number } }).error.code]).toEqual([401, 190]);
	});

	it('is also granted by access_token in the query', async () => {
		const response = await fetch(`${sandbox.api}/${sandbox.phoneNumberId}?access_token=${sandbox.token}`);
		expect(response.status).toBe(200);
	});

	it('never takes a token that looks like one of Meta’s, and never writes it down', async () => {
		const { status, body } = await graph(sandbox, 'GET', `${sandbox.phoneNumberId}?access_token=EAAGrealtoken`, undefined, { Authorization: 'Bearer EAAGrealtoken' });
		expect(status).toBe(401);
		expect(body.error?.message).toContain('simulator');
		expect(JSON.stringify(sandbox.journal.entries())).not.toContain('EAAGrealtoken');
	});

	it('checks an appsecret_proof where one is sent', async () => {
		const proof = createHmac('sha256', sandbox.appSecret).update(sandbox.token).digest('hex');
		expect((await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?appsecret_proof=${proof}`)).status).toBe(200);
		expect((await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?appsecret_proof=00`)).body.error?.code).toBe(100);
	});

	it('is not granted to a page that reaches the sandbox under a name of its own', async () => {
		const status = await new Promise((resolve) => {
			httpRequest(`${sandbox.api}/${sandbox.phoneNumberId}`, { headers: { Host: 'rebound.example', Authorization: `Bearer ${sandbox.token}` } }, (response) => resolve(response.resume().statusCode)).end();
		});
		expect(status).toBe(403);
	});
});

describe('addresses', () => {
	it.each(['v19.0/', 'v25.0/', 'v26.0/', ''])('answer under the prefix "%s"', async (prefix) => {
		expect((await graph(sandbox, 'GET', `${prefix}${sandbox.phoneNumberId}?fields=id`)).body).toEqual({ id: sandbox.phoneNumberId });
	});

	it.each([
		['POST', '111/messages'],
		['GET', '111'],
		['GET', ''],
		['POST', '990100000000001/nothing'],
		['POST', '990100000000001/messages/more'],
		['GET', '990200000000001/nothing'],
	])('that do not exist (%s %s) are answered with 100 and subcode 33', async (method, path) => {
		const { status, body } = await graph(sandbox, method, `v25.0/${path}`, method === 'POST' ? {} : undefined);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
	});

	it('of the admin plane, the phones and the feeds are not reachable through the API', async () => {
		for (const path of ['state', 'journal', 'wall', 'feeds/open-meteo/v1/forecast']) expect((await graph(sandbox, 'GET', path)).status).toBe(400);
		expect(new Set([sandbox.api, sandbox.admin, sandbox.phones]).size).toBe(3);
	});
});

describe('the phone number', () => {
	it('tells its default fields', async () => {
		const { body } = await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}`);
		expect(body).toMatchObject({ id: sandbox.phoneNumberId, display_phone_number: '+44 1632 960000', verified_name: 'Aldersea Borough Council', quality_rating: 'GREEN', status: 'CONNECTED', throughput: { level: 'STANDARD' } });
		expect(body).not.toHaveProperty('health_status');
	});

	it('tells only the fields asked for, and its id', async () => {
		const { body } = await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?fields=throughput{level},quality_rating`);
		expect(Object.keys(body).sort()).toEqual(['id', 'quality_rating', 'throughput']);
	});

	it('refuses a field that it does not have', async () => {
		const { body } = await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?fields=id,colour`);
		expect(body.error).toMatchObject({ code: 100, message: expect.stringContaining('nonexisting field (colour)') });
	});

	it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('has no field %s, although every object has', async (name) => {
		const { status, body } = await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?fields=${name}`);
		expect([status, body.error?.message]).toEqual([400, expect.stringContaining(`nonexisting field (${name})`)]);
	});

	it('tells its health, as the knob has it', async () => {
		sandbox.knobs.canSendMessage = 'BLOCKED';
		const { body } = await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?fields=health_status`);
		sandbox.knobs.canSendMessage = 'AVAILABLE';
		expect(body.health_status).toMatchObject({ can_send_message: 'BLOCKED', entities: expect.arrayContaining([expect.objectContaining({ entity_type: 'WABA', can_send_message: 'BLOCKED' })]) });
	});
});

describe('the business account', () => {
	it('tells its fields, its health and its numbers', async () => {
		const account = await graph(sandbox, 'GET', `v25.0/${sandbox.businessAccountId}?fields=id,name,currency,primary_funding_id,health_status`);
		expect(account.body).toMatchObject({ name: 'Aldersea Borough Council', currency: 'GBP', health_status: { can_send_message: 'AVAILABLE' } });
		const numbers = await graph(sandbox, 'GET', `v25.0/${sandbox.businessAccountId}/phone_numbers`);
		expect(numbers.body.data).toEqual([expect.objectContaining({ id: sandbox.phoneNumberId })]);
		expect(numbers.body.paging).not.toHaveProperty('next');
	});

	it('is subscribed and unsubscribed through subscribed_apps', async () => {
		const edge = `v25.0/${sandbox.businessAccountId}/subscribed_apps`;
		expect((await graph(sandbox, 'GET', edge)).body.data).toHaveLength(1);
		expect((await graph(sandbox, 'DELETE', edge)).body).toEqual({ success: true });
		expect((await graph(sandbox, 'GET', edge)).body.data).toHaveLength(0);
		expect((await graph(sandbox, 'POST', edge)).body).toEqual({ success: true });
		expect((await graph(sandbox, 'GET', edge)).body.data).toHaveLength(1);
	});

	it.each([
		['broken JSON', '{"override_callback_uri":', {}],
		['a misspelt name', '{"override_callback_url":"http://127.0.0.1:9/nobody"}', {}],
		['a misspelt name in a form', 'override_callback_url=x', { 'Content-Type': 'application/x-www-form-urlencoded' }],
	])('does not take %s for a plain subscription', async (_what, body, headers) => {
		const { status, body: answer } = await graph(sandbox, 'POST', `v25.0/${sandbox.businessAccountId}/subscribed_apps`, body, headers);
		expect([status, answer.error?.code]).toEqual([400, 100]);
	});

	it('reads the override address of a form and of the query as well', async () => {
		const edge = `v25.0/${sandbox.businessAccountId}/subscribed_apps`;
		const override = new URLSearchParams({ override_callback_uri: 'http://127.0.0.1:9/nobody', verify_token: 'x' }).toString();
		const answers = [await graph(sandbox, 'POST', `${edge}?${override}`), await graph(sandbox, 'POST', edge, override, { 'Content-Type': 'application/x-www-form-urlencoded' })];
		for (const { body } of answers) expect(body.error?.message).toContain('Callback verification failed');
	});

	it('refuses an override address that does not pass the handshake', async () => {
		const { status, body } = await graph(sandbox, 'POST', `v25.0/${sandbox.businessAccountId}/subscribed_apps`, { override_callback_uri: 'http://127.0.0.1:9/nobody', verify_token: 'x' });
		expect([status, body.error?.code]).toEqual([400, 100]);
	});
});

describe('debug_token', () => {
	it('tells scopes and expiry of the sandbox’s token', async () => {
		const { body } = await graph(sandbox, 'GET', `v25.0/debug_token?input_token=${sandbox.token}`);
		expect(body.data).toMatchObject({ is_valid: true, expires_at: 0, scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'], granular_scopes: [{ scope: 'whatsapp_business_messaging', target_ids: [sandbox.businessAccountId] }, {}] });
	});

	it('calls any other token invalid', async () => {
		expect((await graph(sandbox, 'GET', 'v25.0/debug_token?input_token=other')).body.data).toMatchObject({ is_valid: false });
		expect((await graph(sandbox, 'GET', 'v25.0/debug_token')).body.error?.code).toBe(100);
	});
});

describe('the Date header', () => {
	it('follows the skew that the admin plane sets', async () => {
		sandbox.clock.skewMs = 600_000;
		const { headers } = await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}`);
		sandbox.clock.skewMs = 0;
		const ahead = new Date(headers.get('date') ?? '').getTime() - Date.now();
		expect(ahead).toBeGreaterThan(590_000);
		expect(ahead).toBeLessThan(610_000);
	});
});

describe('hostile bodies', () => {
	it('are refused without harm', async () => {
		for (const body of ['', '{', '[]', 'null', '"text"', '{"messaging_product":"whatsapp","to":[]}', '\u0000', `{"messaging_product":"whatsapp","to":"+447700900123","text":${'['.repeat(5000)}${']'.repeat(5000)}}`]) {
			const { status, body: answer } = await graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, body);
			expect([status, answer.error?.code]).toEqual([400, 100]);
		}
	});

	it('of ten megabytes are refused', async () => {
		const { status, body } = await graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, 'x'.repeat(10_000_000));
		expect([status, body.error?.code]).toEqual([413, 100]);
	});
});
