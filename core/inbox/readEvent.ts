import { CivicError } from '../errors';
import { defineQuery, type CommandContext } from '../store/command';
import { openPersonal } from '../store/personKey';
import { typed } from '../whatsapp/redaction';
import type { PersonEvent } from './classify';
import { eventPlace, type InboxEventRef } from './inboxEvent';

export interface OpenedEvent extends InboxEventRef {
	/** When it reached us, milliseconds since the epoch. */
	receivedAt: number;
	/** What the person sent, personal data included; undefined once the person was erased. */
	content?: PersonEvent;
}

/**
 * Opens what one event says, for a node that works on it. Triggers hand out ids only.
 * @throws CivicError `input.invalid` when there is no such event
 */
export const readEvent = defineQuery('inbox.read', (context, { id }: { id: string }): Promise<OpenedEvent> => readEventRow(context, id));

/** `readEvent`, for use inside a command. */
export async function readEventRow(context: CommandContext, id: string): Promise<OpenedEvent> {
	const row = await context.db.selectFrom('inbox_event').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError('input.invalid', `There is no event ${typed(id)} in the inbox.`, 'Use the id that the Civic WhatsApp Trigger put out. Old events are removed after their retention time.');
	}
	return {
		seq: Number(row.seq),
		id: row.id,
		kind: row.kind as OpenedEvent['kind'],
		channelId: row.channel_id,
		contactId: row.contact_id,
		occurredAt: Number(row.occurred_at),
		receivedAt: Number(row.received_at),
		content: await openPersonal<PersonEvent>(context, row.subject, eventPlace(row.id), row.sealed),
	};
}
