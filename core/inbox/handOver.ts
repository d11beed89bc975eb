import { CivicError } from '../errors';
import { defineCommand, type CommandContext, type RawSql } from '../store/command';
import type { InboxEventRef } from './inboxEvent';
import { kindsFromText } from './subscribe';

/*
 * How events reach a flow: taken, handed on, confirmed. Taking moves the subscriber forward and writes down what is in
 * hand, in one transaction; confirming crosses it off. What is still written down after a crash is handed again, marked,
 * because nobody can know whether the flow had it.
 */

export interface HandedEvent extends InboxEventRef {
	/** Whether it was in hand before, when the process ended. */
	redelivered: boolean;
}

interface Subscriber {
	id: string;
	channel_id: string;
	kinds: string;
	read_up_to: number;
}

interface EventRow {
	seq: number;
	id: string;
	kind: InboxEventRef['kind'];
	channel_id: string;
	contact_id: string | null;
	occurred_at: number;
}

/** `handed_at` of an event that waits to be handed again. */
const released = 0;

/**
 * Takes what is next for a subscriber, in order: first what is to be handed again, then what is new.
 * @param limit how many at most
 * @throws CivicError `input.invalid` for somebody who does not listen
 */
export const takeEvents = defineCommand(
	'inbox.take',
	async (context, { subscriberId, limit }: { subscriberId: string; limit: number }): Promise<HandedEvent[]> => {
		const subscriber = await knownSubscriber(context, subscriberId);
		const again = await takeReleased(context, subscriber, limit);
		const fresh = again.length < limit ? await takeNew(context, subscriber, limit - again.length) : [];
		return [...again.map((row) => handed(row, true)), ...fresh.map((row) => handed(row, false))];
	},
);

/** Crosses events off as handed on. They are never handed to this subscriber again. */
export const confirmEvents = defineCommand(
	'inbox.confirm',
	async ({ sql }, { subscriberId, seqs }: { subscriberId: string; seqs: number[] }): Promise<void> => {
		for (const seq of seqs) await sql.run('DELETE FROM inbox_handover WHERE subscriber_id = ? AND seq = ?', subscriberId, seq);
	},
);

/**
 * For the start of a process, before it takes anything: what an earlier one had in hand is to be handed again.
 * @returns how many
 */
export const releaseHandovers = defineCommand(
	'inbox.release',
	async ({ sql }, { subscriberId }: { subscriberId: string }): Promise<{ released: number }> => {
		const { changes } = await sql.run('UPDATE inbox_handover SET handed_at = ? WHERE subscriber_id = ? AND handed_at <> ?', released, subscriberId, released);
		return { released: changes };
	},
);

async function knownSubscriber({ sql }: CommandContext, subscriberId: string): Promise<Subscriber> {
	const [subscriber] = await sql.all<Subscriber>('SELECT id, channel_id, kinds, read_up_to FROM inbox_subscriber WHERE id = ?', subscriberId);
	if (subscriber !== undefined) return subscriber;
	throw new CivicError('input.invalid', 'This trigger does not listen to any channel.', 'Deactivate the workflow and activate it again.');
}

async function takeReleased({ sql, now }: CommandContext, { id }: Subscriber, limit: number): Promise<EventRow[]> {
	const rows = await sql.all<EventRow>(
		`SELECT event.seq, event.id, event.kind, event.channel_id, event.contact_id, event.occurred_at
			FROM inbox_handover JOIN inbox_event AS event ON event.seq = inbox_handover.seq
			WHERE inbox_handover.subscriber_id = ? AND inbox_handover.handed_at = ? ORDER BY event.seq LIMIT ?`,
		id,
		released,
		limit,
	);
	for (const { seq } of rows) await sql.run('UPDATE inbox_handover SET handed_at = ? WHERE subscriber_id = ? AND seq = ?', now, id, seq);
	return rows;
}

async function takeNew({ sql, now }: CommandContext, subscriber: Subscriber, limit: number): Promise<EventRow[]> {
	const kinds = kindsFromText(subscriber.kinds);
	const rows = await sql.all<EventRow>(
		`SELECT seq, id, kind, channel_id, contact_id, occurred_at FROM inbox_event
			WHERE channel_id = ? AND seq > ? AND kind IN (${kinds.map(() => '?').join(', ')}) ORDER BY seq LIMIT ?`,
		subscriber.channel_id,
		subscriber.read_up_to,
		...kinds,
		limit,
	);
	for (const { seq } of rows) await sql.run('INSERT INTO inbox_handover (subscriber_id, seq, handed_at) VALUES (?, ?, ?)', subscriber.id, seq, now);
	const readUpTo = rows.length < limit ? await newestSeq(sql, subscriber.channel_id) : (rows.at(-1)?.seq ?? 0);
	if (readUpTo > subscriber.read_up_to) await sql.run('UPDATE inbox_subscriber SET read_up_to = ? WHERE id = ?', readUpTo, subscriber.id);
	return rows;
}

/** Events of other kinds are passed over for good, so that a kind added later starts with what comes then. */
async function newestSeq(sql: RawSql, channelId: string): Promise<number> {
	const [row] = await sql.all<{ newest: number | null }>('SELECT max(seq) AS newest FROM inbox_event WHERE channel_id = ?', channelId);
	return Number(row?.newest ?? 0);
}

function handed(row: EventRow, redelivered: boolean): HandedEvent {
	return {
		seq: Number(row.seq),
		id: row.id,
		kind: row.kind,
		contactId: row.contact_id,
		channelId: row.channel_id,
		occurredAt: Number(row.occurred_at),
		redelivered,
	};
}
