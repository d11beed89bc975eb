import { loadChannel, requireAdopted, type Channel } from '../channel/channel';
import { requireDesk } from '../channel/deskAddress';
import { requireAllowed } from '../channel/requireAllowed';
import { CivicError } from '../errors';
import { earlierVersions, peopleBehind } from '../message/earlierVersions';
import { loadDraft, type Draft } from '../message/loadDraft';
import { requireBudget } from '../message/serviceSpend';
import { defineCommand } from '../store/command';
import { fileRequest } from './fileRequest';
import { loadGrant } from './grant';
import { issueLink, type LinkHolder, type LinkKind } from './link';
import { firstNotice, makePlan } from './plan';
import { supersede } from './supersede';

export interface SignOffRequest {
	draftId: string;
	channelId: string;
	/** Narrows who is asked; names or e-mail addresses. */
	ask: string[];
	/** Narrows the time to decide, hours; null leaves the rule's. */
	decideWithinHours: number | null;
	/** More signatures than the rules ask for; null leaves theirs. */
	signatures?: number | null;
	/** What the links are: `locator` where they pass through other hands. Default: `private`. */
	links?: LinkKind;
	executionId: string;
	/** n8n's address that wakes the waiting execution. It decides nothing: the gate reads the store. */
	resumeUrl: string;
}

export interface RequestedSignOff {
	requestId: string;
	expiresAt: number;
	/** Where the pages are served, ending in a slash. */
	pageAddress: string;
	draft: { title: string; service: string; people: number };
	/** Signatures that the step now open still needs. */
	signaturesNeeded: number;
	/** Whether they decide alone. */
	linkKind: LinkKind;
	/** One link a person of the first step. The token exists here and on its way to that person only; the store keeps a hash. */
	links: Array<{ token: string; approver: LinkHolder }>;
}

/**
 * Asks for signatures on a draft's digest. A pending request for the same draft, for one it replaces, or for an earlier one
 * with the same purpose is superseded: its links stop deciding.
 * @throws CivicError draft.*, channel.*, desk.inactive, approval.no-approvers, approval.decided when it is signed already
 */
export const requestSignOff = defineCommand('approval.request', async (context, input: SignOffRequest): Promise<RequestedSignOff> => {
	const channel = await loadChannel(context, input.channelId);
	requireAdopted(channel);
	const draft = await loadDraft(context, input.draftId);
	requireSameChannel(draft, channel);
	const { service, audience } = draft.content;
	requireAllowed(channel, { service, requester: draft.requester, ...audience.query, people: audience.count });
	await requireBudget(context, channel, service, draft.summary.cost);
	const pageAddress = await requireDesk(context);
	if ((await loadGrant(context, draft.id)) !== undefined) {
		throw new CivicError('approval.decided', 'This draft is signed already.', 'Go straight on to Send Broadcast; it finds the grant by itself.');
	}
	const expiresAt = Math.min(context.now + hoursToDecide(input, channel) * 3600_000, Date.parse(draft.content.notAfter));
	if (expiresAt <= context.now) {
		throw new CivicError('draft.window', 'The time in which this draft may be sent is over.', 'Make a new draft with a later window.');
	}
	const earlier = await earlierVersions(context, draft);
	const plan = makePlan({
		rules: channel.rules,
		content: draft.content,
		requester: draft.requester,
		contributors: [...draft.contributors, ...peopleBehind(earlier)],
		ask: input.ask,
		signatures: input.signatures ?? null,
		now: context.now,
		expiresAt,
	});
	await supersede(context, draft, earlier);
	const requestId = context.random.uuid();
	const signaturesNeeded = plan.stages.reduce((sum, { signatures }) => sum + signatures, 0);
	await fileRequest(context, {
		id: requestId,
		subject: { kind: 'draft', draftId: draft.id },
		channel,
		digest: draft.digest,
		expiresAt,
		plan,
		waiting: { executionId: input.executionId, resumeUrl: input.resumeUrl },
		noticeAt: firstNotice(plan),
	});
	const first = plan.stages[0];
	const asked = (first?.people ?? []).filter((person) => person.asked === 'at-once');
	const linkKind = input.links ?? 'private';
	const links = [];
	for (const person of asked) links.push({ token: await issueLink(context, requestId, person, linkKind), approver: person });
	context.append({
		act: 'approval.request',
		actor: { role: 'requester' },
		outcome: 'ok',
		channel: channel.id,
		resource: { type: 'request', id: requestId },
		refs: { digest: draft.digest, draft: draft.id, ...(linkKind === 'private' ? {} : { links: linkKind }) },
		counts: { signaturesNeeded, asked: asked.length, stages: plan.stages.length },
		disclose: {
			requester: draft.requester,
			asked: asked.map(({ name, email }) => ({ name, email })),
			until: new Date(expiresAt).toISOString(),
			...(plan.extra.length === 0 ? {} : { extra: plan.extra }),
		},
	});
	return {
		requestId,
		expiresAt,
		pageAddress,
		draft: { title: draft.content.title, service, people: audience.count },
		signaturesNeeded: first?.signatures ?? 0,
		linkKind,
		links,
	};
});

function hoursToDecide(input: SignOffRequest, channel: Channel): number {
	const asked = input.decideWithinHours;
	// The node may narrow the rule, never widen it.
	return asked !== null && asked > 0 ? Math.min(asked, channel.rules.decideWithinHours) : channel.rules.decideWithinHours;
}

function requireSameChannel(draft: Draft, channel: Channel): void {
	if (draft.channelId !== channel.id) {
		throw new CivicError(
			'draft.changed',
			`The draft was made for another channel than "${channel.name}".`,
			'Give this node the same "Civic WhatsApp API" credential as the node that drafted.',
		);
	}
	if (draft.content.mode !== channel.mode) {
		throw new CivicError(
			'channel.mode',
			`The draft was made in ${draft.content.mode} mode; channel "${channel.name}" is in ${channel.mode} mode now.`,
			'Make a new draft in the mode that is meant.',
		);
	}
}
