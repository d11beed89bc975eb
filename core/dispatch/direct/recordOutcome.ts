import { defineCommand, type CommandContext } from '../../store/command';
import { sealPersonal } from '../../store/personKey';
import type { MessageContent } from '../../whatsapp/messages/content';
import type { ShownRecipient } from '../../whatsapp/recipient';
import { linkRecipient } from '../linkRecipient';
import { obeyRefusal } from '../obeyRefusal';

/** What came of one request. */
export interface DirectResult {
	id: string;
	state: 'accepted' | 'not-sent' | 'uncertain';
	/** Meta's code, or a word of ours; null when it was accepted. */
	reason: string | null;
	/** WhatsApp's id of the message, when it was accepted. */
	messageId: string | null;
	/** As the answer names them. */
	recipient?: ShownRecipient;
	/** What was sent. Kept with the entry under the person's key: a council has to be able to show what it said. */
	content: MessageContent;
	/** The flow that sent it. */
	flow: string | null;
}

/**
 * Writes down what came of a message to one person. What a status webhook has settled meanwhile stays: it knows better. May
 * come twice, when its first writing was not answered: then the second changes nothing.
 */
export const recordDirectOutcome = defineCommand('direct.record', async (context, result: DirectResult): Promise<void> => {
	const { id, state, reason, messageId } = result;
	if (await isRecorded(context, id)) return;
	const row = await context.db.selectFrom('direct_message').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
	await context.sql.run("UPDATE direct_message SET state = ?, reason = ?, settled_at = ? WHERE id = ? AND state = 'intent'", state, reason, context.now, id);
	if (messageId !== null) {
		// A message id holds the phone number in plain base64: it is sealed, and found again by a keyed hash.
		const sealed = await sealPersonal(context, row.subject, `direct/${id}`, { messageId });
		await context.sql.run("UPDATE direct_message SET state = 'accepted', reason = NULL, message_lookup = ?, message_sealed = ? WHERE id = ?", context.keys.lookup('message', messageId), sealed, id);
	}
	if (result.recipient !== undefined) await linkRecipient(context, row.channel_id, result.recipient, row.contact_id);
	if (state === 'not-sent' && reason !== null && /^\d+$/.test(reason)) {
		await obeyRefusal(context, { channelId: row.channel_id, contactId: row.contact_id, lookups: [row.person_lookup], code: Number(reason), at: context.now });
	}
	context.append({
		act: 'direct.send',
		actor: { role: 'system' },
		outcome: state === 'accepted' ? 'ok' : state === 'not-sent' ? 'refused' : 'held',
		channel: row.channel_id,
		resource: { type: 'direct', id },
		refs: { kind: row.kind, ...(reason === null ? {} : { reason }) },
		disclose: { person: row.contact_id ?? row.person_lookup, content: JSON.stringify(result.content), ...(result.flow === null ? {} : { flow: result.flow }) },
		subject: row.subject,
	});
});

async function isRecorded({ sql }: CommandContext, id: string): Promise<boolean> {
	return (await sql.all("SELECT 1 FROM ledger_index WHERE resource_type = 'direct' AND resource_id = ? AND act = 'direct.send'", id)).length > 0;
}
