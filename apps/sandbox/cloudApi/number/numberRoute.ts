import { json, type JsonObject } from '../../http/json';
import type { TextAnswer } from '../../http/listener';
import { numberDefaults, type BusinessAccount, type BusinessNumber } from '../account';
import { verificationFailed, type Callbacks } from '../app/subscriptions';
import { callParameters } from '../callParameters';
import type { GraphCall, GraphRoute } from '../cloudApi';
import { invalidParameter } from '../graphError';
import { checkProduct } from '../messages/draft';
import type { Messages } from '../messages/messages';
import { selectFields } from '../nodeFields';
import { booleanAt, objectAt, onlyKeys, optionalObjectAt, optionalTextAt, textAt } from '../objectShape';
import { pageOf } from '../paging';
import type { BlockedUsers } from './blockedUsers';
import { changeProfile, showProfile } from './businessProfile';
import { readPin, type Registration } from './registration';

export interface NumberParts {
	readonly account: BusinessAccount;
	readonly messages: Messages;
	readonly registration: Registration;
	readonly blocked: BlockedUsers;
	readonly callbacks: Callbacks;
}

type Edge = (call: GraphCall, number: BusinessNumber, parts: NumberParts) => TextAnswer | Promise<TextAnswer>;

/** Every edge of a phone number, by method and name (Meta, "Phone numbers" and the page of each edge). */
const edges: Readonly<Record<string, Edge>> = {
	'POST messages': (call, number, { messages }) => json(messages.post(number, call)),
	'GET ': ({ query }, number, { account }) => json(selectFields(account.numberNode(number), query.get('fields'), numberDefaults, 'WhatsAppBusinessPhoneNumber')),
	'POST ': (call, number, { callbacks }) => changeNumber(callParameters(call), number, callbacks),
	'POST register': (call, number, { registration }) => json(registration.register(number, callParameters(call))),
	'POST deregister': (call, number, { registration }) => json(registration.deregister(number, callParameters(call))),
	'GET settings': (_call, number) => json(showSettings(number)),
	'POST settings': (call, number) => json(changeSettings(number, callParameters(call))),
	'GET whatsapp_business_profile': ({ query }, number) => json(showProfile(number, query.get('fields'))),
	'POST whatsapp_business_profile': (call, number) => json(changeProfile(number, callParameters(call))),
	'GET block_users': ({ query, address }, number, { blocked }) => json(pageOf(blocked.list(number), query, address, ({ wa_id, user_id }) => String(wa_id ?? user_id))),
	'POST block_users': (call, number, { blocked }) => answerOf(blocked.block(number, callParameters(call))),
	'DELETE block_users': (call, number, { blocked }) => answerOf(blocked.unblock(number, callParameters(call))),
	/** The pairs of phone and user id that Meta keeps; here nothing else depends on them. */
	'DELETE contact_book': () => json({ success: true }),
};

export function numberRoute(parts: NumberParts): GraphRoute {
	return (call) => {
		const number = parts.account.number(call.id);
		const edge = edges[`${call.method} ${call.edge}`];
		return number && edge?.(call, number, parts);
	};
}

function answerOf({ body, status }: { body: JsonObject; status: number }): TextAnswer {
	return json(body, status);
}

/** The PIN of the two-step verification, or where the webhooks of this number go. */
function changeNumber(given: JsonObject, number: BusinessNumber, callbacks: Callbacks): TextAnswer | Promise<TextAnswer> {
	onlyKeys(given, new Set(['messaging_product', 'pin', 'webhook_configuration']), 'phone_number');
	if (given.pin !== undefined) number.pin = readPin(given);
	const webhook = optionalObjectAt(given, 'webhook_configuration', 'webhook_configuration');
	if (!webhook) {
		if (given.pin === undefined) throw invalidParameter('Nothing to change was given');
		return json({ success: true });
	}
	onlyKeys(webhook, new Set(['override_callback_uri', 'verify_token']), 'webhook_configuration');
	const address = optionalTextAt(webhook, 'override_callback_uri', 'webhook_configuration.override_callback_uri');
	const place = { number: number.id };
	if (!address) {
		callbacks.forget(place);
		return json({ success: true });
	}
	return callbacks.direct(place, address, textAt(webhook, 'verify_token', 'webhook_configuration.verify_token')).then(
		() => json({ success: true }),
		(thrown: unknown) => {
			throw verificationFailed(thrown);
		},
	);
}

function showSettings({ identityKeyCheck }: BusinessNumber): JsonObject {
	return {
		calling: { status: 'DISABLED', call_icon_visibility: 'DEFAULT', callback_permission_status: 'DISABLED' },
		user_identity_change: { enable_identity_key_check: identityKeyCheck },
		payload_encryption: { status: 'DISABLED' },
		storage_configuration: { status: 'DEFAULT' },
	};
}

function changeSettings(number: BusinessNumber, given: JsonObject): JsonObject {
	onlyKeys(given, new Set(['messaging_product', 'user_identity_change']), 'settings');
	if (given.messaging_product !== undefined) checkProduct(given);
	const change = objectAt(given, 'user_identity_change', 'user_identity_change');
	onlyKeys(change, new Set(['enable_identity_key_check']), 'user_identity_change');
	number.identityKeyCheck = booleanAt(change, 'enable_identity_key_check', 'user_identity_change.enable_identity_key_check') ?? number.identityKeyCheck;
	return { success: true };
}
