import { createHash } from 'node:crypto';
import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { RequestState, Row } from '../store/schema';
import type { SignOffPlan } from './plan';
import { nextState, type RequestEvent } from './stateTable';

/** What a request asks signatures for. */
export type RequestSubject = { kind: 'draft'; draftId: string } | { kind: 'rule-change'; changeId: string };

/** A sign-off request, its seal checked. */
export interface ApprovalRequest {
	id: string;
	subject: RequestSubject;
	channelId: string;
	digest: string;
	rulesFingerprint: string;
	signaturesNeeded: number;
	state: RequestState;
	createdAt: number;
	expiresAt: number;
	decidedAt: number | null;
	plan: SignOffPlan;
	/** Who ended it without a decision. */
	closed: Closing | null;
}

/** How a request came to an end that nobody decided. */
export interface Closing {
	/** A person's name; null when it was the system. */
	by: string | null;
	reason: string;
}

type SealedColumn =
	| 'id'
	| 'draft_id'
	| 'channel_id'
	| 'digest'
	| 'rules_fingerprint'
	| 'signatures_needed'
	| 'state'
	| 'created_at'
	| 'expires_at'
	| 'decided_at'
	| 'plan_sealed'
	| 'rule_change_id';

/**
 * Requests from before there were plans, or changes of rules to sign, keep the seal they were given; taking a plan away, or
 * what is to be signed, breaks the seal.
 */
export function requestMacParts(row: Pick<Row<'approval_request'>, SealedColumn>): Array<string | number | null> {
	return [
		row.id,
		row.draft_id,
		row.channel_id,
		row.digest,
		row.rules_fingerprint,
		row.signatures_needed,
		row.state,
		row.created_at,
		row.expires_at,
		row.decided_at,
		...(row.plan_sealed === null ? [] : [createHash('sha256').update(row.plan_sealed).digest('hex')]),
		...(row.rule_change_id === null ? [] : ['rule-change', row.rule_change_id]),
	];
}

export function planPlace(requestId: string): string {
	return `approval_request/${requestId}/plan`;
}

function closingPlace(requestId: string): string {
	return `approval_request/${requestId}/closing`;
}

/** @throws CivicError approval.unknown for a request about the rules of a channel, which no draft belongs to */
export function draftIdOf({ subject }: Pick<ApprovalRequest, 'subject'>): string {
	if (subject.kind === 'draft') return subject.draftId;
	throw new CivicError('approval.unknown', 'That sign-off request is about the rules of a channel, not about a draft.', 'Give the id of a request that an Approval Gate made.');
}

/** As the ledger refers to it. */
export function subjectRefs({ subject }: Pick<ApprovalRequest, 'subject'>): Record<string, string> {
	return subject.kind === 'draft' ? { draft: subject.draftId } : { change: subject.changeId };
}

/** @throws CivicError approval.unknown, store.tampered */
export async function loadRequest(context: CommandContext, id: string): Promise<ApprovalRequest> {
	const row = await context.db.selectFrom('approval_request').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError('approval.unknown', 'There is no such sign-off request.', 'Run the Approval Gate again to ask anew.');
	}
	return openRequest(context, row);
}

/** @throws CivicError store.tampered */
export async function openRequest(context: CommandContext, row: Row<'approval_request'>): Promise<ApprovalRequest> {
	context.keys.checkMac('approval-request', requestMacParts(row), row.mac, 'sign-off request');
	const open = (place: string, sealed: Buffer) => JSON.parse(context.keys.open(place, sealed).toString('utf8')) as unknown;
	return {
		id: row.id,
		subject: row.draft_id === null ? { kind: 'rule-change', changeId: row.rule_change_id ?? '' } : { kind: 'draft', draftId: row.draft_id },
		channelId: row.channel_id,
		digest: row.digest,
		rulesFingerprint: row.rules_fingerprint,
		signaturesNeeded: row.signatures_needed,
		state: row.state,
		createdAt: row.created_at,
		expiresAt: row.expires_at,
		decidedAt: row.decided_at,
		plan: row.plan_sealed === null ? await planOfLinks(context, row) : (open(planPlace(row.id), row.plan_sealed) as SignOffPlan),
		closed: row.closed_sealed === null ? null : (open(closingPlace(row.id), row.closed_sealed) as Closing),
	};
}

/** Before there were plans, whoever held a link could sign, in one step. */
async function planOfLinks(context: CommandContext, row: Row<'approval_request'>): Promise<SignOffPlan> {
	const links = await context.db.selectFrom('approval_link').selectAll().where('request_id', '=', row.id).orderBy('created_at').execute();
	const people = links.map((link) => {
		const { name, email, phone } = JSON.parse(context.keys.open(`approval_link/${row.id}/${link.token_hash}`, link.approver_sealed).toString('utf8')) as {
			name: string;
			email: string;
			phone: string;
		};
		return { name, email, phone, countsAs: `approver ${email}`, standsFor: null, asked: 'at-once' as const };
	});
	return { stages: [{ name: '', signatures: row.signatures_needed, people }], extra: [], quietHours: false, confirmByCode: false, remindAt: null, escalateAt: null };
}

/**
 * Moves a pending request to where an event leads. Compare-and-set: of two that try, one wins.
 * @returns the state it is in now, or null when somebody else ended it first
 */
export async function settleRequest(context: CommandContext, request: ApprovalRequest, event: RequestEvent, closing: Closing | null = null): Promise<RequestState | null> {
	const state = nextState(request.state, event);
	if (state === null) return null;
	const row = await context.db.selectFrom('approval_request').selectAll().where('id', '=', request.id).executeTakeFirstOrThrow();
	const mac = context.keys.mac('approval-request', requestMacParts({ ...row, state, decided_at: context.now }));
	const { changes } = await context.sql.run(
		"UPDATE approval_request SET state = ?, decided_at = ?, closed_sealed = ?, mac = ?, resume_after = ? WHERE id = ? AND state = 'pending'",
		state,
		context.now,
		closing === null ? null : context.keys.seal(closingPlace(request.id), JSON.stringify(closing)),
		mac,
		context.now,
		request.id,
	);
	return changes === 1 ? state : null;
}
