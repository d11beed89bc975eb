import { CivicError } from '../errors';
import { type JsonObject, asObject, field, integerAt, momentAt, objectAt, objectsAt, textAt } from './jsonReading';
import type { AccountEvent, EventOrigin, OtherEvent, PreferenceEvent, TemplateEvent, WebhookEvent } from './webhookEvent';
import { readMessage } from './webhookMessage';
import { readErrors, readPerson, readStatus } from './webhookStatus';

export type * from './webhookEvent';

/**
 * The events in one webhook of Meta's, in its order; up to 1,000. Unknown fields are ignored, unknown kinds come out as
 * `account` or `other`, and what cannot be read never hides what stands beside it: a STOP next to nonsense is still found.
 * Verify the signature first.
 *
 * @throws CivicError `input.invalid` when the body is not a JSON object
 */
export function parseWebhook(body: unknown): WebhookEvent[] {
	const envelope = asObject(body);
	if (envelope === undefined) {
		throw new CivicError('input.invalid', 'The body of this webhook is not a JSON object.', 'Meta sends nothing of this kind. Look at who calls the address.');
	}
	if (field(envelope, 'object') !== 'whatsapp_business_account') return [];
	return objectsAt(envelope, 'entry').flatMap((entry) => objectsAt(entry, 'changes').flatMap((change) => readChange(entry, change)));
}

function readChange(entry: JsonObject, change: JsonObject): WebhookEvent[] {
	const name = textAt(change, 'field') ?? 'unnamed';
	const value = objectAt(change, 'value') ?? {};
	const origin: EventOrigin = {
		businessAccountId: textAt(entry, 'id'),
		phoneNumberId: textAt(objectAt(value, 'metadata'), 'phone_number_id'),
	};
	if (name === 'messages') return readMessages(origin, value);
	if (name === 'user_preferences') return readPreferences(origin, value);
	if (name.startsWith('message_template_') || name.startsWith('template_')) return [readTemplateChange(origin, name, value, momentAt(entry, 'time'))];
	return [accountEvent(origin, name, value, momentAt(entry, 'time'))];
}

function readMessages(origin: EventOrigin, value: JsonObject): WebhookEvent[] {
	const contacts = objectsAt(value, 'contacts');
	const events: WebhookEvent[] = [
		...objectsAt(value, 'messages').map((message) => readMessage(origin, message, contacts) ?? other(origin, 'messages', message)),
		...objectsAt(value, 'statuses').map((status) => readStatus(origin, status) ?? other(origin, 'messages', status)),
	];
	return readErrors(value).length === 0 ? events : [...events, accountEvent(origin, 'messages', value, undefined)];
}

function readPreferences(origin: EventOrigin, value: JsonObject): WebhookEvent[] {
	return objectsAt(value, 'user_preferences').map((preference): PreferenceEvent | OtherEvent => {
		const choice = textAt(preference, 'value');
		const { phone, userId } = readPerson(preference, 'wa_id', 'user_id');
		if ((choice !== 'stop' && choice !== 'resume') || (phone === undefined && userId === undefined)) return other(origin, 'user_preferences', preference);
		return {
			kind: 'preference',
			...origin,
			from: phone,
			fromUserId: userId,
			category: textAt(preference, 'category') ?? 'unnamed',
			value: choice,
			at: momentAt(preference, 'timestamp'),
		};
	});
}

function readTemplateChange(origin: EventOrigin, name: string, value: JsonObject, at: number | undefined): TemplateEvent {
	const id = textAt(value, 'message_template_id') ?? integerAt(value, 'message_template_id')?.toString();
	return {
		kind: 'template',
		...origin,
		field: name,
		templateId: id,
		name: textAt(value, 'message_template_name'),
		language: textAt(value, 'message_template_language')?.replaceAll('-', '_'),
		event: textAt(value, 'event'),
		reason: textAt(value, 'reason'),
		category: present({
			previous: textAt(value, 'previous_category'),
			current: textAt(value, 'new_category') ?? textAt(value, 'message_template_category'),
			announced: textAt(value, 'correct_category'),
		}),
		quality: present({ previous: textAt(value, 'previous_quality_score'), current: textAt(value, 'new_quality_score') }),
		at,
		raw: value,
	};
}

function present<T extends object>(fields: T): T | undefined {
	return Object.values(fields).some((entry) => entry !== undefined) ? fields : undefined;
}

function accountEvent(origin: EventOrigin, name: string, value: JsonObject, at: number | undefined): AccountEvent {
	return { kind: 'account', ...origin, field: name, event: textAt(value, 'event'), errors: readErrors(value), at, raw: value };
}

function other(origin: EventOrigin, name: string, raw: JsonObject): OtherEvent {
	return { kind: 'other', ...origin, field: name, raw };
}
