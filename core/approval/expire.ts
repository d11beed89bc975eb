import { defineCommand } from '../store/command';
import { openRequest, settleRequest } from './request';
import { nextState } from './stateTable';

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
		const request = openRequest(context, row);
		if (nextState(request.state, 'time-up') !== 'expired' || !(await settleRequest(context, request, 'expired'))) continue;
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

/** Closes one request at once, because its links could not be brought to anybody. */
export const withdrawUnsent = defineCommand('approval.withdraw-unsent', async (context, input: { requestId: string }): Promise<void> => {
	const row = await context.db.selectFrom('approval_request').selectAll().where('id', '=', input.requestId).executeTakeFirstOrThrow();
	const request = openRequest(context, row);
	if (!(await settleRequest(context, request, 'expired'))) return;
	context.append({
		act: 'approval.unsent',
		actor: { role: 'system' },
		outcome: 'expired',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
	});
});
