import { isSamePerson } from '../channel/samePerson';
import { CivicError } from '../errors';
import type { Contributor } from '../message/draftPeople';
import { loadDraft } from '../message/loadDraft';
import { defineCommand, type CommandContext } from '../store/command';
import { draftIdOf, loadRequest, openRequest, settleRequest, type ApprovalRequest } from './request';

export interface Withdrawal {
	/** One of the two is given. */
	requestId?: string;
	draftId?: string;
	channelId: string;
	/** Only whoever asked for the draft withdraws it. */
	by: Contributor;
	/** Up to 2,000 characters; may be empty. */
	reason: string;
}

const longestReason = 2000;

/**
 * Takes a request back before it is decided. Its links then decide nothing, and the flow goes on by Rejected.
 * @throws CivicError approval.unknown, approval.decided, approval.barred for somebody other than the requester
 */
export const withdrawRequest = defineCommand('approval.withdraw', async (context, input: Withdrawal): Promise<{ requestId: string; draftId: string }> => {
	const request = await find(context, input);
	if (request.channelId !== input.channelId) {
		throw new CivicError('approval.unknown', 'That sign-off request belongs to another channel.', 'Give this node the credential of the channel on which it was asked for.');
	}
	const reason = input.reason.trim();
	if (reason.length > longestReason) {
		throw new CivicError('input.invalid', `The reason has ${reason.length} characters; ${longestReason} are allowed.`, 'Shorten it.');
	}
	const draftId = draftIdOf(request);
	const draft = await loadDraft(context, draftId);
	if (!isSamePerson(draft.requester, input.by)) {
		throw new CivicError('approval.barred', 'Only whoever asked for this message may withdraw it.', 'Have them withdraw it, or have an approver reject it.');
	}
	if ((await settleRequest(context, request, 'withdrawal', { by: input.by.name, reason })) === null) throw decidedAlready(request);
	context.append({
		act: 'approval.withdraw',
		actor: { role: 'requester' },
		outcome: 'refused',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
		refs: { draft: draftId, digest: request.digest },
		disclose: { by: input.by, ...(reason === '' ? {} : { reason }) },
	});
	return { requestId: request.id, draftId };
});

async function find(context: CommandContext, { requestId, draftId }: Withdrawal): Promise<ApprovalRequest> {
	if (requestId !== undefined) return loadRequest(context, requestId);
	const row = await context.db
		.selectFrom('approval_request')
		.selectAll()
		.where('draft_id', '=', draftId ?? '')
		.orderBy('created_at', 'desc')
		.orderBy('state')
		.executeTakeFirst();
	if (row === undefined) throw new CivicError('approval.unknown', 'No sign-off was requested for this draft.', 'Give the id of a draft that went through an Approval Gate.');
	return openRequest(context, row);
}

function decidedAlready({ state }: ApprovalRequest): CivicError {
	return new CivicError('approval.decided', `This request is ${state} already, so it cannot be withdrawn.`, 'What was approved can be stopped on the page behind the sign-off link, or by cancelling the broadcast.');
}
