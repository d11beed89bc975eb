import { CivicError } from '../errors';
import type { GraphCaller } from './graphCall';
import { checkMessageId } from './messages/problem';

/**
 * Meta: "Mark messages as read", "Typing indicators". Not a message: nobody is charged for it and no status follows.
 * @throws CivicError `input.invalid`, `channel.access`, `whatsapp.refused`, `whatsapp.unreachable`
 */
export async function markAsRead(graph: GraphCaller, phoneNumberId: string, messageId: string, options: { typing?: boolean } = {}): Promise<void> {
	const [wrong] = checkMessageId({ field: 'messageId', name: 'The message to mark as read' }, messageId);
	if (wrong !== undefined) throw new CivicError('input.invalid', wrong.message, 'Take the id from the trigger that brought the message.');
	const body = JSON.stringify({
		messaging_product: 'whatsapp',
		status: 'read',
		message_id: messageId,
		...(options.typing === true ? { typing_indicator: { type: 'text' } } : {}),
	});
	await graph.change('POST', `${phoneNumberId}/messages`, body, 'the message to mark as read');
}
