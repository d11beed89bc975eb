import { CivicError } from '../errors';
import { defineCommand, type CommandContext } from '../store/command';
import { typed } from '../whatsapp/redaction';
import { inboxKinds, type InboxKind } from './inboxEvent';

export interface Subscription {
	/** Lasting name of the one who listens, such as a workflow's and a node's id. */
	subscriberId: string;
	channelId: string;
	kinds: InboxKind[];
}

/**
 * Starts to listen, with the next event that comes in. Done again after a restart, it goes on where it stood; on another
 * channel it starts anew.
 * @throws CivicError `input.invalid` when no kind is named, or one that does not exist
 */
export const subscribe = defineCommand('inbox.subscribe', async (context, { subscriberId, channelId, kinds }: Subscription): Promise<void> => {
	const wanted = kindsAsText(kinds);
	const [known] = await context.sql.all<{ channel_id: string; kinds: string }>('SELECT channel_id, kinds FROM inbox_subscriber WHERE id = ?', subscriberId);
	if (known?.channel_id === channelId && known.kinds === wanted) return;
	if (known?.channel_id === channelId) {
		await context.sql.run('UPDATE inbox_subscriber SET kinds = ? WHERE id = ?', wanted, subscriberId);
	} else {
		await forget(context, subscriberId);
		await context.sql.run(
			'INSERT INTO inbox_subscriber (id, channel_id, kinds, read_up_to, created_at) VALUES (?, ?, ?, (SELECT coalesce(max(seq), 0) FROM inbox_event), ?)',
			subscriberId,
			channelId,
			wanted,
			context.now,
		);
	}
	enter(context, 'inbox.subscribe', channelId, subscriberId);
});

/** Stops to listen. What was not taken by then is never handed to this subscriber. */
export const unsubscribe = defineCommand('inbox.unsubscribe', async (context, { subscriberId }: { subscriberId: string }): Promise<void> => {
	const [known] = await context.sql.all<{ channel_id: string }>('SELECT channel_id FROM inbox_subscriber WHERE id = ?', subscriberId);
	if (known === undefined) return;
	await forget(context, subscriberId);
	enter(context, 'inbox.unsubscribe', known.channel_id, subscriberId);
});

async function forget({ sql }: CommandContext, subscriberId: string): Promise<void> {
	await sql.run('DELETE FROM inbox_handover WHERE subscriber_id = ?', subscriberId);
	await sql.run('DELETE FROM inbox_subscriber WHERE id = ?', subscriberId);
}

function enter(context: CommandContext, act: string, channelId: string, subscriberId: string): void {
	context.append({ act, actor: { role: 'staff' }, outcome: 'ok', channel: channelId, disclose: { subscriber: subscriberId } });
}

function kindsAsText(kinds: InboxKind[]): string {
	const unknown = kinds.filter((kind) => !inboxKinds.includes(kind));
	if (kinds.length === 0 || unknown.length > 0) {
		throw new CivicError(
			'input.invalid',
			kinds.length === 0 ? 'No kind of event is chosen.' : `There is no kind of event ${unknown.map((kind) => `"${typed(kind)}"`).join(', ')}.`,
			`Choose among: ${inboxKinds.join(', ')}.`,
		);
	}
	return inboxKinds.filter((kind) => kinds.includes(kind)).join(' ');
}

/** The kinds a stored subscription names. */
export function kindsFromText(text: string): InboxKind[] {
	return inboxKinds.filter((kind) => text.split(' ').includes(kind));
}
