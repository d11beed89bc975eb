import { defineQuery, type CommandContext } from '../store/command';
import type { RequestState, Row } from '../store/schema';
import { loadGrant } from './grant';
import { loadRequest, type ApprovalRequest } from './request';

/** What came of a request: the only thing the waiting node goes by. */
export interface ApprovalOutcome {
	requestId: string;
	draftId: string;
	digest: string;
	state: RequestState;
	signaturesNeeded: number;
	/** ISO 8601, or null while pending. */
	decidedAt: string | null;
	decisions: Array<{ by: string; decision: 'approve' | 'reject'; at: string; reason: string }>;
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
		draftId: request.draftId,
		digest: request.digest,
		state: request.state,
		signaturesNeeded: request.signaturesNeeded,
		decidedAt: request.decidedAt === null ? null : new Date(request.decidedAt).toISOString(),
		decisions: await readDecisions(context, request.id),
	};
}

export async function readDecisions(context: CommandContext, requestId: string): Promise<ApprovalOutcome['decisions']> {
	return (await loadDecisions(context, requestId)).map((row) => {
		const detail = JSON.parse(context.keys.open(`approval_decision/${row.id}`, row.detail_sealed).toString('utf8')) as { name: string; reason: string };
		return { by: detail.name, decision: row.decision, at: new Date(row.decided_at).toISOString(), reason: detail.reason };
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
