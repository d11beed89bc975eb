import { loadChannel } from '../channel/channel';
import { countOutcomes, type Totals } from '../dispatch/report';
import { loadDraft } from '../message/loadDraft';
import type { DraftContent } from '../message/draftContent';
import type { DraftSummary } from '../message/draftSummary';
import { defineQuery } from '../store/command';
import type { BroadcastState, RequestState } from '../store/schema';
import { openLink } from './link';
import { readDecisions, signedBy, type ApprovalOutcome } from './outcome';
import { draftIdOf, loadRequest, type Closing } from './request';
import { standingOf, turnOf, type SignOffStanding } from './standing';

/** Everything the sign-off page shows, for one approver. */
export interface RequestView {
	approver: string;
	/** True while this person may still decide. */
	mayDecide: boolean;
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
	contributors: string[];
	signaturesNeeded: number;
	/** Step by step; one without a name where there is only one. */
	stages: SignOffStanding['stages'];
	/** Why more signatures are needed than usual, in words. */
	extra: string[];
	decisions: ApprovalOutcome['decisions'];
	/** Who ended it without a decision. */
	closed: Closing | null;
	broadcast: { state: BroadcastState; heldReason: string | null; totals: Totals } | null;
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
	return {
		approver: link.approver.name,
		mayDecide: request.state === 'pending' && !timeUp && mine === undefined && turnOf(request.plan, signed, link.approver.email).may,
		state: request.state,
		timeUp,
		expiresAt: request.expiresAt,
		window: windowAt(context.now, draft.content),
		digest: request.digest,
		channel: { name: channel.name, zone: channel.rules.zone },
		content: draft.content,
		summary: draft.summary,
		requester: draft.requester.name,
		contributors: draft.contributors.map(({ name }) => name),
		signaturesNeeded: request.signaturesNeeded,
		stages: standingOf(request.plan, signed).stages,
		extra: request.plan.extra,
		decisions,
		closed: request.closed,
		broadcast:
			broadcast === undefined
				? null
				: { state: broadcast.state, heldReason: broadcast.held_reason, totals: await countOutcomes(context, broadcast.id) },
	};
});
