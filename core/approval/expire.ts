import { isCivicError } from '../errors';
import { defineCommand, type CommandContext } from '../store/command';
import type { Row } from '../store/schema';
import { openRequest, settleRequest, type ApprovalRequest } from './request';

/** Closes every request whose time is up. Silence is no. */
export const expireRequests = defineCommand('approval.expire', async (context, _: undefined): Promise<{ expired: string[] }> => {
	const rows = await context.db
		.selectFrom('approval_request')
		.selectAll()
		.where('state', '=', 'pending')
		.where('expires_at', '<=', context.now)
		.limit(100)
		.execute();
	const expired: string[] = [];
	for (const row of rows) {
		const request = await sound(context, row);
		if (request === null) continue;
		if ((await settleRequest(context, request, 'time-up')) === null) continue;
		expired.push(request.id);
		context.append({
			act: 'approval.expire',
			actor: { role: 'system' },
			outcome: 'expired',
			channel: request.channelId,
			resource: { type: 'request', id: request.id },
			refs: { draft: request.draftId, digest: request.digest },
		});
	}
	return { expired };
});

/** A row that was edited by hand is refused wherever it is used, so it decides nothing; it must not keep the others open. */
async function sound(context: CommandContext, row: Row<'approval_request'>): Promise<ApprovalRequest | null> {
	try {
		return await openRequest(context, row);
	} catch (cause) {
		if (isCivicError(cause) && cause.code === 'store.tampered') return null;
		throw cause;
	}
}

/** Closes one request at once, because its links could not be brought to anybody. */
export const withdrawUnsent = defineCommand('approval.withdraw-unsent', async (context, input: { requestId: string }): Promise<void> => {
	const row = await context.db.selectFrom('approval_request').selectAll().where('id', '=', input.requestId).executeTakeFirstOrThrow();
	const request = await openRequest(context, row);
	if ((await settleRequest(context, request, 'time-up', { by: null, reason: 'The links could not be brought to enough people.' })) === null) return;
	// The gate that asked has not gone to sleep, so there is nobody to wake.
	await context.db.updateTable('approval_request').set({ resumed_at: context.now }).where('id', '=', request.id).execute();
	context.append({
		act: 'approval.unsent',
		actor: { role: 'system' },
		outcome: 'expired',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
	});
});
