import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { RequestState, Row } from '../store/schema';

/** A sign-off request, its seal checked. */
export interface ApprovalRequest {
	id: string;
	draftId: string;
	channelId: string;
	digest: string;
	rulesFingerprint: string;
	signaturesNeeded: number;
	state: RequestState;
	createdAt: number;
	expiresAt: number;
	decidedAt: number | null;
}

export function requestMacParts(row: Pick<Row<'approval_request'>, 'id' | 'draft_id' | 'channel_id' | 'digest' | 'rules_fingerprint' | 'signatures_needed' | 'state' | 'created_at' | 'expires_at' | 'decided_at'>) {
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
	];
}

/** @throws CivicError approval.unknown, store.tampered */
export async function loadRequest(context: CommandContext, id: string): Promise<ApprovalRequest> {
	const row = await context.db.selectFrom('approval_request').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError('approval.unknown', 'There is no such sign-off request.', 'Run the Approval Gate again to ask anew.');
	}
	return openRequest(context, row);
}

export function openRequest(context: CommandContext, row: Row<'approval_request'>): ApprovalRequest {
	context.keys.checkMac('approval-request', requestMacParts(row), row.mac, 'sign-off request');
	return {
		id: row.id,
		draftId: row.draft_id,
		channelId: row.channel_id,
		digest: row.digest,
		rulesFingerprint: row.rules_fingerprint,
		signaturesNeeded: row.signatures_needed,
		state: row.state,
		createdAt: row.created_at,
		expiresAt: row.expires_at,
		decidedAt: row.decided_at,
	};
}

/**
 * Moves a pending request to a final state. Compare-and-set: of two that try, one wins.
 * @returns whether this caller was the one
 */
export async function settleRequest(context: CommandContext, request: ApprovalRequest, state: Exclude<RequestState, 'pending'>): Promise<boolean> {
	const settled = { ...request, state, decidedAt: context.now };
	const mac = context.keys.mac(
		'approval-request',
		requestMacParts({
			id: settled.id,
			draft_id: settled.draftId,
			channel_id: settled.channelId,
			digest: settled.digest,
			rules_fingerprint: settled.rulesFingerprint,
			signatures_needed: settled.signaturesNeeded,
			state: settled.state,
			created_at: settled.createdAt,
			expires_at: settled.expiresAt,
			decided_at: settled.decidedAt,
		}),
	);
	const { changes } = await context.sql.run(
		"UPDATE approval_request SET state = ?, decided_at = ?, mac = ?, resume_after = ? WHERE id = ? AND state = 'pending'",
		state,
		context.now,
		mac,
		context.now,
		request.id,
	);
	return changes === 1;
}
