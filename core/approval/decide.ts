import { loadChannel } from '../channel/channel';
import { isSamePerson } from '../channel/samePerson';
import { CivicError } from '../errors';
import { loadDraft, type Draft } from '../message/loadDraft';
import { defineCommand, type CommandContext } from '../store/command';
import type { RequestState } from '../store/schema';
import { grantMacParts } from './grant';
import { openLink, type OpenedLink } from './link';
import { loadDecisions } from './outcome';
import { loadRequest, settleRequest, type ApprovalRequest } from './request';
import { nextState } from './stateTable';

export interface Decision {
	/** The secret of the approver's link. */
	token: string;
	decision: 'approve' | 'reject';
	/** Required for a rejection; up to 2,000 characters. */
	reason: string;
	/** The number of people the approver ticked that they understand. */
	acknowledgedPeople: number | null;
	/** The digest the page showed. A signature on something else is not a signature. */
	digest: string;
}

export interface Decided {
	requestId: string;
	state: RequestState;
	signatures: number;
	signaturesNeeded: number;
}

const longestReason = 2000;

/**
 * Takes one approver's decision. Everything is read again inside the transaction; exactly one decision settles a request.
 * @throws CivicError approval.link, approval.decided, approval.barred, draft.changed, channel.rules, channel.mode, input.invalid, store.tampered
 */
export const decide = defineCommand('approval.decide', async (context, input: Decision): Promise<Decided> => {
	const link = await openLink(context, input.token);
	const request = await loadRequest(context, link.requestId);
	await requireOpen(context, request, link);
	const draft = await loadDraft(context, request.draftId);
	await requireSame(context, request, draft, input);
	requireFree(link, draft);
	const reason = requireWords(input, draft);
	await insertDecision(context, request, link, input.decision, reason);
	const signatures = (await loadDecisions(context, request.id)).filter(({ decision }) => decision === 'approve').length;
	const event = input.decision === 'reject' ? 'refusal' : signatures >= request.signaturesNeeded ? 'enough-signatures' : null;
	let state: RequestState = request.state;
	if (event !== null) {
		const next = nextState(request.state, event);
		if (next === null || next === 'pending' || !(await settleRequest(context, request, next))) throw alreadyDecided();
		state = next;
		if (state === 'approved') await grant(context, request);
	}
	context.append({
		act: 'approval.decide',
		// Who it was stands in the erasable part: a keyed hash in the leaf would name a person for ever.
		actor: { role: 'approver' },
		outcome: input.decision === 'approve' ? 'ok' : 'refused',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
		refs: { decision: input.decision, digest: request.digest, draft: request.draftId, state },
		counts: { signatures, signaturesNeeded: request.signaturesNeeded },
		disclose: { approver: { name: link.approver.name, email: link.approver.email }, ...(reason === '' ? {} : { reason }) },
	});
	return { requestId: request.id, state, signatures, signaturesNeeded: request.signaturesNeeded };
});

async function requireOpen(context: CommandContext, request: ApprovalRequest, link: OpenedLink): Promise<void> {
	if (request.state !== 'pending' || context.now >= request.expiresAt) throw alreadyDecided(request.state === 'pending');
	const earlier = await loadDecisions(context, request.id);
	if (earlier.some(({ decision }) => decision === 'reject')) throw reopened();
	if (earlier.some(({ approver_lookup }) => approver_lookup === link.approverLookup)) {
		throw new CivicError('approval.decided', 'You have already decided on this message.', 'Nothing more is needed from you. This page shows what happens next.');
	}
}

async function requireSame(context: CommandContext, request: ApprovalRequest, draft: Draft, input: Decision): Promise<void> {
	if (draft.digest !== request.digest || input.digest !== request.digest) {
		throw new CivicError('draft.changed', 'What you were shown is not what this request is about.', 'Load the page again and read the message before you decide.');
	}
	const channel = await loadChannel(context, request.channelId);
	if (channel.mode !== draft.content.mode) {
		throw new CivicError(
			'channel.mode',
			`The channel was switched to ${channel.mode} mode after this was sent to you.`,
			'Nothing was decided. Ask the service to draft the message again in the mode that is meant.',
		);
	}
	if (channel.rulesFingerprint !== request.rulesFingerprint) {
		throw new CivicError(
			'channel.rules',
			'The rules of the channel changed after this was sent to you.',
			'Nothing was decided. Ask the service to request sign-off again, under the rules in force now.',
		);
	}
}

function requireFree(link: OpenedLink, draft: Draft): void {
	if (![draft.requester, ...draft.contributors].some((person) => isSamePerson(link.approver, person))) return;
	throw new CivicError('approval.barred', 'You asked for this message or worked on it, so you may not sign it.', 'Another approver must decide.');
}

function requireWords(input: Decision, draft: Draft): string {
	// A browser counts a line break as one character and sends it as two (HTML, "constructing the entry list").
	const reason = input.reason.replaceAll('\r\n', '\n').trim();
	if (reason.length > longestReason) {
		throw new CivicError('input.invalid', `The reason has ${reason.length} characters; ${longestReason} are allowed.`, 'Shorten it and send it again.');
	}
	if (input.decision === 'reject' && reason === '') {
		throw new CivicError('input.invalid', 'Say why you reject this message.', 'The service reads your reason and can then make a better draft.');
	}
	const people = draft.content.audience.count;
	if (input.decision === 'approve' && input.acknowledgedPeople !== people) {
		throw new CivicError('input.invalid', `Tick that you understand how many people get this message (${people}).`, 'Then approve again.');
	}
	return reason;
}

async function insertDecision(context: CommandContext, request: ApprovalRequest, link: OpenedLink, decision: 'approve' | 'reject', reason: string): Promise<void> {
	const id = context.random.uuid();
	const detail = { name: link.approver.name, email: link.approver.email, reason };
	await context.db
		.insertInto('approval_decision')
		.values({
			id,
			request_id: request.id,
			approver_lookup: link.approverLookup,
			decision,
			decided_at: context.now,
			digest: request.digest,
			detail_sealed: context.keys.seal(`approval_decision/${id}`, JSON.stringify(detail)),
			mac: context.keys.mac('approval-decision', [id, request.id, link.approverLookup, decision, context.now, request.digest]),
		})
		.execute();
}

function reopened(): CivicError {
	return new CivicError(
		'store.tampered',
		'This message was rejected before, yet the request is open.',
		'Somebody changed the database by hand. Nothing was decided; tell whoever looks after the installation.',
	);
}

async function grant(context: CommandContext, request: ApprovalRequest): Promise<void> {
	const row = {
		id: context.random.uuid(),
		request_id: request.id,
		draft_id: request.draftId,
		digest: request.digest,
		rules_fingerprint: request.rulesFingerprint,
		granted_at: context.now,
	};
	await context.db.insertInto('approval_grant').values({ ...row, mac: context.keys.mac('approval-grant', grantMacParts(row)) }).execute();
}

function alreadyDecided(timeUp = false): CivicError {
	return timeUp
		? new CivicError('approval.decided', 'The time to decide on this message is over.', 'Silence counts as no. Ask the service to request sign-off again if it is still needed.')
		: new CivicError('approval.decided', 'This message is already decided.', 'Nothing more is needed from you. This page shows what happened.');
}
