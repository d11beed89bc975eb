import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph, send } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

const phone = '+447700900123';
let sandbox: Sandbox;
let receiver: WebhookReceiver;
beforeEach(async () => {
	receiver = new WebhookReceiver();
	sandbox = await startSandbox({ seed: 4, clockRate: 0 });
	await sandbox.target.accept(await receiver.start());
});
afterEach(async () => {
	await sandbox.stop();
	await receiver.stop();
});

async function change(body: Record<string, unknown>): Promise<Array<[string, unknown]>> {
	receiver.received.length = 0;
	expect((await admin(sandbox, 'POST', 'account', body)).status).toBe(200);
	await sandbox.webhooks.settled();
	return receiver.received.flatMap(({ body: { entry } }) => entry.flatMap(({ time, changes }) => {
		expect(time).toEqual(expect.any(Number));
		return changes.map(({ field, value }): [string, unknown] => [field, value]);
	}));
}

async function numberField(field: string): Promise<unknown> {
	return (await graph(sandbox, 'GET', `v25.0/${sandbox.phoneNumberId}?fields=${field}`)).body[field];
}

describe('what Meta does with the account', () => {
	it.each([
		[{ quality: 'RED' }, 'phone_number_quality_update', { display_phone_number: '441632960000', event: 'FLAGGED', max_daily_conversations_per_business: 'TIER_100K' }],
		[{ violation: 'SPAM' }, 'account_update', { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'SPAM' } }],
		[{ ban: 'DISABLE' }, 'account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE', waba_ban_date: expect.stringMatching(/^[A-Z][a-z]+ \d{1,2}, \d{4}$/) } }],
		[{ alert: { type: 'OBA_APPROVED', severity: 'INFORMATIONAL' } }, 'account_alerts', { entity_type: 'BUSINESS', entity_id: '990400000000001', alert_info: { alert_severity: 'INFORMATIONAL', alert_status: 'ACTIVE', alert_type: 'OBA_APPROVED', alert_description: '' } }],
		[{ security: 'PIN_CHANGED' }, 'security', { display_phone_number: '441632960000', event: 'PIN_CHANGED', requester: expect.any(String) }],
		[{ name: { decision: 'REJECTED', requested: 'Aldersea!', reason: 'NAME_NOT_CONSISTENT' } }, 'phone_number_name_update', { display_phone_number: '441632960000', decision: 'REJECTED', requested_verified_name: 'Aldersea!', rejection_reason: 'NAME_NOT_CONSISTENT' }],
		[{ review: 'APPROVED' }, 'account_review_update', { decision: 'APPROVED' }],
		[{ throughput: 'HIGH' }, 'phone_number_quality_update', { display_phone_number: '441632960000', event: 'THROUGHPUT_UPGRADE', max_daily_conversations_per_business: 'TIER_100K' }],
		[{ raw: { field: 'flows', value: { event: 'FLOW_STATUS_CHANGE' } } }, 'flows', { event: 'FLOW_STATUS_CHANGE' }],
	])('%j comes as %s', async (body, field, value) => {
		expect(await change(body)).toEqual([[field, value]]);
	});

	it('shows in what the API answers', async () => {
		await change({ quality: 'YELLOW', throughput: 'HIGH' });
		expect(await Promise.all(['quality_rating', 'throughput'].map(numberField))).toEqual(['YELLOW', { level: 'HIGH' }]);
		expect(await change({ messagingLimit: 'TIER_2K' })).toMatchObject([['business_capability_update', { max_daily_conversations_per_business: 'TIER_2K' }], ['phone_number_quality_update', { event: 'DOWNGRADE' }]]);
		expect(await numberField('whatsapp_business_manager_messaging_limit')).toBe('TIER_2K');
	});

	it('restricts for a time, which ends by the clock', async () => {
		const [[field, value] = []] = await change({ restriction: { types: ['RESTRICTED_UTILITY_TEMPLATES'], hours: 72 } });
		expect([field, value]).toEqual(['account_update', { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: 'RESTRICTED_UTILITY_TEMPLATES', expiration: Math.floor(sandbox.clock.now() / 1000) + 72 * 3600 }] }]);
		expect(await numberField('health_status')).toMatchObject({ can_send_message: 'LIMITED' });
		await admin(sandbox, 'POST', 'clock', { advanceMs: 73 * 3_600_000 });
		expect(await numberField('health_status')).toMatchObject({ can_send_message: 'AVAILABLE' });
	});
});

describe('what residents do', () => {
	async function inbound(act: Record<string, unknown>): Promise<Record<string, unknown>> {
		receiver.received.length = 0;
		const { status, body } = await admin(sandbox, 'POST', 'inbound', { from: phone, ...act });
		expect([status, body.message]).toEqual([200, undefined]);
		await sandbox.webhooks.settled();
		return receiver.messages()[0] ?? {};
	}

	it.each([
		[{ list: { id: 'bins', title: 'Bins', description: 'Missed or late', message: 'wamid.X' } }, { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'bins', title: 'Bins', description: 'Missed or late' } }, context: { from: '441632960000', id: 'wamid.X' } }],
		[{ location: { latitude: 53.2, longitude: -1.5, name: 'Civic Centre' } }, { type: 'location', location: { latitude: 53.2, longitude: -1.5, name: 'Civic Centre' } }],
		[{ contacts: [{ name: 'Jo Marsh', phone: '+44 7700 900124' }] }, { type: 'contacts', contacts: [{ name: { formatted_name: 'Jo Marsh' }, phones: [{ phone: '+44 7700 900124', wa_id: '447700900124' }] }] }],
		[{ reaction: { message: 'wamid.X', emoji: '👍' } }, { type: 'reaction', reaction: { message_id: 'wamid.X', emoji: '👍' } }],
		[{ unsupported: { type: 'poll' } }, { type: 'unsupported', errors: [{ code: 131051 }], unsupported: { type: 'poll' } }],
		[{ text: 'see this', forwarded: 'often' }, { type: 'text', context: { frequently_forwarded: true } }],
		[{ text: 'that one', answers: 'wamid.X' }, { type: 'text', context: { from: '441632960000', id: 'wamid.X' } }],
	])('%j arrives', async (act, message) => {
		expect(await inbound(act)).toMatchObject({ from: '447700900123', from_user_id: expect.stringMatching(/^GB\./), timestamp: expect.stringMatching(/^\d+$/), ...message });
	});

	it('a removed reaction has no emoji, and none opens the window', async () => {
		expect((await inbound({ reaction: { message: 'wamid.X' } })).reaction).toEqual({ message_id: 'wamid.X' });
		expect(sandbox.residents.at('447700900123').windowOpen(sandbox.phoneNumberId, sandbox.clock.now())).toBe(false);
		sandbox.knobs.reactionOpensWindow = true;
		await inbound({ reaction: { message: 'wamid.X', emoji: '👍' } });
		expect(sandbox.residents.at('447700900123').windowOpen(sandbox.phoneNumberId, sandbox.clock.now())).toBe(true);
	});

	it('a medium can be downloaded by the council', async () => {
		const bytes = Buffer.from('a picture');
		const { type, image } = await inbound({ media: { kind: 'image', mime: 'image/png', base64: bytes.toString('base64'), caption: 'The pothole' } });
		expect([type, image]).toMatchObject(['image', { mime_type: 'image/png', caption: 'The pothole', sha256: expect.any(String) }]);
		const { body } = await graph(sandbox, 'GET', `v25.0/${(image as { id: string }).id}`);
		const download = await fetch(String(body.url), { headers: { Authorization: `Bearer ${sandbox.token}` } });
		expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes);
	});

	it('goes on through the phones: stopping marketing, another number, being offline', async () => {
		const use = async (act: Record<string, unknown>): Promise<void> => expect((await admin(sandbox, 'POST', 'phones/+447700900123', act)).status).toBe(200);
		await use({});
		await use({ act: 'stopMarketing', on: true });
		await sandbox.webhooks.settled();
		expect(receiver.changes('user_preferences')[0]?.value.user_preferences).toEqual([{ wa_id: '447700900123', user_id: expect.any(String), category: 'marketing_messages', value: 'stop', detail: expect.any(String), timestamp: expect.any(Number) }]);
		await send(sandbox, { to: phone, type: 'template', template: { name: 'leisure_class_offer', language: { code: 'en_GB' }, components: [{ type: 'body', parameters: [{ type: 'text', parameter_name: 'place', text: 'the Lido' }] }] } });
		await admin(sandbox, 'POST', 'clock', { advanceMs: 5000 });
		expect(receiver.statuses().map(({ errors }) => errors?.[0]?.code)).toEqual([131050]);
		await use({ act: 'changeNumber', to: '+447700900999' });
		await sandbox.webhooks.settled();
		expect(receiver.messages().at(-1)).toMatchObject({ type: 'system', system: { type: 'user_changed_number', wa_id: '447700900999', previous_user_id: expect.stringMatching(/^GB\./) } });
		expect((await admin(sandbox, 'POST', 'phones/nobody', {})).status).toBe(400);
		expect((await admin(sandbox, 'POST', 'phones/+447700900555', { act: 'dance' })).status).toBe(400);
	});
});
