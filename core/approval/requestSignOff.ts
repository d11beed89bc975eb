import { loadChannel, requireAdopted, type Channel } from '../channel/channel';
import { isDeskOn } from '../channel/deskAddress';
import { requireAllowed } from '../channel/requireAllowed';
import type { Approver } from '../channel/rules';
import { CivicError } from '../errors';
import { loadDraft, type Draft } from '../message/loadDraft';
import { defineCommand, type CommandContext } from '../store/command';
import { eligibleApprovers } from './eligibleApprovers';
import { loadGrant } from './grant';
import { holderOf, linkPlace } from './link';
import { openRequest, requestMacParts, settleRequest } from './request';

export interface SignOffRequest {
	draftId: string;
	channelId: string;
	/** Narrows who is asked; names or e-mail addresses. */
	ask: string[];
	/** Narrows the time to decide, hours; null leaves the rule's. */
	decideWithinHours: number | null;
	executionId: string;
	/** n8n's address that wakes the waiting execution. It decides nothing: the gate reads the store. */
	resumeUrl: string;
}

export interface RequestedSignOff {
	requestId: string;
	expiresAt: number;
	/** Where the pages are served, ending in a slash. */
	pageAddress: string;
	draft: { title: string; service: string; people: number };
	/** One private link a person. The token exists here and on its way to that person only; the store keeps a hash. */
	links: Array<{ token: string; approver: Approver }>;
}

/**
 * Asks for signatures on a draft's digest. An earlier pending request for the same draft is closed: its links stop deciding.
 * @throws CivicError draft.*, channel.*, desk.inactive, approval.no-approvers, approval.decided when it is signed already
 */
export const requestSignOff = defineCommand('approval.request', async (context, input: SignOffRequest): Promise<RequestedSignOff> => {
	const channel = await loadChannel(context, input.channelId);
	requireAdopted(channel);
	const draft = await loadDraft(context, input.draftId);
	requireSameChannel(draft, channel);
	requireAllowed(channel, { service: draft.content.service, people: draft.content.audience.count });
	const pageAddress = await requireDesk(context);
	if ((await loadGrant(context, draft.id)) !== undefined) {
		throw new CivicError('approval.decided', 'This draft is signed already.', 'Go straight on to Send Broadcast; it finds the grant by itself.');
	}
	await closeEarlierRequests(context, draft.id);
	const approvers = eligibleApprovers(channel.rules, [draft.requester, ...draft.contributors], input.ask);
	const requestId = context.random.uuid();
	const expiresAt = Math.min(context.now + hoursToDecide(input, channel) * 3600_000, Date.parse(draft.content.notAfter));
	if (expiresAt <= context.now) {
		throw new CivicError('draft.window', 'The time in which this draft may be sent is over.', 'Make a new draft with a later window.');
	}
	await insertRequest(context, { requestId, draft, channel, input, expiresAt });
	const links = [];
	for (const approver of approvers) links.push(await insertLink(context, requestId, approver));
	context.append({
		act: 'approval.request',
		actor: { role: 'requester' },
		outcome: 'ok',
		channel: channel.id,
		resource: { type: 'request', id: requestId },
		refs: { digest: draft.digest, draft: draft.id },
		counts: { signaturesNeeded: channel.rules.signaturesNeeded, asked: approvers.length },
		disclose: { requester: draft.requester, asked: approvers.map(({ name, email }) => ({ name, email })), until: new Date(expiresAt).toISOString() },
	});
	return {
		requestId,
		expiresAt,
		pageAddress,
		draft: { title: draft.content.title, service: draft.content.service, people: draft.content.audience.count },
		links,
	};
});

function hoursToDecide(input: SignOffRequest, channel: Channel): number {
	const asked = input.decideWithinHours;
	// The node may narrow the rule, never widen it.
	return asked !== null && asked > 0 ? Math.min(asked, channel.rules.decideWithinHours) : channel.rules.decideWithinHours;
}

function requireSameChannel(draft: Draft, channel: Channel): void {
	if (draft.channelId !== channel.id) {
		throw new CivicError(
			'draft.changed',
			`The draft was made for another channel than "${channel.name}".`,
			'Give this node the same "Civic WhatsApp API" credential as the node that drafted.',
		);
	}
	if (draft.content.mode !== channel.mode) {
		throw new CivicError(
			'channel.mode',
			`The draft was made in ${draft.content.mode} mode; channel "${channel.name}" is in ${channel.mode} mode now.`,
			'Make a new draft in the mode that is meant.',
		);
	}
}

async function requireDesk(context: CommandContext): Promise<string> {
	const desk = await context.db.selectFrom('desk').selectAll().executeTakeFirst();
	if (desk === undefined || !isDeskOn(context, desk)) {
		throw new CivicError(
			'desk.inactive',
			'No desk is active, so nobody could open the sign-off link.',
			'Import workflows/desk.json and activate it. It has one node and must always be on.',
		);
	}
	return desk.page_address;
}

async function closeEarlierRequests(context: CommandContext, draftId: string): Promise<void> {
	const rows = await context.db.selectFrom('approval_request').selectAll().where('draft_id', '=', draftId).where('state', '=', 'pending').execute();
	for (const row of rows) {
		const request = openRequest(context, row);
		await settleRequest(context, request, 'expired');
		context.append({
			act: 'approval.replace',
			actor: { role: 'system' },
			outcome: 'expired',
			channel: request.channelId,
			resource: { type: 'request', id: request.id },
		});
	}
}

async function insertRequest(
	context: CommandContext,
	{ requestId, draft, channel, input, expiresAt }: { requestId: string; draft: Draft; channel: Channel; input: SignOffRequest; expiresAt: number },
): Promise<void> {
	const row = {
		id: requestId,
		draft_id: draft.id,
		channel_id: channel.id,
		digest: draft.digest,
		rules_fingerprint: channel.rulesFingerprint,
		signatures_needed: channel.rules.signaturesNeeded,
		state: 'pending' as const,
		created_at: context.now,
		expires_at: expiresAt,
		decided_at: null,
	};
	await context.db
		.insertInto('approval_request')
		.values({
			...row,
			execution_id: input.executionId,
			resume_sealed: context.keys.seal(`approval_request/${requestId}/resume`, input.resumeUrl),
			resumed_at: null,
			resume_after: null,
			mac: context.keys.mac('approval-request', requestMacParts(row)),
		})
		.execute();
}

async function insertLink(context: CommandContext, requestId: string, approver: Approver): Promise<{ token: string; approver: Approver }> {
	const token = context.random.bytes(32).toString('base64url');
	const tokenHash = context.keys.lookup('link', token);
	await context.db
		.insertInto('approval_link')
		.values({
			token_hash: tokenHash,
			request_id: requestId,
			approver_lookup: holderOf(context, approver),
			approver_sealed: context.keys.seal(linkPlace(tokenHash, requestId), JSON.stringify(approver)),
			created_at: context.now,
		})
		.execute();
	return { token, approver };
}
