import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isCivicError } from '../../../core/errors';
import { parseWebhook } from '../../../core/whatsapp/webhookEvents';

const metadata = { display_phone_number: '441632960000', phone_number_id: '106540352242922' };
const origin = { businessAccountId: '102290129340398', phoneNumberId: '106540352242922' };
const userId = 'GB.13491208655302741918';

function webhook(value: object, field = 'messages', entry: object = {}) {
	return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', ...entry, changes: [{ field, value }] }] };
}
function messages(message: object, contacts: object[] = [{ profile: { name: 'Jo', username: 'jo_b' }, wa_id: '447700900123', user_id: userId }]) {
	const sender = { from: '447700900123', from_user_id: userId, id: 'wamid.IN', timestamp: '1763799600' };
	return parseWebhook(webhook({ messaging_product: 'whatsapp', metadata, contacts, messages: [{ ...sender, ...message }] }));
}
function status(more: object) {
	return parseWebhook(webhook({ metadata, statuses: [{ id: 'wamid.OUT', status: 'delivered', timestamp: '1763799612', recipient_id: '447700900123', ...more }] }));
}

describe('a message from a resident', () => {
	it('is read with number, user id, name, time and text', () => {
		const [event] = messages({ type: 'text', text: { body: 'STOP' } });
		expect(event).toMatchObject({
			kind: 'message', ...origin, messageId: 'wamid.IN', from: '+447700900123', fromUserId: userId, at: 1763799600000, type: 'text', text: 'STOP', profileName: 'Jo',
		});
		expect(event).toHaveProperty('raw.text.body', 'STOP');
	});

	it('may be a tap on a quick reply', () => {
		expect(messages({ type: 'button', button: { payload: 'STOP|gritting', text: 'Stop these' }, context: { from: '441632960000', id: 'wamid.OUT' } })[0]).toMatchObject({
			type: 'button', buttonText: 'Stop these', buttonPayload: 'STOP|gritting', contextId: 'wamid.OUT',
		});
	});

	it.each([
		['button', { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } }],
		['row', { type: 'list_reply', list_reply: { id: 'yes', title: 'Yes', description: 'x' } }],
	])('may be the choice of a %s', (_, interactive) => {
		expect(messages({ type: 'interactive', interactive })[0]).toMatchObject({ reply: { id: 'yes', title: 'Yes' } });
	});

	it('may carry its text as a caption', () => {
		expect(messages({ type: 'image', image: { id: '1', caption: 'STOP' } })[0]).toMatchObject({ type: 'image', text: 'STOP' });
	});

	it('may come without a number, and is then known by user id', () => {
		const [event] = messages({ from: undefined, type: 'text', text: { body: 'STOP' } }, [{ profile: { name: 'Jo' }, user_id: userId }]);
		expect(event).toMatchObject({ from: undefined, fromUserId: userId, profileName: 'Jo', text: 'STOP' });
	});

	it('takes a missing number from the contact with the same user id, and never from another person', () => {
		const others = [{ wa_id: '447700900999', user_id: 'GB.2' }, { wa_id: '447700900123', user_id: userId }];
		expect(messages({ from: undefined, type: 'text' }, others)[0]).toMatchObject({ from: '+447700900123' });
		expect(messages({ from: undefined, from_user_id: 'GB.3', type: 'text' }, others)[0]).toMatchObject({ from: undefined, fromUserId: 'GB.3', profileName: undefined });
	});

	it('may say that a person has a new number', () => {
		const system = { body: 'Jo changed', type: 'user_changed_number', wa_id: '447700900124', user_id: 'GB.5', previous_user_id: userId };
		expect(messages({ from: undefined, from_user_id: undefined, type: 'system', system }, [])[0]).toMatchObject({
			type: 'system', change: { type: 'user_changed_number', phone: '+447700900124', userId: 'GB.5', previousUserId: userId },
		});
	});

	it('is found beside nonsense and without a time', () => {
		const value = { metadata, messages: [null, 7, { type: 'text' }, { id: 'wamid.IN', from: '447700900123', timestamp: 'soon', type: 'text', text: { body: 'STOP' } }], statuses: 'x' };
		const events = parseWebhook(webhook(value));
		expect(events.map(({ kind }) => kind)).toEqual(['other', 'message']);
		expect(events[1]).toMatchObject({ text: 'STOP', at: undefined });
	});
});

describe('a status of a message of ours', () => {
	it('is read with callback data and price', () => {
		const pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility', subtype: 'paid_exempt' };
		expect(status({ recipient_user_id: userId, biz_opaque_callback_data: 'delivery 7', pricing })[0]).toEqual({
			kind: 'status', ...origin, messageId: 'wamid.OUT', status: 'delivered', at: 1763799612000, callbackData: 'delivery 7', recipient: '+447700900123', recipientUserId: userId,
			errors: [], pricing: { asTold: JSON.stringify(pricing), billable: true, model: 'PMP', type: 'regular', category: 'utility', subtype: 'paid_exempt' },
		});
	});

	it('says why a message failed, without showing the number', () => {
		const errors = [{ code: 131026, title: 'Message undeliverable', message: 'Message undeliverable', error_data: { details: 'To 447700900123' }, href: '/x' }];
		expect(status({ status: 'failed', errors })[0]).toMatchObject({ status: 'failed', errors: [{ code: 131026, title: 'Message undeliverable', details: 'To …' }] });
	});

	it('comes out with others in the order of the webhook, over entries and changes', () => {
		const one = webhook({ metadata, statuses: [{ id: 'a', status: 'sent' }, { id: 'b', status: 'read' }] });
		const two = webhook({ metadata, statuses: [{ id: 'c', status: 'sent' }] });
		const both = { object: one.object, entry: [...one.entry, ...two.entry] };
		expect(parseWebhook(both).map((event) => event.kind === 'status' && event.messageId)).toEqual(['a', 'b', 'c']);
	});

	it('takes a thousand at once', () => {
		const statuses = Array.from({ length: 1000 }, (_, i) => ({ id: `wamid.${i}`, status: 'sent' }));
		expect(parseWebhook(webhook({ metadata, statuses }))).toHaveLength(1000);
	});

	it('belongs to nobody when the recipient is a group', () => {
		expect(status({ recipient_id: 'Y2FwaV9ncm91cA==', recipient_type: 'group' })[0]).toMatchObject({ recipient: undefined });
	});
});

describe('other news from Meta', () => {
	it("is a person's own stop or resume", () => {
		const preference = { wa_id: '447700900123', user_id: userId, category: 'marketing_messages', value: 'stop', detail: 'x', timestamp: 1763799600 };
		const events = parseWebhook(webhook({ metadata, user_preferences: [preference, { ...preference, value: 'resume' }, { ...preference, value: 'pause' }, { value: 'stop' }] }, 'user_preferences'));
		expect(events.map(({ kind }) => kind)).toEqual(['preference', 'preference', 'other', 'other']);
		expect(events[0]).toEqual({ kind: 'preference', ...origin, from: '+447700900123', fromUserId: userId, category: 'marketing_messages', value: 'stop', at: 1763799600000 });
	});

	it('is a template that was paused', () => {
		const value = { event: 'PAUSED', message_template_id: 564750795574598, message_template_name: 'gritting_notice', message_template_language: 'en-GB', reason: 'NONE', message_template_category: 'UTILITY' };
		expect(parseWebhook(webhook(value, 'message_template_status_update', { time: 1763799600 }))[0]).toMatchObject({
			kind: 'template', businessAccountId: '102290129340398', templateId: '564750795574598', name: 'gritting_notice', language: 'en_GB', event: 'PAUSED', category: { current: 'UTILITY' }, at: 1763799600000,
		});
	});

	it('is a template that moves to another category, or whose quality fell', () => {
		const template = { message_template_id: 1, message_template_name: 'x', message_template_language: 'en_GB' };
		expect(parseWebhook(webhook({ ...template, new_category: 'UTILITY', correct_category: 'MARKETING' }, 'template_category_update'))[0]).toMatchObject({
			kind: 'template', category: { current: 'UTILITY', announced: 'MARKETING' },
		});
		expect(parseWebhook(webhook({ ...template, previous_quality_score: 'GREEN', new_quality_score: 'RED' }, 'message_template_quality_update'))[0]).toMatchObject({
			quality: { previous: 'GREEN', current: 'RED' }, category: undefined,
		});
	});

	it('gives no template id that has lost its last digits', () => {
		const body: unknown = JSON.parse('{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"message_template_status_update","value":{"message_template_id":12345678901234567890,"event":"PAUSED"}}]}]}');
		expect(parseWebhook(body)[0]).toMatchObject({ kind: 'template', templateId: undefined });
	});

	it('is a restriction of the account, or a refusal that belongs to no message', () => {
		expect(parseWebhook(webhook({ event: 'ACCOUNT_RESTRICTION' }, 'account_update'))[0]).toMatchObject({ kind: 'account', field: 'account_update', event: 'ACCOUNT_RESTRICTION', errors: [] });
		expect(parseWebhook(webhook({ metadata, errors: [{ code: 130429, title: 'Rate limit hit' }] }))[0]).toMatchObject({ kind: 'account', field: 'messages', errors: [{ code: 130429 }] });
	});

	it('is of no concern when it is about another object', () => {
		expect(parseWebhook({ object: 'page', entry: [{ changes: [{ field: 'messages', value: {} }] }] })).toEqual([]);
	});
});

describe('hostile input', () => {
	it.each([undefined, null, 'text', 7, true, []])('that is no object is refused: %j', (body) => {
		expect(() => parseWebhook(body)).toThrowError(expect.objectContaining({ code: 'input.invalid' }));
	});

	it('of any shape gives events or a refusal, and every event its promised fields', () => {
		const name = fc.constantFrom('messages', 'statuses', 'contacts', 'errors', 'id', 'from', 'status', 'type', 'text', 'system', 'interactive', 'button', 'metadata', '__proto__', 'constructor', 'timestamp', 'user_preferences', 'value', 'wa_id');
		const anything = fc.letrec((tie) => ({
			node: fc.oneof({ depthSize: 'small' }, fc.constantFrom('stop', 'text', '447700900123', '1763799600', 'x'), fc.jsonValue({ maxDepth: 1 }), fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(name, tie('node'), { maxKeys: 6 })),
		})).node;
		const field = fc.constantFrom('messages', 'user_preferences', 'message_template_status_update', 'account_update', 'novelty');
		fc.assert(
			fc.property(anything, field, (value, changed) => {
				for (const body of [value, { object: 'whatsapp_business_account', entry: value }, { object: 'whatsapp_business_account', entry: [{ changes: [{ field: changed, value }] }] }]) {
					try {
						for (const event of parseWebhook(body)) {
							if (event.kind === 'message' || event.kind === 'status') expect(event.messageId).toMatch(/./s);
							if ('from' in event && event.from !== undefined) expect(event.from).toMatch(/^\+[1-9]\d{6,14}$/);
							if ('at' in event && event.at !== undefined) expect(Number.isSafeInteger(event.at)).toBe(true);
						}
					} catch (refusal) {
						if (!isCivicError(refusal)) throw refusal;
					}
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
