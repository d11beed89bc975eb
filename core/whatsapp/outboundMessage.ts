import { CivicError } from '../errors';
import { type MessageContent, contentPayload, requireSendable } from './messages/content';
import { checkMessageId, lengthOf } from './messages/problem';
import { type Recipient, recipientFields } from './recipient';

/** One message to one person. */
export interface OutboundMessage {
	to: Recipient;
	content: MessageContent;
	/** Id of the message that this one answers; the phone shows it above. Templates show none, and reactions take none. */
	replyTo?: string;
}

/** Meta echoes up to this many characters in every status of the message ("Send messages"). */
const maxCallbackData = 512;

/**
 * The body of `POST /{phone number}/messages`.
 *
 * @param callbackData comes back as `biz_opaque_callback_data` in every status of this message
 * @throws CivicError `phone.invalid`, `input.invalid` naming the field and the limit
 */
export function outboundBody({ to, content, replyTo }: OutboundMessage, callbackData: string): string {
	const address = recipientFields(to);
	if (lengthOf(callbackData) > maxCallbackData) {
		throw new CivicError('input.invalid', `The reference of this message has ${lengthOf(callbackData)} characters; WhatsApp takes at most ${maxCallbackData}.`, 'Use a shorter reference.');
	}
	requireSendable(content);
	if (replyTo !== undefined) requireReply(content, replyTo);
	return JSON.stringify({
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		...address,
		...(replyTo === undefined ? {} : { context: { message_id: replyTo } }),
		biz_opaque_callback_data: callbackData,
		...contentPayload(content),
	});
}

function requireReply(content: MessageContent, replyTo: string): void {
	if (content.type === 'reaction') {
		throw new CivicError('input.invalid', 'A reaction cannot be a reply as well.', 'It names the message it belongs to itself; leave the reply out.');
	}
	const [found] = checkMessageId({ field: 'replyTo', name: 'The message to reply to' }, replyTo);
	if (found !== undefined) throw new CivicError('input.invalid', found.message, 'Leave it empty to send a message that is no reply.');
}
