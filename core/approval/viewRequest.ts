import { loadChannel } from '../channel/channel';
import { countOutcomes, type Totals } from '../dispatch/report';
import { earlierVersions } from '../message/earlierVersions';
import { loadDraft, type Draft } from '../message/loadDraft';
import type { DraftContent } from '../message/draftContent';
import type { RequesterSource } from '../message/draftPeople';
import type { DraftSummary } from '../message/draftSummary';
import { shownMessages, type ShownMessage } from '../message/shownMessages';
import { defineQuery, type CommandContext } from '../store/command';
import type { BroadcastState, RequestState } from '../store/schema';
import { readConfirmation, type Confirmation } from './code';
import { linkPlace, openLink, type LinkHolder } from './link';
import { readDecisions, signedBy, type ApprovalOutcome } from './outcome';
import { draftIdOf, loadRequest, type Closing } from './request';
import { standingOf, turnOf, type SignOffStanding } from './standing';

/** A version of a message that somebody sent back, and what they asked for. */
export interface ReturnedVersion {
	by: string;
	/** ISO 8601. */
	at: string;
	/** What to change, in their words. */
	change: string;
	content: DraftContent;
	summary: DraftSummary;
}

/** One step of a sign-off. */
export interface StageView {
	name: string;
	state: 'done' | 'now' | 'later';
	signatures: number;
	signaturesNeeded: number;
}

/** Everything the sign-off page shows, for one approver. */
export interface RequestView {
	approver: string;
	/** True while this person may still decide. */
	mayDecide: boolean;
	/** True while this person may send the message back for a change. */
	mayReturn: boolean;
	/** How they confirm by code that it is them; null where their link is enough. */
	confirmation: Confirmation | null;
	state: RequestState;
	/** True when the time to decide is over, also before the sweep has noted it. */
	timeUp: boolean;
	expiresAt: number;
	/** Where the moment stands to the time in which the message may be sent. */
	window: 'ahead' | 'open' | 'over';
	digest: string;
	channel: { name: string; zone: string };
	content: DraftContent;
	summary: DraftSummary;
	requester: string;
	/** How it is known that it was them; null for drafts from before that was recorded. */
	requesterSource: RequesterSource | null;
	contributors: string[];
	signaturesNeeded: number;
	/** Step by step, where there is more than one. */
	stages: StageView[];
	/** Signatures that count. */
	signatures: number;
	/** The version before this one, when it came back. */
	returned: ReturnedVersion | null;
	/** Why more signatures are needed than usual, in words. */
	extra: string[];
	decisions: ApprovalOutcome['decisions'];
	/** Who ended it without a decision. */
	closed: Closing | null;
	/** ms; null where it was decided, or is open. */
	closedAt: number | null;
	broadcast: { state: BroadcastState; heldReason: string | null; startedAt: number; finishedAt: number | null; totals: Totals } | null;
	/** The message in each language that goes out, in the draft's order. */
	messages: ShownMessage[];
	/** ms */
	draftedAt: number;
	askedAt: number;
	/** Names of those whom sign-off was asked of. */
	asked: string[];
}

function windowAt(now: number, { notBefore, notAfter }: DraftContent): RequestView['window'] {
	if (now < Date.parse(notBefore)) return 'ahead';
	return now > Date.parse(notAfter) ? 'over' : 'open';
}

/** Reading changes nothing, whoever or whatever opens the link. @throws CivicError approval.link */
export const viewRequest = defineQuery('approval.view', async (context, input: { token: string }): Promise<RequestView> => {
	const link = await openLink(context, input.token);
	const request = await loadRequest(context, link.requestId);
	const draft = await loadDraft(context, draftIdOf(request));
	const channel = await loadChannel(context, request.channelId);
	const decisions = await readDecisions(context, request.id);
	const mine = await context.db
		.selectFrom('approval_decision')
		.select('id')
		.where('request_id', '=', request.id)
		.where('approver_lookup', '=', link.approverLookup)
		.executeTakeFirst();
	const signed = await signedBy(context, request);
	const broadcast = await context.db.selectFrom('broadcast').selectAll().where('draft_id', '=', draft.id).executeTakeFirst();
	const timeUp = request.state === 'expired' || (request.state === 'pending' && context.now >= request.expiresAt);
	const standing = standingOf(request.plan, signed);
	const mayDecide = request.state === 'pending' && !timeUp && mine === undefined && turnOf(request.plan, signed, link.approver.email).may;
	return {
		approver: link.approver.name,
		mayDecide,
		mayReturn: mayDecide,
		confirmation: await readConfirmation(context, request, link),
		state: request.state,
		timeUp,
		expiresAt: request.expiresAt,
		window: windowAt(context.now, draft.content),
		digest: request.digest,
		channel: { name: channel.name, zone: channel.rules.zone },
		content: draft.content,
		summary: draft.summary,
		requester: draft.requester.name,
		requesterSource: draft.requester.source ?? null,
		contributors: draft.contributors.map(({ name }) => name),
		signaturesNeeded: request.signaturesNeeded,
		stages: stagesOf(standing),
		signatures: standing.signatures,
		returned: await readReturned(context, draft),
		extra: request.plan.extra,
		decisions,
		closed: request.closed,
		closedAt: request.closed === null ? null : request.decidedAt,
		broadcast:
			broadcast === undefined
				? null
				: {
						state: broadcast.state,
						heldReason: broadcast.held_reason,
						startedAt: broadcast.started_at,
						finishedAt: broadcast.finished_at,
						totals: await countOutcomes(context, broadcast.id),
					},
		messages: shownMessages(draft),
		draftedAt: draft.createdAt,
		askedAt: request.createdAt,
		asked: await readAsked(context, request.id),
	};
});

async function readAsked({ db, keys }: CommandContext, requestId: string): Promise<string[]> {
	const links = await db.selectFrom('approval_link').select(['token_hash', 'approver_sealed', 'kind']).where('request_id', '=', requestId).orderBy('created_at').execute();
	const names = links.map((link) => (JSON.parse(keys.open(linkPlace(link.token_hash, requestId, link.kind), link.approver_sealed).toString('utf8')) as LinkHolder).name);
	// Whoever was reminded holds two links.
	return [...new Set(names)].sort((one, other) => one.localeCompare(other, 'en-GB'));
}

function stagesOf({ stage, stages }: SignOffStanding): StageView[] {
	if (stages.length < 2) return [];
	return stages.map(({ name, signatures, needed }, position) => ({
		name,
		state: position < stage ? 'done' : position === stage ? 'now' : 'later',
		signatures,
		signaturesNeeded: needed,
	}));
}

/** The newest earlier version that an approver sent back. */
async function readReturned(context: CommandContext, draft: Draft): Promise<ReturnedVersion | null> {
	for (const { id, content, summary } of await earlierVersions(context, draft)) {
		const row = await context.db.selectFrom('approval_request').select('id').where('draft_id', '=', id).where('state', '=', 'returned').executeTakeFirst();
		const decision = row === undefined ? undefined : (await readDecisions(context, row.id)).find((one) => one.decision === 'return');
		if (decision !== undefined) return { by: decision.by, at: decision.at, change: decision.reason, content, summary };
	}
	return null;
}
