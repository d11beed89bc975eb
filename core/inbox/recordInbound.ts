import { carryOptOuts } from '../audience/carryOptOuts';
import { personLookup } from '../audience/contact';
import { lookupsOf } from '../audience/findContact';
import { learnIds, type SeenIds } from '../audience/learnIds';
import { allTopics, recordOptOut, strangerSubject } from '../audience/optOut';
import { linkedLookups } from '../audience/personLink';
import type { CommandContext } from '../store/command';
import { sealPersonal } from '../store/personKey';
import type { MessageEvent, WebhookEvent } from '../whatsapp/webhookEvents';
import { classify, type Classified, type PersonEvent } from './classify';
import { noteConversation } from './conversation';
import { eventPlace } from './inboxEvent';
import { noteLastInbound } from './lastInbound';

export interface RecordedInbound {
	/** Events that are new in the inbox. */
	stored: number;
	/** Events that were there already: WhatsApp delivers again until it is answered. */
	duplicates: number;
	/** Stored events in which somebody asked to be left alone. */
	optOuts: number;
}

interface Sender {
	ids: SeenIds;
	/** Everything the person is known by: from the webhook, from the contact, and from what was seen together before. */
	lookups: string[];
	contactId?: string;
}

/**
 * Takes what people sent into the inbox, for use inside a command: everything in one transaction, an opt-out together with
 * the message that holds it. Nothing that arrives here ever undoes an opt-out.
 * @param input events of one verified webhook; those that do not come from a person are passed over
 */
export async function recordInbound(context: CommandContext, input: { channelId: string; events: readonly WebhookEvent[] }): Promise<RecordedInbound> {
	const tally: RecordedInbound = { stored: 0, duplicates: 0, optOuts: 0 };
	for (const event of input.events) {
		if (event.kind !== 'message' && event.kind !== 'preference') continue;
		const dedupe = dedupeOf(context, event);
		if (await isKnown(context, dedupe)) {
			tally.duplicates++;
			continue;
		}
		const classified = classify(event);
		const sender = await identify(context, event);
		const eventId = await store(context, input.channelId, event, classified, sender, dedupe);
		await obey(context, input.channelId, event, classified, sender);
		await noteWritten(context, { channelId: input.channelId, eventId, event }, classified, sender);
		tally.stored++;
		if (classified.kind === 'opt-out') tally.optOuts++;
	}
	if (tally.stored > 0) {
		context.append({ act: 'inbox.record', actor: { role: 'provider' }, outcome: 'ok', channel: input.channelId, counts: { ...tally } });
	}
	return tally;
}

function dedupeOf({ keys }: CommandContext, event: PersonEvent): string {
	if (event.kind === 'message') return keys.lookup('event', event.messageId);
	const { from = '', fromUserId = '', category, value, at = 0 } = event;
	return keys.lookup('event', JSON.stringify(['preference', from, fromUserId, category, value, at]));
}

async function isKnown({ sql }: CommandContext, dedupe: string): Promise<boolean> {
	return (await sql.all('SELECT 1 FROM inbox_event WHERE dedupe = ?', dedupe)).length > 0;
}

async function identify(context: CommandContext, { from, fromUserId }: PersonEvent): Promise<Sender> {
	const ids: SeenIds = {
		phone: from && { value: from, lookup: personLookup(context, { phone: from }) },
		bsuid: fromUserId === undefined ? undefined : { value: fromUserId, lookup: personLookup(context, { bsuid: fromUserId }) },
	};
	const contact = await learnIds(context, ids);
	const seen = [ids.phone?.lookup, ids.bsuid?.lookup].filter((lookup) => lookup !== undefined);
	return { ids, contactId: contact?.id, lookups: await linkedLookups(context, [...seen, ...(contact === undefined ? [] : lookupsOf(contact))]) };
}

async function store(context: CommandContext, channelId: string, event: PersonEvent, { kind }: Classified, sender: Sender, dedupe: string): Promise<string> {
	const id = context.random.uuid();
	const [mainLookup] = sender.lookups;
	// WhatsApp names nobody in some notices of its own; those are sealed with a key of their own.
	const subject = sender.contactId ?? (mainLookup === undefined ? `event:${id}` : strangerSubject(mainLookup));
	await context.sql.run(
		`INSERT INTO inbox_event (id, channel_id, kind, dedupe, contact_id, person_lookup, subject, sealed, occurred_at, received_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id,
		channelId,
		kind,
		dedupe,
		sender.contactId ?? null,
		mainLookup ?? null,
		subject,
		await sealPersonal(context, subject, eventPlace(id), event),
		event.at ?? context.now,
		context.now,
	);
	return id;
}

async function obey(context: CommandContext, channelId: string, event: PersonEvent, { optOutSource }: Classified, sender: Sender): Promise<void> {
	const { lookups, contactId } = sender;
	if (optOutSource !== undefined && lookups.length > 0) {
		await recordOptOut(context, { lookups, topic: allTopics, source: optOutSource, at: event.at ?? context.now, contactId, channelId });
	}
	if (lookups.length > 1) await carryOptOuts(context, lookups, lookups, contactId);
	if (event.kind === 'message' && event.change !== undefined) await carryToNewIds(context, event.change, lookups);
}

/** Somebody's number or user id has changed. The new one starts without consent, but not without the opt-outs of the old one. */
async function carryToNewIds(context: CommandContext, change: NonNullable<MessageEvent['change']>, lookups: string[]): Promise<void> {
	const { phone, userId, previousUserId } = change;
	const before = [...lookups, ...(previousUserId === undefined ? [] : [personLookup(context, { bsuid: previousUserId })])];
	const after = [
		...(phone === undefined ? [] : [personLookup(context, { phone })]),
		...(userId === undefined ? [] : [personLookup(context, { bsuid: userId })]),
	];
	await carryOptOuts(context, before, after);
}

/** Who writes to us can be reached; and the window of 24 hours counts from WhatsApp's time, never from a time to come. */
async function noteWritten(
	context: CommandContext,
	{ channelId, eventId, event }: { channelId: string; eventId: string; event: PersonEvent },
	{ opensWindow }: Classified,
	{ contactId, ids }: Sender,
): Promise<void> {
	const { sql, now } = context;
	// Without a time of WhatsApp's it is not known how old a message is.
	const at = opensWindow && event.at !== undefined ? Math.min(event.at, now) : null;
	await noteConversation(context, { channelId, eventId, ids, at });
	if (contactId === undefined) return;
	if (opensWindow) await sql.run("UPDATE contact SET status = 'active' WHERE id = ? AND status = 'unreachable'", contactId);
	await noteLastInbound(context, channelId, contactId);
}
