import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMetaReadings, mostTemplates } from '../../../../core/channel/check/metaReadings';
import { createGraphCaller } from '../../../../core/whatsapp/graphCall';
import type { Transport, TransportRequest } from '../../../../core/whatsapp/connection';
import { now } from './world';

const settings = { id: '106540352242922', businessAccountId: '102290129340398', accessToken: 'the-token-of-the-system-user' };
const appSecret = 'the-app-secret';

/** A Meta that answers by path, and everything it was asked. */
function listen(answers: Record<string, unknown>) {
	const asked: TransportRequest[] = [];
	const transport: Transport = {
		request: (request) => {
			asked.push(request);
			const { pathname, searchParams } = new URL(request.url);
			const path = pathname.replace(/^\/v26\.0\//, '');
			const found = answers[searchParams.has('fields') && searchParams.get('fields') === 'health_status' ? 'health' : path];
			const body = typeof found === 'function' ? (found as (search: URLSearchParams) => unknown)(searchParams) : found;
			return Promise.resolve({ status: body === undefined ? 400 : 200, headers: { date: new Date(now - 2000).toUTCString() }, text: JSON.stringify(body ?? { error: { code: 100, message: 'x' } }) });
		},
	};
	const caller = (accessToken: string) => createGraphCaller({ graphUrl: 'https://graph.facebook.com', graphVersion: 'v26.0', accessToken, appSecret }, transport);
	return { asked, meta: createMetaReadings({ graph: caller(settings.accessToken), appGraph: (appId) => caller(`${appId}|${appSecret}`), settings, clock: { now: () => now } }) };
}

const wellKnown = {
	'106540352242922': { id: '106540352242922', status: 'CONNECTED', throughput: { level: 'HIGH' }, whatsapp_business_manager_messaging_limit: 'TIER_2K' },
	health: { health_status: { can_send_message: 'BLOCKED', entities: [{ entity_type: 'WABA', errors: [{ error_code: 1, error_description: 'Overdue', possible_solution: 'Pay' }] }, { entity_type: 'APP' }] } },
	'102290129340398': { id: '102290129340398', currency: 'GBP', primary_funding_id: '5' },
	'102290129340398/phone_numbers': { data: [{ id: '106540352242922' }, { id: '7' }] },
	'102290129340398/subscribed_apps': { data: [{ whatsapp_business_api_data: { id: '900', name: 'Civic Comms' }, override_callback_uri: 'https://n8n.example/whatsapp' }] },
	debug_token: { data: { app_id: '900', is_valid: true, expires_at: 1_800_000_000, scopes: ['a'], granular_scopes: [{ scope: 'a', target_ids: ['1'] }, { scope: 'b' }] } },
	'900/subscriptions': { data: [{ object: 'whatsapp_business_account', callback_url: 'https://n8n.example/whatsapp', active: true, fields: [{ name: 'messages', version: 'v26.0' }] }] },
	'102290129340398/message_templates': { data: [] },
};

describe('what the checks read at Meta', () => {
	it('is read into plain facts', async () => {
		const { meta } = listen(wellKnown);
		expect(await meta.number()).toMatchObject({ status: 'CONNECTED', throughput: 'HIGH', messagingLimit: 'TIER_2K' });
		expect(await meta.clockAhead()).toBe(2000);
		expect(await meta.health()).toEqual({ canSend: 'BLOCKED', causes: [{ entity: 'WABA', description: 'Overdue', solution: 'Pay' }] });
		expect(await meta.account()).toMatchObject({ currency: 'GBP', hasPaymentMethod: true });
		expect(await meta.accountNumbers()).toEqual(['106540352242922', '7']);
		expect(await meta.subscribedApps()).toEqual([{ appId: '900', name: 'Civic Comms', overrideAddress: 'https://n8n.example/whatsapp' }]);
		expect(await meta.token()).toEqual({ appId: '900', isValid: true, expiresAt: 1_800_000_000_000, scopes: ['a'], targets: { a: ['1'] } });
		expect(await meta.appSubscriptions()).toEqual([{ object: 'whatsapp_business_account', callbackAddress: 'https://n8n.example/whatsapp', isActive: true, fields: ['messages'] }]);
	});

	it('carries the proof of the app secret in every call, made of the token that the call is made with', async () => {
		const { asked, meta } = listen(wellKnown);
		await Promise.all(Object.values(meta).map(async (read: () => Promise<unknown>) => await read()));
		expect(asked).toHaveLength(8);
		for (const { url, headers } of asked) {
			const token = headers.authorization?.replace('Bearer ', '') ?? '';
			expect(new URL(url).searchParams.get('appsecret_proof')).toBe(createHmac('sha256', appSecret).update(token).digest('hex'));
		}
		const asApp = asked.filter(({ headers }) => headers.authorization === `Bearer 900|${appSecret}`);
		expect(asApp.map(({ url }) => new URL(url).pathname)).toEqual(['/v26.0/900/subscriptions']);
	});

	it('is asked for once, however many checks want it, also when Meta refuses', async () => {
		const { asked, meta } = listen({});
		const refusals = await Promise.all([meta.number(), meta.number(), meta.clockAhead()].map((reading) => reading.catch((thrown: Error) => thrown.message)));
		expect(new Set(refusals).size).toBe(1);
		expect(asked).toHaveLength(1);
		await expect(meta.token()).rejects.not.toThrow(settings.accessToken);
	});

	it('is found by the subscribed app where Meta does not tell the app of the token', async () => {
		const { meta } = listen({ ...wellKnown, debug_token: { data: { is_valid: true } } });
		expect(await meta.appSubscriptions()).toHaveLength(1);
	});

	it('is never an endless list of templates', async () => {
		let page = 0;
		const entry = (at: number) => ({ id: String(at), name: `t_${at}`, language: 'en_GB', status: 'APPROVED', category: 'UTILITY' });
		const { asked, meta } = listen({
			'102290129340398/message_templates': () => {
				page++;
				return { data: Array.from({ length: 100 }, (_, i) => entry(page * 100 + i)), paging: { next: 'https://x', cursors: { after: String(page) } } };
			},
		});
		const { templates, more } = await meta.templates();
		expect([templates.length, more]).toEqual([mostTemplates, true]);
		expect(asked.length).toBeLessThanOrEqual(mostTemplates / 100 + 1);
	});
});
