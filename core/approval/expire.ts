import { endRuleChange } from '../channel/ruleChange/endRuleChange';
import { loadRuleChange } from '../channel/ruleChange/ruleChange';
import { isCivicError } from '../errors';
import { defineCommand, type CommandContext } from '../store/command';
import type { Row } from '../store/schema';
import { openRequest, settleRequest, subjectRefs, type ApprovalRequest } from './request';

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
		if (request.subject.kind === 'rule-change') await expireChange(context, request.subject.changeId);
		context.append({
			act: 'approval.expire',
			actor: { role: 'system' },
			outcome: 'expired',
			channel: request.channelId,
			resource: { type: 'request', id: request.id },
			refs: { ...subjectRefs(request), digest: request.digest },
		});
	}
	await closeOvertaken(context);
	return { expired };
});

async function expireChange(context: CommandContext, changeId: string): Promise<void> {
	const change = await loadRuleChange(context, changeId);
	if (change.state === 'pending') await endRuleChange(context, change, 'expired');
}

/** Requests about changes of rules that were taken back, or made anew, decide nothing; they need not stay open. */
async function closeOvertaken(context: CommandContext): Promise<void> {
	const rows = await context.db
		.selectFrom('approval_request')
		.innerJoin('rule_change', 'rule_change.id', 'approval_request.rule_change_id')
		.selectAll('approval_request')
		.where('approval_request.state', '=', 'pending')
		.where('rule_change.state', '!=', 'pending')
		.execute();
	for (const row of rows) {
		const request = await sound(context, row);
		if (request === null) continue;
		if ((await settleRequest(context, request, 'newer-draft', { by: null, reason: 'The change was taken back, or another took its place.' })) === null) continue;
		context.append({
			act: 'approval.supersede',
			actor: { role: 'system' },
			outcome: 'refused',
			channel: request.channelId,
			resource: { type: 'request', id: request.id },
			refs: { ...subjectRefs(request), digest: request.digest },
		});
	}
}

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
