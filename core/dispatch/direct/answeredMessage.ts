import { CivicError } from '../../errors';
import { conversationById } from '../../inbox/conversation';
import { readEventRow } from '../../inbox/readEvent';
import { defineQuery, type CommandContext } from '../../store/command';
import { typed, typedMetaId } from '../../whatsapp/redaction';

/** The message of a person that a node wants to quote, react to or mark as read. */
export type AnsweredRef = { by: 'event' | 'conversation'; value: string };

/** Which event it is, and WhatsApp's own id of the message, which holds a phone number and stays inside. */
export interface AnsweredMessage {
	eventId: string;
	messageId: string;
}

/**
 * WhatsApp's id of what somebody sent: of one event, or of the last message of a conversation.
 * @throws CivicError `direct.person` when it is not of this channel, was erased, or is no message
 */
export const findAnsweredMessage = defineQuery('direct.answered-message', (context, { channelId, ref }: { channelId: string; ref: AnsweredRef }): Promise<AnsweredMessage> => {
	return answeredMessage(context, channelId, ref);
});

export async function answeredMessage(context: CommandContext, channelId: string, { by, value }: AnsweredRef): Promise<AnsweredMessage> {
	const eventId = by === 'event' ? value : (await conversationById(context, channelId, value))?.lastEventId;
	if (eventId === undefined) throw new CivicError('direct.person', `Channel ${typedMetaId(channelId)} has no conversation ${typed(value)}.`, 'Use an ID that Conversation: Get Many put out for the same channel.');
	const { content, channelId: of } = await readEventRow(context, eventId);
	if (of !== channelId) throw new CivicError('direct.person', 'This event came in on another channel.', 'Give the node the same "Civic WhatsApp API" credential as the trigger that put the event out.');
	if (content?.kind !== 'message') {
		throw new CivicError('direct.person', content === undefined ? 'The message was erased together with the person.' : 'This event is no message.', 'Use the event of a message, a button or a reaction.');
	}
	return { eventId, messageId: content.messageId };
}

export function foreignEvent(): CivicError {
	return new CivicError('direct.person', 'The message to answer was sent by somebody else than the person who is written to.', 'Nothing was sent. Take both from the same event.');
}
