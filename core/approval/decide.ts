import { isSamePerson } from '../channel/samePerson';
import { CivicError } from '../errors';
import { defineCommand, type CommandContext } from '../store/command';
import type { DecisionKind, RequestState } from '../store/schema';
import type { Store } from '../store/store';
import { needsCode, takeCode, type Refusal } from './code';
import { openLink, type OpenedLink } from './link';
import { loadDecisions, signedBy } from './outcome';
import { loadRequest, settleRequest, subjectRefs, type ApprovalRequest } from './request';
import { loadSignable, type Signable } from './signable';
import { standingOf, turnOf, type SignOffStanding } from './standing';
import type { RequestEvent } from './stateTable';

export interface Decision {
	/** The secret of the approver's link. */
	token: string;
	decision: DecisionKind;
	/** Required for a rejection, and to return a draft: then it says what to change. Up to 2,000 characters. */
	reason: string;
	/** The number of people, or of changed rules, that the approver ticked that they understand. */
	acknowledgedPeople: number | null;
	/** The digest the page showed. A signature on something else is not a signature. */
	digest: string;
	/** The code from the approver's phone, where one is needed; as they typed it. */
	code?: string;
}

export interface Decided {
	requestId: string;
	/** What it is in now. */
	state: RequestState;
	signatures: number;
	signaturesNeeded: number;
}

const longestReason = 2000;

/** By what an approver showed that it is them: the link that only they were sent, or a code besides. */
export type ConfirmedBy = 'link' | 'code';

/**
 * Takes one approver's decision. Everything is read again inside the transaction; exactly one decision settles a request.
 * A wrong code comes back as an answer, so that its count and its ledger entry stay; `submitDecision` throws it.
 * @throws CivicError approval.code, approval.locked, approval.link, approval.decided, approval.barred, approval.turn, draft.changed, channel.rules, channel.mode, input.invalid, store.tampered
 */
export const decide = defineCommand('approval.decide', async (context, input: Decision): Promise<Decided | { refused: Refusal }> => {
	const link = await openLink(context, input.token);
	const request = await loadRequest(context, link.requestId);
	await requireOpen(context, request, link);
	const signable = await loadSignable(context, request);
	requireShown(request, signable, input);
	await signable.requireInForce();
	requireFree(link, signable);
	await requireTurn(context, request, link);
	const reason = requireWords(input, signable);
	const confirmedBy: ConfirmedBy = needsCode(request, link) ? 'code' : 'link';
	const refused = confirmedBy === 'code' ? await takeCode(context, request, link, input.code ?? '') : undefined;
	if (refused !== undefined) return { refused };
	await insertDecision(context, request, link, { decision: input.decision, reason, confirmedBy });
	const standing = standingOf(request.plan, await signedBy(context, request));
	const event = eventOf(input.decision, standing);
	const state = event === null ? request.state : await settleRequest(context, request, event);
	if (state === null) throw alreadyDecided();
	if (state !== 'pending') await signable.settled(state);
	// The people of the next step are told by whoever tends the desk.
	if (state === 'pending') await context.db.updateTable('approval_request').set({ notice_at: context.now }).where('id', '=', request.id).execute();
	context.append({
		act: 'approval.decide',
		// Who it was stands in the erasable part: a keyed hash in the leaf would name a person for ever.
		actor: { role: 'approver' },
		outcome: input.decision === 'approve' ? 'ok' : 'refused',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
		refs: { decision: input.decision, confirmedBy, digest: request.digest, ...subjectRefs(request), state },
		counts: { signatures: standing.signatures, signaturesNeeded: standing.needed },
		disclose: { approver: { name: link.approver.name, email: link.approver.email }, ...(reason === '' ? {} : { reason }) },
	});
	return { requestId: request.id, state, signatures: standing.signatures, signaturesNeeded: standing.needed };
});

/** `decide` for those who only want to know whether it was taken. @throws CivicError as `decide` */
export async function submitDecision(store: Store, input: Decision): Promise<Decided> {
	const decided = await store.execute(decide, input);
	if ('refused' in decided) throw new CivicError(decided.refused.code, decided.refused.message, decided.refused.hint);
	return decided;
}

function eventOf(decision: DecisionKind, { complete }: SignOffStanding): RequestEvent | null {
	if (decision === 'reject') return 'refusal';
	if (decision === 'return') return 'change-asked';
	return complete ? 'enough-signatures' : null;
}

/** The rest of the plan: whether it is this person's turn. */
export async function requireTurn(context: CommandContext, request: ApprovalRequest, link: OpenedLink): Promise<void> {
	const turn = turnOf(request.plan, await signedBy(context, request), link.approver.email);
	if (turn.may) return;
	switch (turn.why) {
		case 'not-asked':
			throw new CivicError('approval.barred', 'You are not among those who may sign this message.', 'Another approver must decide.');
		case 'earlier-stage':
			throw new CivicError('approval.turn', 'Others have to sign this message before you.', 'Your link decides as soon as they have. You are told then.');
		case 'signed-for':
			throw new CivicError('approval.decided', `${turn.by ?? 'Somebody'} has signed already, and your two signatures count once.`, 'Nothing more is needed from you.');
		case 'past':
			throw new CivicError('approval.decided', 'Your step of this sign-off has all its signatures.', 'Nothing more is needed from you. This page shows what happens next.');
	}
}

/** Whether the request waits, and for this person among others. */
export async function requireOpen(context: CommandContext, request: ApprovalRequest, link: OpenedLink): Promise<void> {
	if (request.state !== 'pending' || context.now >= request.expiresAt) throw alreadyDecided(request.state === 'pending');
	const earlier = await loadDecisions(context, request.id);
	if (earlier.some(({ decision }) => decision !== 'approve')) throw reopened();
	if (earlier.some(({ approver_lookup }) => approver_lookup === link.approverLookup)) {
		throw new CivicError('approval.decided', 'You have already decided on this message.', 'Nothing more is needed from you. This page shows what happens next.');
	}
}

function requireShown(request: ApprovalRequest, signable: Signable, input: Decision): void {
	if (signable.digest === request.digest && input.digest === request.digest) return;
	throw new CivicError('draft.changed', 'What you were shown is not what this request is about.', 'Load the page again and read it before you decide.');
}

function requireFree({ approver }: OpenedLink, { involved }: Signable): void {
	if (!involved.some((person) => isSamePerson(approver, person))) return;
	throw new CivicError('approval.barred', 'You asked for this message or worked on it, so you may not sign it.', 'Another approver must decide.');
}

function requireWords(input: Decision, { mayReturn, toUnderstand, words }: Signable): string {
	// A browser counts a line break as one character and sends it as two (HTML, "constructing the entry list").
	const reason = input.reason.replaceAll('\r\n', '\n').trim();
	if (reason.length > longestReason) {
		throw new CivicError('input.invalid', `The reason has ${reason.length} characters; ${longestReason} are allowed.`, 'Shorten it and send it again.');
	}
	if (input.decision === 'return' && !mayReturn) {
		throw new CivicError('input.invalid', 'This can be approved or rejected, not returned.', 'Use one of the two buttons on this page.');
	}
	if (input.decision === 'reject' && reason === '') throw new CivicError('input.invalid', ...words.whyReject);
	if (input.decision === 'return' && reason === '') {
		throw new CivicError('input.invalid', 'Say what to change.', 'The service reads it, and sends you a new version.');
	}
	if (input.decision === 'approve' && input.acknowledgedPeople !== toUnderstand) throw new CivicError('input.invalid', words.tick, 'Then approve again.');
	return reason;
}

async function insertDecision(
	context: CommandContext,
	request: ApprovalRequest,
	link: OpenedLink,
	{ decision, reason, confirmedBy }: { decision: DecisionKind; reason: string; confirmedBy: ConfirmedBy },
): Promise<void> {
	const id = context.random.uuid();
	const detail = { name: link.approver.name, email: link.approver.email, reason, confirmedBy };
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
		'This message was refused before, yet the request is open.',
		'Somebody changed the database by hand. Nothing was decided; tell whoever looks after the installation.',
	);
}

function alreadyDecided(timeUp = false): CivicError {
	return timeUp
		? new CivicError('approval.decided', 'The time to decide on this message is over.', 'Silence counts as no. Ask the service to request sign-off again if it is still needed.')
		: new CivicError('approval.decided', 'This message is already decided.', 'Nothing more is needed from you. This page shows what happened.');
}
