import type { JsonObject } from '../../http/json';
import { GraphError, invalidParameter, parameterRequired } from '../graphError';
import { missing, objectAt, onlyKeys, optionalTextAt, textAt } from '../objectShape';
import { readContacts } from './contacts';
import type { Composed, ReadFamily, ReadingContext, SendContext } from './family';
import { readInteractive } from './interactive';
import { readLocation } from './location';
import { readMedia } from './media';
import { readReaction } from './reaction';
import { readTemplate } from './template';
import { readText } from './text';

/** Every type that this sandbox delivers. */
const families: ReadonlyMap<string, ReadFamily> = new Map<string, ReadFamily>([
	['text', readText],
	['template', readTemplate],
	['image', readMedia('image')],
	['video', readMedia('video')],
	['document', readMedia('document')],
	['audio', readMedia('audio')],
	['sticker', readMedia('sticker')],
	['location', readLocation],
	['contacts', readContacts],
	['reaction', readReaction],
	['interactive', readInteractive],
]);

const commonKeys = ['messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'context', 'biz_opaque_callback_data', 'recipient_identity_key_hash', 'messaging_account_id', 'paid_messaging_account_id'];
const keysByType: ReadonlyMap<string, ReadonlySet<string>> = new Map([...families.keys()].map((type) => [type, new Set([...commonKeys, type])]));
const contextKeys = new Set(['message_id']);
const types = [...families.keys()].map((type) => type.toUpperCase()).join(', ');

const longestCallback = 512;

/** A message as it was asked for, its shape judged. */
export interface Draft {
	readonly to: string | undefined;
	readonly userId: string | undefined;
	readonly callback: string | undefined;
	/** The message that this one answers. */
	readonly answers: string | undefined;
	readonly identityKeyHash: string | undefined;
	compose(context: SendContext): Composed;
}

/** @throws GraphError */
export function readDraft(body: JsonObject, context: ReadingContext, accountId: string): Draft {
	const type = optionalTextAt(body, 'type', 'type') ?? 'text';
	const family = families.get(type);
	const keys = keysByType.get(type);
	if (!family || !keys) throw invalidParameter(`Param type must be one of {${types}} - got "${type}".`);
	onlyKeys(body, keys, 'message');
	const recipientType = optionalTextAt(body, 'recipient_type', 'recipient_type') ?? 'individual';
	if (recipientType !== 'individual') throw invalidParameter(`Param recipient_type must be one of {INDIVIDUAL} - got "${recipientType}".`);
	for (const name of ['messaging_account_id', 'paid_messaging_account_id']) {
		const account = optionalTextAt(body, name, name);
		if (account !== undefined && account !== accountId) throw invalidParameter(`Param ${name} is not a messaging account of this phone number`);
	}
	const callback = optionalTextAt(body, 'biz_opaque_callback_data', 'biz_opaque_callback_data');
	if (callback !== undefined && callback.length > longestCallback) throw invalidParameter(`Param biz_opaque_callback_data must be at most ${longestCallback} characters long.`);
	const draft = {
		to: optionalTextAt(body, 'to', 'to'),
		userId: optionalTextAt(body, 'recipient', 'recipient'),
		callback,
		answers: readContext(body),
		identityKeyHash: optionalTextAt(body, 'recipient_identity_key_hash', 'recipient_identity_key_hash'),
	};
	if (!draft.to && !draft.userId) throw missing('to');
	return { ...draft, compose: family(body, context) };
}

/** @throws GraphError in Graph's own words, which name the parameter in the message */
export function checkProduct(body: JsonObject): void {
	if (body.messaging_product === undefined || body.messaging_product === null || body.messaging_product === '') throw parameterRequired('messaging_product');
	if (typeof body.messaging_product !== 'string' || body.messaging_product.toLowerCase() !== 'whatsapp') throw new GraphError(100, undefined, { message: '(#100) Param messaging_product must be one of {WHATSAPP}' });
}

function readContext(body: JsonObject): string | undefined {
	if (body.context === undefined || body.context === null) return undefined;
	const context = objectAt(body, 'context', 'context');
	onlyKeys(context, contextKeys, 'context');
	const id = textAt(context, 'message_id', 'context.message_id');
	if (!id.startsWith('wamid.')) throw new GraphError(131009, 'Param context.message_id is not the id of a message');
	return id;
}
