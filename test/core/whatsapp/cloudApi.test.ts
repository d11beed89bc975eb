import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type CloudApiSettings, createCloudApi } from '../../../core/whatsapp/cloudApi';
import { type Transport, TransportFault } from '../../../core/whatsapp/connection';
import { type E164, parsePhoneNumber } from '../../../core/whatsapp/phoneNumber';
import type { SendOutcome } from '../../../core/whatsapp/sendOutcome';
import { templateMessage } from '../../../core/whatsapp/templateMessage';
import { type SeenRequest, type ServerAnswer, answering } from './localServer';
import { gritting, grittingEntry, grittingValues } from './sampleTemplates';

const settings = { graphVersion: 'v25.0', accessToken: 'EAAtest', appSecret: 'sim_app_secret', phoneNumberId: '106540352242922', businessAccountId: '102290129340398' };
const message = templateMessage(parsePhoneNumber('07700 900123').number, gritting, grittingValues);
const accepted = { messaging_product: 'whatsapp', contacts: [{ input: '+447700900123', wa_id: '447700900123' }], messages: [{ id: 'wamid.HBgM', message_status: 'accepted' }] };

async function cloudApi(answer: (request: SeenRequest) => ServerAnswer | 'reset' | 'silence', more: Partial<CloudApiSettings> = {}) {
	const server = await answering(answer);
	return { ...server, api: createCloudApi({ graphUrl: server.origin, ...settings, ...more }) };
}

function over(request: Transport['request']) {
	return createCloudApi({ graphUrl: 'http://127.0.0.1:1', ...settings }, { request });
}

async function sent(answer: ServerAnswer | 'reset'): Promise<SendOutcome> {
	return await (await cloudApi(() => answer)).api.sendTemplate(message, { callbackData: 'delivery 7' });
}

function refusal(code: number, more: Record<string, unknown> = {}) {
	return { error: { message: `(#${code}) Some title`, type: 'OAuthException', code, fbtrace_id: 'A', ...more } };
}

describe('sending a template', () => {
	it('posts the message with its plus, its callback data, the token and its proof', async () => {
		const { api, seen } = await cloudApi(() => ({ body: accepted }));
		await api.sendTemplate(message, { callbackData: 'delivery 7' });
		expect(seen[0]?.url.pathname).toBe('/v25.0/106540352242922/messages');
		expect(seen[0]?.url.searchParams.get('appsecret_proof')).toBe(createHmac('sha256', 'sim_app_secret').update('EAAtest').digest('hex'));
		expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer EAAtest', 'content-type': 'application/json' });
		expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
			messaging_product: 'whatsapp',
			recipient_type: 'individual',
			to: '+447700900123',
			type: 'template',
			biz_opaque_callback_data: 'delivery 7',
			template: {
				name: 'gritting_notice',
				language: { code: 'en_GB' },
				components: [
					{ type: 'header', parameters: [{ type: 'text', parameter_name: 'town', text: 'Aldersea' }] },
					{ type: 'body', parameters: [{ type: 'text', parameter_name: 'route', text: 'Harbour Road' }, { type: 'text', parameter_name: 'time', text: '18:00' }] },
					{ type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'route-7' }] },
				],
			},
		});
	});

	it('carries no proof without an app secret', async () => {
		const { api, seen } = await cloudApi(() => ({ body: accepted }), { appSecret: '' });
		await api.sendTemplate(message, { callbackData: 'x' });
		expect(seen[0]?.url.search).toBe('');
	});

	it('is accepted when there is a message id, and tells what the clock of Meta showed', async () => {
		const outcome = await sent({ body: accepted, headers: { date: 'Fri, 20 Nov 2026 18:00:00 GMT' } });
		expect(outcome).toEqual({ outcome: 'accepted', messageId: 'wamid.HBgM', messageStatus: 'accepted', serverDate: Date.UTC(2026, 10, 20, 18) });
	});

	it('is not sent when Graph says why', async () => {
		const outcome = await sent({ status: 400, body: refusal(132018, { error_data: { details: 'Param text cannot have new-line/tab characters' } }) });
		expect(outcome).toMatchObject({ outcome: 'notSent', refusal: { code: 132018, title: '(#132018) Some title', details: 'Param text cannot have new-line/tab characters', action: 'fix-recipient' } });
		expect(await sent({ status: 401, body: refusal(190, { error_subcode: 463 }) })).toMatchObject({ outcome: 'notSent', refusal: { code: 190, subcode: 463, action: 'hold' } });
		expect(await sent({ status: 500, body: refusal(131000) })).toMatchObject({ outcome: 'notSent', refusal: { action: 'retry' } });
		expect(await sent({ status: 400, body: refusal(777_777) })).toMatchObject({ outcome: 'notSent', refusal: { action: 'fix-recipient' } });
	});

	it.each<[string, ServerAnswer]>([
		['a 200 without a message id', { body: { messaging_product: 'whatsapp' } }],
		['a 200 with an empty message id', { body: { messages: [{ id: '' }] } }],
		['a 200 with broken JSON', { body: '{"messages":[{"id":"wamid.' }],
		['an empty 200', { body: '' }],
		['a 502 page', { status: 502, body: '<html>Bad gateway</html>' }],
		['a 503 of somebody else', { status: 503, body: { message: 'busy' } }],
		['a 403 page of a filter', { status: 403, body: '<html>Blocked</html>' }],
		['a refusal without a code', { status: 403, body: { error: { message: 'blocked by filter' } } }],
		['a 500 with an unknown code', { status: 500, body: refusal(777_777) }],
		['a redirect', { status: 302, headers: { location: '/login' } }],
		['JSON that is no object', { body: '[1,2]' }],
		['a 500 with a message id beside the error', { status: 500, body: { ...accepted, ...refusal(131000) } }],
		['a 400 with a message id beside the error', { status: 400, body: { ...accepted, ...refusal(131009) } }],
		['a 200 with an error, as Graph never answers', { status: 200, body: refusal(1) }],
		['a redirect with an error', { status: 302, headers: { location: '/login' }, body: refusal(190) }],
	])('is uncertain after %s', async (_, answer) => {
		expect((await sent(answer)).outcome).toBe('uncertain');
	});

	it('is uncertain after a lost connection or a time limit, and asks once only', async () => {
		const lost = await cloudApi(() => 'reset');
		expect((await lost.api.sendTemplate(message, { callbackData: 'x' })).outcome).toBe('uncertain');
		expect(lost.seen).toHaveLength(1);
		const slow = await cloudApi(() => 'silence');
		expect(await slow.api.sendTemplate(message, { callbackData: 'x', timeoutMs: 100 })).toEqual({ outcome: 'uncertain', reason: 'No answer came in time; the message may have been sent.' });
	});

	it('is not sent, and may be tried again, when nothing left this machine', async () => {
		const api = over(async () => await Promise.reject(new TransportFault('unreachable', false)));
		expect(await api.sendTemplate(message, { callbackData: 'x' })).toMatchObject({ outcome: 'notSent', refusal: { action: 'retry', title: 'Not reached' } });
	});

	it.each([
		[{ 'retry-after': '120' }, 120_000],
		[{ 'retry-after': 'Fri, 20 Nov 2026 18:05:00 GMT', date: 'Fri, 20 Nov 2026 18:00:00 GMT' }, 300_000],
		[{ 'x-business-use-case-usage': '{"1022":[{"type":"messaging","estimated_time_to_regain_access":7},{"estimated_time_to_regain_access":3}]}' }, 420_000],
		[{ 'retry-after': '30', 'x-business-use-case-usage': '{"1022":[{"estimated_time_to_regain_access":1}]}' }, 60_000],
		[{ 'retry-after': '999999999' }, 86_400_000],
		[{ 'retry-after': 'soon', 'x-business-use-case-usage': 'nonsense' }, undefined],
		[{}, undefined],
	])('hands on how long Meta asks to wait: %j', async (headers, retryAfterMs) => {
		const outcome = await sent({ status: 400, headers, body: refusal(80007) });
		expect(outcome.outcome === 'notSent' && outcome.refusal.retryAfterMs).toBe(retryAfterMs);
	});

	it('never repeats a phone number or a token that Meta put into its answer', async () => {
		const body = refusal(190, {
			message: 'Malformed access token EAAtestEAAtestEAAtestEAAtestEAAtestEAAtest for +44 7700 900123',
			error_data: { details: 'Recipient 447700900123 is not\non the list' },
		});
		const outcome = await sent({ status: 401, body });
		const shown = JSON.stringify(outcome.outcome === 'notSent' && outcome.refusal);
		expect(shown).not.toMatch(/EAAtest|7700|900123/);
		expect(shown).toContain('Malformed access token … for …');
		expect(shown).toContain('Recipient … is not on the list');
	});

	it('refuses a number without plus and a reference that Meta would not echo, before anything is sent', async () => {
		const { api, seen } = await cloudApi(() => ({ body: accepted }));
		const to = '447700900123' as E164;
		await expect(api.sendTemplate({ ...message, to }, { callbackData: 'x' })).rejects.toMatchObject({ code: 'phone.invalid' });
		await expect(api.sendTemplate(message, { callbackData: 'x'.repeat(513) })).rejects.toMatchObject({ code: 'input.invalid' });
		expect(seen).toEqual([]);
	});

	it('ends in one of the three outcomes, whatever comes back', async () => {
		const pieces = fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"error":{}}', '{"error":null}', '{"messages":{}}', '{"messages":[null]}', '{"error":{"code":"190"}}', '\u0000'));
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 100, max: 599 }), pieces, async (status, text) => {
				const outcome = await over(async () => await Promise.resolve({ status, headers: { date: text }, text })).sendTemplate(message, { callbackData: 'x' });
				expect(['accepted', 'notSent', 'uncertain']).toContain(outcome.outcome);
				if (outcome.outcome === 'accepted') expect(text).toContain(outcome.messageId);
			}),
		);
	});
});

describe('the settings of a channel', () => {
	it.each<[Partial<CloudApiSettings>, string]>([
		[{ graphUrl: 'https://evil.example' }, 'channel.address'],
		[{ graphVersion: '25' }, 'input.invalid'],
		[{ graphVersion: 'v25.0/../x' }, 'input.invalid'],
		[{ accessToken: '' }, 'channel.access'],
		[{ accessToken: 'two\nlines' }, 'channel.access'],
		[{ phoneNumberId: '+441632960000' }, 'input.invalid'],
		[{ businessAccountId: '1/2' }, 'input.invalid'],
	])('%j are refused before a call', (wrong, code) => {
		expect(() => createCloudApi({ graphUrl: 'https://graph.facebook.com', ...settings, ...wrong })).toThrowError(expect.objectContaining({ code }));
	});
});

describe('the templates of an account', () => {
	function pages(request: SeenRequest): ServerAnswer {
		const after = Number(request.url.searchParams.get('after') ?? '0');
		const data = Array.from({ length: 3 }, (_, i) => ({ ...grittingEntry, name: `notice_${after + i}`, status: i === 2 ? 'PAUSED' : 'APPROVED' }));
		const more = after < 6 ? { next: 'https://evil.example/steal' } : {};
		return { body: { data, paging: { cursors: { before: 'x', after: String(after + 3) }, ...more } } };
	}
	async function names(list: AsyncIterable<{ name: string }>) {
		const found: string[] = [];
		for await (const { name } of list) found.push(name);
		return found;
	}

	it('are listed over all pages, on our own host only', async () => {
		const { api, seen } = await cloudApi(pages);
		expect(await names(api.listTemplates({ onlyApproved: false }))).toEqual(Array.from({ length: 9 }, (_, i) => `notice_${i}`));
		expect(seen.map(({ url }) => url.searchParams.get('after'))).toEqual([null, '3', '6']);
		expect(seen.every(({ url, headers }) => url.pathname === '/v25.0/102290129340398/message_templates' && headers.authorization === 'Bearer EAAtest')).toBe(true);
	});

	it('are only the approved ones when that is asked for, even if Meta ignores the filter', async () => {
		const { api, seen } = await cloudApi(pages);
		expect(await names(api.listTemplates({ onlyApproved: true }))).toEqual(['notice_0', 'notice_1', 'notice_3', 'notice_4', 'notice_6', 'notice_7']);
		expect(seen[0]?.url.searchParams.get('status')).toBe('APPROVED');
	});

	it('do not go round in circles', async () => {
		const { api, seen } = await cloudApi(() => ({ body: { data: [], paging: { cursors: { after: 'same' }, next: 'x' } } }));
		await expect(names(api.listTemplates({ onlyApproved: false }))).rejects.toMatchObject({ code: 'whatsapp.refused' });
		expect(seen).toHaveLength(2);
	});

	it('are found by exact name and language', async () => {
		const data = [{ ...grittingEntry, name: 'gritting_notice_old' }, { ...grittingEntry, language: 'en' }, grittingEntry];
		const { api, seen } = await cloudApi(() => ({ body: { data } }));
		expect((await api.getTemplate('gritting_notice', 'en_GB')).value).toEqual(gritting);
		expect(seen[0]?.url.searchParams.get('name')).toBe('gritting_notice');
		await expect(api.getTemplate('gritting_notice', 'en_US')).rejects.toMatchObject({ code: 'template.unknown' });
	});

	it('are not guessed at when the answer is unreadable', async () => {
		const odd = await cloudApi(() => ({ body: { data: [{ name: 'x' }] } }));
		await expect(names(odd.api.listTemplates({ onlyApproved: false }))).rejects.toMatchObject({ code: 'whatsapp.refused' });
		const none = await cloudApi(() => ({ body: {} }));
		await expect(names(none.api.listTemplates({ onlyApproved: false }))).rejects.toMatchObject({ code: 'whatsapp.refused' });
	});
});

describe('the account at Meta', () => {
	it('is read with its number and the time there', async () => {
		const { api } = await cloudApi(({ url }) => ({
			headers: { date: 'Fri, 20 Nov 2026 18:00:00 GMT' },
			body: url.pathname.endsWith('106540352242922')
				? { id: '106540352242922', display_phone_number: '+44 1632 960000', verified_name: 'Aldersea', status: 'CONNECTED', throughput: { level: 'STANDARD' } }
				: { id: '102290129340398', name: 'Aldersea', currency: 'GBP' },
		}));
		expect(await api.phoneNumber()).toMatchObject({ value: { displayNumber: '+44 1632 960000', status: 'CONNECTED', throughput: 'STANDARD' }, serverDate: Date.UTC(2026, 10, 20, 18) });
		expect(await api.businessAccount()).toMatchObject({ value: { name: 'Aldersea', hasPaymentMethod: false } });
	});

	it('is asked a second time when the connection breaks off', async () => {
		let calls = 0;
		const { api, seen } = await cloudApi(() => ((calls += 1) === 1 ? 'reset' : { body: { id: '1' } }));
		await api.phoneNumber();
		expect(seen).toHaveLength(2);
	});

	it.each<[string, ServerAnswer | 'reset', string]>([
		['a token that is not accepted', { status: 401, body: refusal(190) }, 'channel.access'],
		['a permission that is missing', { status: 403, body: refusal(200) }, 'channel.access'],
		['an id that Meta does not know', { status: 400, body: refusal(100, { error_subcode: 33 }) }, 'channel.access'],
		['an allowance that is used up', { status: 400, body: refusal(80007) }, 'whatsapp.refused'],
		['a page of a filter', { status: 200, body: '<html>' }, 'whatsapp.unreachable'],
		['a server that is down', { status: 503, body: 'busy' }, 'whatsapp.unreachable'],
		['a connection that keeps breaking', 'reset', 'whatsapp.unreachable'],
	])('says in words when the answer is %s', async (_, answer, code) => {
		const { api } = await cloudApi(() => answer);
		const refused = await api.phoneNumber().catch((reason: unknown) => reason);
		expect(refused).toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
		expect(String(refused)).not.toMatch(/EAAtest|undefined|\.\./);
	});
});
