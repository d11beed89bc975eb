import { type JsonObject, momentAt, objectAt, textAt } from './jsonReading';
import type { EventOrigin, MessageEvent } from './webhookEvent';
import { readPerson } from './webhookStatus';

/** Reads one of `messages[]` (Meta: "Messages webhook reference"); undefined without an id. */
export function readMessage(origin: EventOrigin, message: JsonObject, contacts: readonly JsonObject[]): MessageEvent | undefined {
	const messageId = textAt(message, 'id');
	if (messageId === undefined) return undefined;
	const type = textAt(message, 'type') ?? 'unnamed';
	const button = objectAt(message, 'button');
	const named = readPerson(message, 'from', 'from_user_id');
	const contact = contactOf(message, contacts);
	const known = readPerson(contact, 'wa_id', 'user_id');
	return {
		kind: 'message',
		...origin,
		messageId,
		from: named.phone ?? known.phone,
		fromUserId: named.userId ?? known.userId,
		at: momentAt(message, 'timestamp'),
		type,
		text: textAt(objectAt(message, 'text'), 'body') ?? textAt(objectAt(message, type), 'caption'),
		buttonText: textAt(button, 'text'),
		buttonPayload: textAt(button, 'payload'),
		reply: readReply(objectAt(message, 'interactive')),
		profileName: textAt(objectAt(contact, 'profile'), 'name'),
		contextId: textAt(objectAt(message, 'context'), 'id'),
		change: readChange(objectAt(message, 'system')),
		raw: message,
	};
}

/** The entry of `contacts[]` for the sender: by number or user id only, never by position, since one POST may hold several people. */
function contactOf(message: JsonObject, contacts: readonly JsonObject[]): JsonObject | undefined {
	const from = textAt(message, 'from');
	const userId = textAt(message, 'from_user_id');
	return contacts.find((contact) => (from !== undefined && textAt(contact, 'wa_id') === from) || (userId !== undefined && textAt(contact, 'user_id') === userId));
}

function readReply(interactive: JsonObject | undefined): MessageEvent['reply'] {
	const chosen = objectAt(interactive, 'button_reply') ?? objectAt(interactive, 'list_reply');
	const id = textAt(chosen, 'id');
	return id === undefined ? undefined : { id, title: textAt(chosen, 'title') ?? '' };
}

function readChange(system: JsonObject | undefined): MessageEvent['change'] {
	const type = textAt(system, 'type');
	if (type === undefined) return undefined;
	const { phone, userId } = readPerson(system, 'wa_id', 'user_id');
	return { type, phone, userId, previousUserId: textAt(system, 'previous_user_id') };
}
