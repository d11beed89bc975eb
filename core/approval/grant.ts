import type { CommandContext } from '../store/command';
import type { Schema } from '../store/schema';

/** The permission to send one draft once. */
export interface Grant {
	id: string;
	requestId: string;
	draftId: string;
	digest: string;
	rulesFingerprint: string;
	grantedAt: number;
}

export function grantMacParts(row: Omit<Schema['approval_grant'], 'mac'>): Array<string | number> {
	return [row.id, row.request_id, row.draft_id, row.digest, row.rules_fingerprint, row.granted_at];
}

/**
 * @returns undefined when nobody granted this draft
 * @throws CivicError store.tampered when a grant was put there by hand
 */
export async function loadGrant(context: CommandContext, draftId: string): Promise<Grant | undefined> {
	const row = await context.db.selectFrom('approval_grant').selectAll().where('draft_id', '=', draftId).executeTakeFirst();
	if (row === undefined) return undefined;
	context.keys.checkMac('approval-grant', grantMacParts(row), row.mac, 'sign-off');
	return {
		id: row.id,
		requestId: row.request_id,
		draftId: row.draft_id,
		digest: row.digest,
		rulesFingerprint: row.rules_fingerprint,
		grantedAt: row.granted_at,
	};
}
