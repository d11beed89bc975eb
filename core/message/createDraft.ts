import { describeAudience } from '../audience/audienceQuery';
import { snapshotAudience } from '../audience/snapshotAudience';
import { weeklyCap } from '../channel/caps';
import { quietUntil } from '../channel/quietHours';
import { loadChannel, requireAdopted, type Channel } from '../channel/channel';
import { requireAllowed, requireService } from '../channel/requireAllowed';
import { CivicError } from '../errors';
import { canonicalJson } from '../ledger/canonicalJson';
import { defineCommand, type CommandContext } from '../store/command';
import { draftDigest, type DraftContent, type DraftVariant, type FeedEntry } from './draftContent';
import type { Contributor, Requester } from './draftPeople';
import type { DraftSummary, RenderedMessage } from './draftSummary';
import { loadDraft } from './loadDraft';
import { estimateCost, type PriceTable } from './priceTable';
import { purposeLookup } from './purpose';
import { requireBudget } from './serviceSpend';

export interface NewDraft {
	channelId: string;
	service: string;
	title: string;
	category: string;
	variant: DraftVariant;
	rendered: RenderedMessage;
	/** By code or name. `areas: null` means everywhere; an empty list is refused. */
	audience: { topic: string; areas: string[] | null };
	/** ms; null means now. */
	notBefore: number | null;
	/** ms; null means twelve hours after `notBefore`, or the end of the offer in the message where that is sooner. */
	notAfter: number | null;
	feed: FeedEntry | null;
	requester: Requester;
	contributors: Contributor[];
	warnings: string[];
	/** What it is for, where service, title and audience do not say it. */
	purpose?: string;
	/** Id of the draft that it replaces. */
	replaces?: string;
	/** Absent means the prices that come along. */
	prices?: PriceTable;
}

export interface CreatedDraft {
	id: string;
	digest: string;
	content: DraftContent;
	summary: DraftSummary;
}

const longestWindowMs = 7 * 24 * 3600_000;
const usualWindowMs = 12 * 3600_000;

/**
 * Fixes a draft for ever: content, audience snapshot, window and mode, under one digest. An edit is another draft.
 * @throws CivicError channel.rules, channel.not-adopted, audience.empty, draft.window, input.invalid
 */
export const createDraft = defineCommand('draft.create', async (context, input: NewDraft): Promise<CreatedDraft> => {
	const channel = await loadChannel(context, input.channelId);
	requireAdopted(channel);
	requireService(channel, input.service);
	const window = sendWindow(input, context.now);
	const id = context.random.uuid();
	const snapshot = await snapshotAudience(context, { topic: input.audience.topic, ...(input.audience.areas === null ? {} : { areas: input.audience.areas }) }, id, (topic) => weeklyCap(channel.rules, topic ?? '', context.now));
	const { topic = input.audience.topic, areas } = snapshot.audience;
	const description = describeAudience({ topic, areas: areas?.map(({ name }) => name) });
	const codes = areas?.map(({ code }) => code) ?? null;
	requireAllowed(channel, { service: input.service, requester: input.requester, topic, areas: codes, people: snapshot.count });
	if (input.replaces !== undefined) await requireReplaceable(context, input.replaces, channel);
	const content: DraftContent = {
		v: 1,
		channel: channel.id,
		mode: channel.mode,
		service: input.service,
		title: input.title,
		category: input.category,
		variants: [input.variant],
		audience: { query: { topic, areas: codes }, count: snapshot.count, root: snapshot.root },
		notBefore: new Date(window.notBefore).toISOString(),
		notAfter: new Date(window.notAfter).toISOString(),
		...(input.purpose === undefined ? {} : { purpose: input.purpose }),
		...(input.requester.source === undefined ? {} : { requesterSource: input.requester.source }),
		...(input.replaces === undefined ? {} : { replaces: input.replaces }),
		correction: null,
		feed: input.feed,
	};
	const digest = draftDigest(content);
	const cost = estimateCost(input.category, snapshot.count, input.prices);
	await requireBudget(context, channel, input.service, cost);
	const summary: DraftSummary = {
		message: input.rendered,
		audience: { description, count: snapshot.count, byArea: snapshot.byArea, leftOut: snapshot.leftOut },
		cost,
		warnings: [...input.warnings, ...channelWarnings(channel, window, context.now)],
	};
	const summaryText = JSON.stringify(summary);
	await context.db
		.insertInto('draft')
		.values({
			id,
			channel_id: channel.id,
			digest,
			content: canonicalJson(content),
			summary: summaryText,
			people_sealed: context.keys.seal(`draft/${id}/people`, JSON.stringify({ requester: input.requester, contributors: input.contributors })),
			created_at: context.now,
			purpose_lookup: purposeLookup(context, content),
			mac: context.keys.mac('draft', [id, channel.id, digest, context.now, summaryText]),
		})
		.execute();
	context.append({
		act: 'draft.create',
		actor: { role: 'requester' },
		outcome: 'ok',
		channel: channel.id,
		resource: { type: 'draft', id },
		refs: { digest, ...(input.feed === null ? {} : { feedHash: input.feed.hash }), ...(input.requester.source === undefined ? {} : { requesterSource: input.requester.source }) },
		counts: { people: snapshot.count, optedOut: snapshot.leftOut.optedOut, unreachable: snapshot.leftOut.unreachable, capped: snapshot.leftOut.capped ?? 0 },
		disclose: { content, requester: input.requester, contributors: input.contributors },
	});
	return { id, digest, content, summary };
});

/** A draft of another number, with other approvers, is not replaced by this one. */
async function requireReplaceable(context: CommandContext, id: string, channel: Channel): Promise<void> {
	const replaced = await loadDraft(context, id);
	if (replaced.channelId === channel.id) return;
	throw new CivicError('input.invalid', "'Replaces Draft' names a draft of another channel.", 'Give the id of a draft that was made with the same credential, or leave the field empty.');
}

/** What the rules of the channel will make of the draft, said before anybody signs it. */
function channelWarnings({ name, mode, rules }: Channel, { notBefore, notAfter }: { notBefore: number; notAfter: number }, now: number): string[] {
	const warnings: string[] = [];
	if (mode === 'training') warnings.push(`Channel "${name}" is in training mode: only the approvers get this message, and no resident does.`);
	const quiet = quietUntil(Math.max(now, notBefore), rules.zone, rules.quietHours);
	if (quiet === null) return warnings;
	const end = new Date(quiet).toLocaleString('en-GB', { timeZone: rules.zone, dateStyle: 'medium', timeStyle: 'short' });
	const outcome = quiet >= notAfter ? 'the time in which this draft may go out is over by then, so it will not be sent' : 'it goes out not before then';
	return [...warnings, `Channel "${name}" is in its quiet hours until ${end}: ${outcome}.`];
}

function sendWindow(input: NewDraft, now: number): { notBefore: number; notAfter: number } {
	const notBefore = input.notBefore ?? now;
	const earliest = Math.max(notBefore, now);
	// An offer that is over reads as a mistake of the council's, so no message leaves after its end.
	const offerEnds = Date.parse(input.rendered.offer?.ends ?? '');
	const notAfter = input.notAfter ?? Math.min(earliest + usualWindowMs, ...(offerEnds > earliest ? [offerEnds] : []));
	const refuse = (what: string) => new CivicError('draft.window', what, "Mend 'Not Before' and 'Not After' of the draft.");
	if (!Number.isFinite(notBefore) || !Number.isFinite(notAfter)) throw refuse('The time window of the draft is not a pair of dates.');
	if (notAfter <= now) throw refuse('The draft may only go out before a time that is already past.');
	if (notAfter <= notBefore) throw refuse("'Not After' of the draft is not later than 'Not Before'.");
	if (offerEnds <= earliest) throw new CivicError('draft.window', 'The offer in the message ends before the message may go out.', "Mend 'Offer ends', or 'Not Before' of the draft.");
	if (notAfter > offerEnds) throw refuse('The draft may go out after the offer in its message has ended.');
	if (notAfter - earliest > longestWindowMs) throw refuse('The draft could go out more than seven days after it was made, when its words may no longer be true.');
	return { notBefore, notAfter };
}
