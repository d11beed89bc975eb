import { loadChannel } from '../channel/channel';
import type { Approver } from '../channel/rules';
import { countOutcomes, type Totals } from '../dispatch/report';
import { loadDraft } from '../message/loadDraft';
import type { DraftContent } from '../message/draftContent';
import type { DraftSummary } from '../message/draftSummary';
import { shownMessages, type ShownMessage } from '../message/shownMessages';
import { defineQuery, type CommandContext } from '../store/command';
import type { BroadcastState, RequestState } from '../store/schema';
import { linkPlace, openLink } from './link';
import { readDecisions, type ApprovalOutcome } from './outcome';
import { loadRequest } from './request';

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
	decisions: ApprovalOutcome['decisions'];
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
	const draft = await loadDraft(context, request.draftId);
	const channel = await loadChannel(context, request.channelId);
	const decisions = await readDecisions(context, request.id);
	const mine = await context.db
		.selectFrom('approval_decision')
		.select('id')
		.where('request_id', '=', request.id)
		.where('approver_lookup', '=', link.approverLookup)
		.executeTakeFirst();
	const broadcast = await context.db.selectFrom('broadcast').selectAll().where('draft_id', '=', draft.id).executeTakeFirst();
	const timeUp = request.state === 'expired' || (request.state === 'pending' && context.now >= request.expiresAt);
	return {
		approver: link.approver.name,
		mayDecide: request.state === 'pending' && !timeUp && mine === undefined,
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
		decisions,
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
	const links = await db.selectFrom('approval_link').select(['token_hash', 'approver_sealed']).where('request_id', '=', requestId).orderBy('created_at').execute();
	const names = links.map((link) => (JSON.parse(keys.open(linkPlace(link.token_hash, requestId), link.approver_sealed).toString('utf8')) as Approver).name);
	return names.sort((one, other) => one.localeCompare(other, 'en-GB'));
}
