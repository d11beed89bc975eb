import { parseWebhook, type WebhookEvent } from '../../../core/whatsapp/webhookEvents';
import { testTime } from '../audience/temporaryStore';

export const channelId = '106540352242922';

interface Sent {
	/** Without a plus, as Meta writes it; null where the person hides the number. */
	phone?: string | null;
	userId?: string;
	id?: string;
	/** Milliseconds since the epoch. */
	at?: number;
	name?: string;
}

const seconds = (at: number) => Math.floor(at / 1000);

/** A message in the shape of Meta's webhook ("Messages webhook reference"), read by the parser that the desk uses. */
export function message(content: Record<string, unknown>, { phone = '447700900123', userId, id = 'wamid.1', at = testTime, name = 'Jo' }: Sent = {}): WebhookEvent[] {
	const ids = { ...(phone === null ? {} : { wa_id: phone }), ...(userId === undefined ? {} : { user_id: userId }) };
	const from = { ...(phone === null ? {} : { from: phone }), ...(userId === undefined ? {} : { from_user_id: userId }) };
	return envelope('messages', {
		contacts: [{ profile: { name }, ...ids }],
		messages: [{ ...from, id, timestamp: String(seconds(at)), ...content }],
	});
}

export function text(body: string, sent: Sent = {}): WebhookEvent[] {
	return message({ type: 'text', text: { body } }, sent);
}

export function preference(value: 'stop' | 'resume', { phone = '447700900123', userId, at = testTime }: Sent = {}): WebhookEvent[] {
	return envelope('user_preferences', {
		user_preferences: [{ wa_id: phone, user_id: userId, category: 'marketing_messages', value, timestamp: seconds(at) }],
	});
}

function envelope(field: string, value: Record<string, unknown>): WebhookEvent[] {
	return parseWebhook({
		object: 'whatsapp_business_account',
		entry: [{ id: '1', changes: [{ field, value: { messaging_product: 'whatsapp', metadata: { phone_number_id: channelId }, ...value } }] }],
	});
}
