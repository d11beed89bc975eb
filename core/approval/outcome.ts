import { defineQuery, type CommandContext } from '../store/command';
import type { RequestState } from '../store/schema';
import { loadRequest } from './request';

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

export const readOutcome = defineQuery('approval.outcome', async (context, input: { requestId: string }): Promise<ApprovalOutcome> => {
	const request = await loadRequest(context, input.requestId);
	return {
		requestId: request.id,
		draftId: request.draftId,
		digest: request.digest,
		state: request.state,
		signaturesNeeded: request.signaturesNeeded,
		decidedAt: request.decidedAt === null ? null : new Date(request.decidedAt).toISOString(),
		decisions: await readDecisions(context, request.id),
	};
});

/** @throws CivicError store.tampered when a decision was changed by hand */
export async function readDecisions(context: CommandContext, requestId: string): Promise<ApprovalOutcome['decisions']> {
	const rows = await context.db.selectFrom('approval_decision').selectAll().where('request_id', '=', requestId).orderBy('decided_at').execute();
	return rows.map((row) => {
		context.keys.checkMac('approval-decision', [row.id, row.request_id, row.approver_lookup, row.decision, row.decided_at, row.digest], row.mac, 'decision');
		const detail = JSON.parse(context.keys.open(`approval_decision/${row.id}`, row.detail_sealed).toString('utf8')) as { name: string; reason: string };
		return { by: detail.name, decision: row.decision, at: new Date(row.decided_at).toISOString(), reason: detail.reason };
	});
}
