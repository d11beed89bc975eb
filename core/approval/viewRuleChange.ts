import { loadChannel } from '../channel/channel';
import type { RuleDifference } from '../channel/ruleChange/difference';
import { differencesOf } from '../channel/ruleChange/putIntoForce';
import { loadRuleChange, ruleChangeDigest } from '../channel/ruleChange/ruleChange';
import { defineQuery } from '../store/command';
import type { RequestState } from '../store/schema';
import { readConfirmation, type Confirmation } from './code';
import { openLink } from './link';
import { readDecisions, signedBy, type ApprovalOutcome } from './outcome';
import { loadRequest, type Closing } from './request';
import { standingOf, turnOf, type SignOffStanding } from './standing';

/** Everything the page about a change of rules shows, for one approver. */
export interface RuleChangeView {
	approver: string;
	mayDecide: boolean;
	/** How they confirm by code that it is them; null where their link is enough. */
	confirmation: Confirmation | null;
	state: RequestState;
	timeUp: boolean;
	/** ms */
	expiresAt: number;
	digest: string;
	channel: { name: string; zone: string };
	/** What was proposed, beside what was in force then. */
	differences: RuleDifference[];
	/** Who could sign messages under the proposed rules. */
	approvers: Array<{ name: string; email: string; phone: string; role: string; group: string }>;
	/** Name of the credential that holds the proposal; empty where it is not known. */
	source: string;
	signaturesNeeded: number;
	stages: SignOffStanding['stages'];
	decisions: ApprovalOutcome['decisions'];
	closed: Closing | null;
}

/**
 * Reading changes nothing.
 * @returns null when the link is to something else than a change of rules
 * @throws CivicError approval.link
 */
export const viewRuleChange = defineQuery('approval.view-rule-change', async (context, input: { token: string }): Promise<RuleChangeView | null> => {
	const link = await openLink(context, input.token);
	const request = await loadRequest(context, link.requestId);
	if (request.subject.kind !== 'rule-change') return null;
	const change = await loadRuleChange(context, request.subject.changeId);
	const channel = await loadChannel(context, request.channelId);
	const signed = await signedBy(context, request);
	const decisions = await readDecisions(context, request.id);
	const mine = await context.db
		.selectFrom('approval_decision')
		.select('id')
		.where('request_id', '=', request.id)
		.where('approver_lookup', '=', link.approverLookup)
		.executeTakeFirst();
	// The sweep has not been round yet.
	const overtaken = request.state === 'pending' && (change.state !== 'pending' || channel.rulesFingerprint !== request.rulesFingerprint || channel.mode !== change.modeBefore);
	const timeUp = request.state === 'expired' || (request.state === 'pending' && context.now >= request.expiresAt);
	return {
		approver: link.approver.name,
		mayDecide: request.state === 'pending' && !overtaken && !timeUp && mine === undefined && turnOf(request.plan, signed, link.approver.email).may,
		confirmation: await readConfirmation(context, request, link),
		state: overtaken ? 'superseded' : request.state,
		timeUp,
		expiresAt: request.expiresAt,
		digest: ruleChangeDigest(context, change),
		channel: { name: channel.name, zone: channel.rules.zone },
		differences: differencesOf(change.before, change.proposed),
		approvers: change.proposed.rules.approvers.map(({ name, email, phone, role, group }) => ({ name, email, phone, role, group })),
		source: change.source.name,
		signaturesNeeded: request.signaturesNeeded,
		stages: standingOf(request.plan, signed).stages,
		decisions,
		closed: request.closed,
	};
});
