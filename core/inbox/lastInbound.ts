import type { CommandContext } from '../store/command';

/** Keeps with a contact when they last wrote to a channel, by whichever of their names. For use inside a command, after `noteConversation`. */
export async function noteLastInbound({ sql }: CommandContext, channelId: string, contactId: string): Promise<void> {
	await sql.run(
		`UPDATE contact SET last_inbound_at = wrote.at FROM (
			SELECT max(conversation.last_inbound_at) AS at FROM contact JOIN conversation ON conversation.channel_id = ?
				AND (conversation.phone_lookup = contact.phone_lookup OR conversation.bsuid_lookup = contact.bsuid_lookup) WHERE contact.id = ?
		) AS wrote WHERE contact.id = ? AND wrote.at > coalesce(contact.last_inbound_at, 0)`,
		channelId,
		contactId,
		contactId,
	);
}
