import { loadChannel, requireAdopted } from '../../channel/channel';
import { CivicError, type ErrorCode } from '../../errors';
import { defineQuery } from '../../store/command';
import { answeredMessage, type AnsweredRef } from './answeredMessage';
import { requireOwnRules } from '../authoriseSend';
import { whyNot } from './permission';
import { findPerson } from './person';
import type { DirectSender } from './sendDirect';

type Receipt = { eventId: string; messageId: string } | { refused: { code: ErrorCode; message: string; hint: string } };

interface ReceiptWish {
	channelId: string;
	rulesFingerprint: string;
	ref: AnsweredRef;
	typing: boolean;
}

/** Blue ticks are no message, so the rules on messages do not hold for them, but for training and for "typing", which promises an answer. */
export const readReceiptTarget = defineQuery('direct.receipt', async (context, { channelId, rulesFingerprint, ref, typing }: ReceiptWish): Promise<Receipt> => {
	const channel = await loadChannel(context, channelId);
	requireAdopted(channel);
	requireOwnRules(channel, rulesFingerprint);
	const person = await findPerson(context, channelId, ref);
	const refusal = await whyNot(context, channel, person, { isTemplate: false });
	if (refusal !== undefined && (typing || refusal.code === 'direct.training')) return { refused: { code: refusal.code, message: refusal.message, hint: refusal.hint } };
	return answeredMessage(context, channelId, ref);
});

/**
 * Shows a person that the message was read, and with `typing` that an answer is being written.
 * @returns the event that was marked
 * @throws CivicError `direct.*`, `channel.*`, `whatsapp.*`
 */
export async function markConversationRead({ store, api, channelId, rulesFingerprint }: DirectSender, ref: AnsweredRef, { typing }: { typing: boolean }): Promise<{ eventId: string }> {
	const target = await store.execute(readReceiptTarget, { channelId, rulesFingerprint, ref, typing });
	if ('refused' in target) throw new CivicError(target.refused.code, target.refused.message, target.refused.hint);
	await api.markAsRead(target.messageId, { typing });
	return { eventId: target.eventId };
}
