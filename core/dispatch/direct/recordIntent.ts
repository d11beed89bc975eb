import { loadChannel, requireAdopted, type Channel } from '../../channel/channel';
import type { CivicError, ErrorCode } from '../../errors';
import { requireRunningOffer } from '../../message/requireRunningOffer';
import { defineCommand, type CommandContext } from '../../store/command';
import { sealPersonal } from '../../store/personKey';
import type { MessageContent } from '../../whatsapp/messages/content';
import type { Recipient } from '../../whatsapp/recipient';
import { requireClock, requireOwnRules } from '../authoriseSend';
import { contentKey } from './contentKey';
import { overLimit } from './limits';
import { isWindowOpen, whyNot } from './permission';
import { findPerson, type Person, type PersonRef } from './person';
import { foreignEvent } from './answeredMessage';

/** A message to one person, as a node asks for it. */
export interface DirectWish {
	channelId: string;
	/** Of the rules in the node's own credential. */
	rulesFingerprint: string;
	to: PersonRef;
	/** Found to fit WhatsApp's limits before it comes here. */
	content: MessageContent;
	/** The event whose message is quoted or reacted to; must be the same person's. */
	answers: string | null;
	/** Meta's clock when the template was read, ms; null for messages that need no template. */
	serverDate: number | null;
}

export type DirectIntent =
	| { id: string; to: Recipient; conversationId: string | null; contactId: string | null; windowUntil: number | null }
	| { refused: { code: ErrorCode; message: string; hint: string } };

/** An intent without an outcome for this long belongs to a process that has ended. */
const lostAfterMs = 10 * 60_000;

/**
 * Decides whether a message to one person may leave, and if so records that it is about to: rules, training, opt-out,
 * window and limits are asked here, in the same transaction as the intent, so that two flows cannot both have the last place.
 * A refusal by the rules is entered in the ledger, and comes back as an answer so that the entry stays.
 * @throws CivicError where nothing could be decided: `channel.*`, `clock.skew`, `direct.person`, `phone.invalid`
 */
export const recordDirectIntent = defineCommand('direct.intent', async (context, wish: DirectWish): Promise<DirectIntent> => {
	const channel = await loadChannel(context, wish.channelId);
	requireAdopted(channel);
	requireOwnRules(channel, wish.rulesFingerprint);
	const isTemplate = wish.content.type === 'template';
	await requireClock(context, isTemplate ? wish.serverDate : context.now);
	requireRunningOffer(offerEndIn(wish.content), context.now);
	await settleLostIntents(context, channel.id);
	const person = await findPerson(context, channel.id, wish.to);
	if (wish.answers !== null) await requireSamePerson(context, person, wish.answers);
	const contentLookup = await contentKey(context, channel.id, wish.content);
	const counted = channel.rules.directMessages.countReplies || !isWindowOpen(person, context.now);
	const refusal =
		(await whyNot(context, channel, person, { isTemplate })) ?? (counted ? await overLimit(context, channel, { lookups: person.lookups, contentLookup }) : undefined);
	if (refusal !== undefined) return refuse(context, channel, person, wish.content.type, refusal);
	return intend(context, channel, person, { kind: wish.content.type, contentLookup, counted });
});

async function intend(
	context: CommandContext,
	channel: Channel,
	person: Person,
	{ kind, contentLookup, counted }: { kind: string; contentLookup: string; counted: boolean },
): Promise<DirectIntent> {
	const id = context.random.uuid();
	await context.db
		.insertInto('direct_message')
		.values({
			id,
			channel_id: channel.id,
			conversation_id: person.conversation?.id ?? null,
			contact_id: person.contactId,
			person_lookup: person.lookups[0] ?? '',
			content_lookup: contentLookup,
			kind,
			counted: counted ? 1 : 0,
			subject: person.subject,
			address_sealed: await sealPersonal(context, person.subject, `direct/${id}/address`, { address: person.address }),
			state: 'intent',
			reason: null,
			message_lookup: null,
			message_sealed: null,
			created_at: context.now,
			settled_at: null,
			sent_at: null,
			delivered_at: null,
			read_at: null,
			failed_at: null,
			failed_code: null,
		})
		.execute();
	return { id, to: person.address, conversationId: person.conversation?.id ?? null, contactId: person.contactId, windowUntil: person.conversation?.windowUntil ?? null };
}

function offerEndIn(content: MessageContent): number | undefined {
	const offer = content.type === 'template' ? content.components.find((component) => component.type === 'limited_time_offer') : undefined;
	return offer?.parameters[0]?.limited_time_offer.expiration_time_ms;
}

/** That somebody tried is worth knowing to whoever looks after the rules. */
function refuse(context: CommandContext, channel: Channel, person: Person, kind: string, { code, message, hint }: CivicError): DirectIntent {
	context.append({
		act: 'direct.refuse',
		actor: { role: 'system' },
		outcome: 'refused',
		channel: channel.id,
		refs: { kind, why: code },
		disclose: { person: person.contactId ?? person.lookups[0] ?? '' },
		subject: person.subject,
	});
	return { refused: { code, message, hint } };
}

async function requireSamePerson(context: CommandContext, { lookups }: Person, eventId: string): Promise<void> {
	const [row] = await context.sql.all<{ person_lookup: string | null }>('SELECT person_lookup FROM inbox_event WHERE id = ?', eventId);
	if (row?.person_lookup === undefined || row.person_lookup === null || !lookups.includes(row.person_lookup)) throw foreignEvent();
}

/** What had left, or not, when its process ended may have been accepted. It is named uncertain and never sent again by itself. */
async function settleLostIntents(context: CommandContext, channelId: string): Promise<void> {
	const { changes } = await context.sql.run(
		"UPDATE direct_message SET state = 'uncertain', reason = 'interrupted', settled_at = ? WHERE channel_id = ? AND state = 'intent' AND created_at < ?",
		context.now,
		channelId,
		context.now - lostAfterMs,
	);
	if (changes === 0) return;
	context.append({ act: 'direct.interrupted', actor: { role: 'system' }, outcome: 'held', channel: channelId, counts: { uncertain: changes } });
}
