import { personLookup } from '../audience/contact';
import { findContact, type ContactRow } from '../audience/findContact';
import type { SeenIds } from '../audience/learnIds';
import { strangerSubject } from '../audience/optOut';
import { bothNames } from '../audience/personLink';
import type { CommandContext } from '../store/command';
import { openPersonal, sealPersonal } from '../store/personKey';
import type { Row } from '../store/schema';
import type { E164 } from '../whatsapp/phoneNumber';

/** How long free-form messages may follow a person's last message, ms. Meta: "Send messages", customer service windows. */
export const windowMs = 24 * 3_600_000;

type ConversationRow = Row<'conversation'>;

/** What is sealed about a conversation: how the person is reached. */
interface Ids {
	phone?: E164;
	bsuid?: string;
}

/** One person and one number of ours. */
export interface Conversation extends Ids {
	id: string;
	channelId: string;
	/** Null for somebody who is not a contact. */
	contactId: string | null;
	/** Meta's time of the person's last message, milliseconds since the epoch. */
	lastInboundAt: number;
	/** When the window closes, milliseconds since the epoch. */
	windowUntil: number;
	/** The person's last message, as the inbox knows it. */
	lastEventId: string;
}

export interface Heard {
	channelId: string;
	ids: SeenIds;
	/** Id of the inbox event. */
	eventId: string;
	/** Meta's time of the message; null for what opens no window, but may show who is who. Arrival says nothing: webhooks are repeated for days. */
	at: number | null;
}

/**
 * Opens or renews the window of whoever wrote, for use inside a command. The latest of Meta's times counts, in whatever
 * order webhooks come. A conversation known by number and one known by BSUID become one when a message shows both; a number
 * that is shown with another BSUID than before has changed hands, and its new owner gets a conversation without the number.
 */
export async function noteConversation(context: CommandContext, heard: Heard): Promise<void> {
	const { channelId, ids } = heard;
	const names = await bothNames(context, ids);
	const byPhone = names.phone === undefined ? undefined : await find(context, channelId, 'phone', names.phone);
	const byBsuid = names.bsuid === undefined ? undefined : await find(context, channelId, 'bsuid', names.bsuid);
	if (byPhone !== undefined && byBsuid !== undefined && byPhone.id !== byBsuid.id) {
		const areOne = byPhone.bsuid_lookup === null && byBsuid.phone_lookup === null;
		return areOne ? merge(context, byPhone, byBsuid, heard) : renew(context, byBsuid, {}, heard);
	}
	const known = byBsuid ?? byPhone;
	if (known === undefined) return open(context, names, heard);
	const isSomebodyElse = byBsuid === undefined && names.bsuid !== undefined && known.bsuid_lookup !== null;
	return isSomebodyElse ? open(context, { bsuid: names.bsuid }, heard) : renew(context, known, names, heard);
}

async function find(context: CommandContext, channelId: string, by: 'phone' | 'bsuid', lookup: string): Promise<ConversationRow | undefined> {
	const rows = await context.sql.all<ConversationRow>(`SELECT * FROM conversation WHERE channel_id = ? AND ${by}_lookup = ?`, channelId, lookup);
	return rows[0];
}

/** Both names by their hashes, as far as they are known; the webhook may show one of them only. */
interface Names {
	phone?: string;
	bsuid?: string;
}

/** What a webhook shows of the person who goes by these names. */
function shownOf({ phone, bsuid }: SeenIds, names: Names): Ids {
	return {
		...(phone !== undefined && phone.lookup === names.phone ? { phone: phone.value } : {}),
		...(bsuid !== undefined && bsuid.lookup === names.bsuid ? { bsuid: bsuid.value } : {}),
	};
}

async function open(context: CommandContext, names: Names, { channelId, ids, eventId, at }: Heard): Promise<void> {
	const main = names.phone ?? names.bsuid;
	if (main === undefined || at === null) return;
	const id = context.random.uuid();
	const lookups = { phone_lookup: names.phone ?? null, bsuid_lookup: names.bsuid ?? null };
	const subject = (await contactOf(context, lookups))?.id ?? strangerSubject(main);
	await context.sql.run(
		`INSERT INTO conversation (id, channel_id, phone_lookup, bsuid_lookup, subject, sealed, last_inbound_at, last_event_id, created_at, merged_into)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
		id,
		channelId,
		lookups.phone_lookup,
		lookups.bsuid_lookup,
		subject,
		await sealPersonal(context, subject, place(id), shownOf(ids, names)),
		at,
		eventId,
		context.now,
	);
}

async function renew(context: CommandContext, row: ConversationRow, names: Names, { ids, eventId, at }: Heard): Promise<void> {
	const known: Names = { phone: row.phone_lookup ?? names.phone, bsuid: row.bsuid_lookup ?? names.bsuid };
	const learns = known.phone !== (row.phone_lookup ?? undefined) || known.bsuid !== (row.bsuid_lookup ?? undefined);
	if (learns || (ids.phone !== undefined && ids.bsuid !== undefined)) {
		const sealed = await sealPersonal(context, row.subject, place(row.id), { ...(await openIds(context, row)), ...shownOf(ids, known) });
		await context.sql.run('UPDATE conversation SET phone_lookup = ?, bsuid_lookup = ?, sealed = ? WHERE id = ?', known.phone ?? null, known.bsuid ?? null, sealed, row.id);
	}
	if (at === null) return;
	await context.sql.run('UPDATE conversation SET last_inbound_at = ?, last_event_id = ? WHERE id = ? AND last_inbound_at <= ?', at, eventId, row.id, at);
}

/** The one with the number stays, so that the order of events does not matter. */
async function merge(context: CommandContext, kept: ConversationRow, other: ConversationRow, heard: Heard): Promise<void> {
	await context.sql.run('UPDATE conversation SET phone_lookup = NULL, bsuid_lookup = NULL, merged_into = ? WHERE id = ?', kept.id, other.id);
	const ids = { ...(await openIds(context, kept)), ...(await openIds(context, other)) };
	await context.sql.run('UPDATE conversation SET bsuid_lookup = ?, sealed = ? WHERE id = ?', other.bsuid_lookup, await sealPersonal(context, kept.subject, place(kept.id), ids), kept.id);
	const merged = { ...kept, bsuid_lookup: other.bsuid_lookup };
	await renew(context, merged, {}, { ...heard, ids: {}, at: other.last_inbound_at, eventId: other.last_event_id });
	await renew(context, merged, {}, { ...heard, ids: {} });
}

/**
 * @param id of the conversation, or of one that has since been merged into it
 * @returns undefined when there is none, or the person was erased
 */
export async function conversationById(context: CommandContext, channelId: string, id: string): Promise<Conversation | undefined> {
	const [row] = await context.sql.all<ConversationRow>(
		`SELECT conversation.* FROM conversation AS asked JOIN conversation ON conversation.id = coalesce(asked.merged_into, asked.id)
			WHERE asked.id = ? AND asked.channel_id = ?`,
		id,
		channelId,
	);
	return row && opened(context, row);
}

/** The person's conversation with a channel, by whichever name is known there. */
export async function conversationOf(context: CommandContext, channelId: string, { phone, bsuid }: { phone?: string; bsuid?: string }): Promise<Conversation | undefined> {
	const row =
		(bsuid === undefined ? undefined : await find(context, channelId, 'bsuid', personLookup(context, { bsuid }))) ??
		(phone === undefined ? undefined : await find(context, channelId, 'phone', personLookup(context, { phone })));
	return row && opened(context, row);
}

async function opened(context: CommandContext, row: ConversationRow): Promise<Conversation | undefined> {
	const ids = await openIds(context, row);
	if (ids === undefined) return undefined;
	return { ...(await summaryOf(context, row)), ...ids };
}

/** A conversation without the person's addresses. */
export async function summaryOf(context: CommandContext, row: ConversationRow): Promise<Omit<Conversation, 'phone' | 'bsuid'>> {
	return {
		id: row.id,
		channelId: row.channel_id,
		contactId: (await contactOf(context, row))?.id ?? null,
		lastInboundAt: Number(row.last_inbound_at),
		windowUntil: Number(row.last_inbound_at) + windowMs,
		lastEventId: row.last_event_id,
	};
}

async function openIds(context: CommandContext, row: ConversationRow): Promise<Ids | undefined> {
	return openPersonal<Ids>(context, row.subject, place(row.id), row.sealed);
}

/** A number that was shown with another BSUID than the contact's is somebody else's by now. */
async function contactOf(context: CommandContext, { phone_lookup, bsuid_lookup }: Pick<ConversationRow, 'phone_lookup' | 'bsuid_lookup'>): Promise<ContactRow | undefined> {
	const byBsuid = bsuid_lookup === null ? undefined : await findContact(context, 'bsuid', bsuid_lookup);
	if (byBsuid !== undefined || phone_lookup === null) return byBsuid;
	const byPhone = await findContact(context, 'phone', phone_lookup);
	const isOther = bsuid_lookup !== null && byPhone !== undefined && byPhone.bsuid_lookup !== null;
	return isOther ? undefined : byPhone;
}

function place(id: string): string {
	return `conversation/${id}`;
}
