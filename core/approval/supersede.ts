import type { Draft } from '../message/loadDraft';
import type { CommandContext } from '../store/command';
import { draftIdOf, openRequest, settleRequest, subjectRefs } from './request';

/**
 * Ends the pending requests that a newer one takes the place of: for the same draft, or for an earlier version of it.
 * Their links then show what happened, and decide nothing.
 */
export async function supersede(context: CommandContext, draft: Draft, earlier: readonly Draft[]): Promise<void> {
	const ids = [draft.id, ...earlier.map(({ id }) => id)];
	const rows = await context.db.selectFrom('approval_request').selectAll().where('draft_id', 'in', ids).where('state', '=', 'pending').execute();
	for (const row of rows) {
		const request = await openRequest(context, row);
		const reason = draftIdOf(request) === draft.id ? 'Sign-off was requested again for the same draft.' : 'A newer draft for the same purpose took its place.';
		if ((await settleRequest(context, request, 'newer-draft', { by: null, reason })) === null) continue;
		context.append({
			act: 'approval.supersede',
			actor: { role: 'system' },
			outcome: 'refused',
			channel: request.channelId,
			resource: { type: 'request', id: request.id },
			refs: { ...subjectRefs(request), digest: request.digest, by: draft.id },
		});
	}
}
