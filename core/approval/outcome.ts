import { defineQuery, type CommandContext } from '../store/command';
import type { DecisionKind, RequestState, Row } from '../store/schema';
import { loadGrant } from './grant';
import { holderOf } from './link';
import { draftIdOf, loadRequest, type ApprovalRequest, type Closing } from './request';

/** What came of a request: the only thing the waiting node goes by. */
export interface ApprovalOutcome {
	requestId: string;
	draftId: string;
	digest: string;
	state: RequestState;
	signaturesNeeded: number;
	/** ISO 8601, or null while pending. */
	decidedAt: string | null;
	decisions: Array<{ by: string; decision: DecisionKind; at: string; reason: string; confirmedBy: 'link' | 'code' }>;
	/** Who ended it without a decision; null when it was decided, or is open. */
	closed: Closing | null;
}

export const readOutcome = defineQuery('approval.outcome', async (context, input: { requestId: string }): Promise<ApprovalOutcome> =>
	outcomeOf(context, await loadRequest(context, input.requestId)),
);

/** The sign-off that a draft has already, or null. Whether it still holds is for Send Broadcast to say. */
export const readSignedOutcome = defineQuery('approval.signed-outcome', async (context, input: { draftId: string }): Promise<ApprovalOutcome | null> => {
	const grant = await loadGrant(context, input.draftId);
	return grant === undefined ? null : outcomeOf(context, await loadRequest(context, grant.requestId));
});

async function outcomeOf(context: CommandContext, request: ApprovalRequest): Promise<ApprovalOutcome> {
	return {
		requestId: request.id,
		draftId: draftIdOf(request),
		digest: request.digest,
		state: request.state,
		signaturesNeeded: request.signaturesNeeded,
		decidedAt: request.decidedAt === null ? null : new Date(request.decidedAt).toISOString(),
		decisions: await readDecisions(context, request.id),
		closed: request.closed,
	};
}

export async function readDecisions(context: CommandContext, requestId: string): Promise<ApprovalOutcome['decisions']> {
	return (await loadDecisions(context, requestId)).map((row) => {
		const detail = JSON.parse(context.keys.open(`approval_decision/${row.id}`, row.detail_sealed).toString('utf8')) as { name: string; reason: string; confirmedBy?: 'link' | 'code' };
		return { by: detail.name, decision: row.decision, at: new Date(row.decided_at).toISOString(), reason: detail.reason, confirmedBy: detail.confirmedBy ?? 'link' };
	});
}

/** Oldest first, their seals checked. @throws CivicError store.tampered when one was changed or put there by hand */
export async function loadDecisions(context: CommandContext, requestId: string): Promise<Array<Row<'approval_decision'>>> {
	const rows = await context.db.selectFrom('approval_decision').selectAll().where('request_id', '=', requestId).orderBy('decided_at').execute();
	for (const row of rows) {
		context.keys.checkMac('approval-decision', [row.id, row.request_id, row.approver_lookup, row.decision, row.decided_at, row.digest], row.mac, 'decision');
	}
	return rows;
}

/** E-mail addresses of those in the plan who approved. */
export async function signedBy(context: CommandContext, request: ApprovalRequest): Promise<string[]> {
	const lookups = (await loadDecisions(context, request.id)).filter(({ decision }) => decision === 'approve').map(({ approver_lookup }) => approver_lookup);
	return request.plan.stages.flatMap(({ people }) => people.map(({ email }) => email)).filter((email) => lookups.includes(holderOf(context, { email })));
}
