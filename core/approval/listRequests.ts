import { openChannel } from '../channel/channel';
import { isCivicError } from '../errors';
import { loadDraft } from '../message/loadDraft';
import { defineQuery, type CommandContext } from '../store/command';
import type { RequestState, Row } from '../store/schema';
import { readDecisions, signedBy, type ApprovalOutcome } from './outcome';
import { draftIdOf, openRequest, type Closing } from './request';
import { standingOf } from './standing';

export interface RequestFilter {
	/** Empty: any. */
	states: RequestState[];
	/** Exact name; null: any. */
	service: string | null;
	/** Null: every channel of the store. */
	channelId: string | null;
	/** Asked at or after, ms; null: at any time. */
	since: number | null;
	/** Most requests to list, newest first. */
	limit: number;
}

/** One line of the sign-off report. No links, no numbers. */
export interface ListedRequest {
	requestId: string;
	draftId: string;
	channel: string;
	service: string;
	title: string;
	people: number;
	state: RequestState;
	/** ISO 8601. */
	askedAt: string;
	decideBy: string;
	decidedAt: string | null;
	requester: string;
	signatures: number;
	signaturesNeeded: number;
	/** Names of those who may sign next; empty once decided. */
	waitingFor: string[];
	decisions: ApprovalOutcome['decisions'];
	closed: Closing | null;
}

const rowsAtOnce = 200;

/**
 * Sign-off requests for drafts of all channels, newest first. A row that was edited by hand is left out and counted, so that it can
 * neither pass as sound nor hide the others.
 */
export const listRequests = defineQuery('approval.list', async (context, filter: RequestFilter): Promise<{ requests: ListedRequest[]; unreadable: number }> => {
	const requests: ListedRequest[] = [];
	const channels = new Map<string, string>();
	let unreadable = 0;
	for (let offset = 0; requests.length < filter.limit; offset += rowsAtOnce) {
		const rows = await selectRows(context, filter, offset);
		for (const row of rows) {
			const listed = await listedRequest(context, row, channels);
			if (listed === null) unreadable += 1;
			else if (filter.service === null || listed.service === filter.service) requests.push(listed);
			if (requests.length === filter.limit) break;
		}
		if (rows.length < rowsAtOnce) break;
	}
	return { requests, unreadable };
});

async function selectRows({ db }: CommandContext, { states, channelId, since }: RequestFilter, offset: number): Promise<Array<Row<'approval_request'>>> {
	let query = db.selectFrom('approval_request').selectAll().where('draft_id', 'is not', null).orderBy('created_at', 'desc').orderBy('id').limit(rowsAtOnce).offset(offset);
	if (states.length > 0) query = query.where('state', 'in', states);
	if (channelId !== null) query = query.where('channel_id', '=', channelId);
	if (since !== null) query = query.where('created_at', '>=', since);
	return query.execute();
}

async function listedRequest(context: CommandContext, row: Row<'approval_request'>, channels: Map<string, string>): Promise<ListedRequest | null> {
	try {
		const request = await openRequest(context, row);
		const draft = await loadDraft(context, draftIdOf(request));
		const signed = await signedBy(context, request);
		const standing = standingOf(request.plan, signed);
		const isOver = context.now >= request.expiresAt;
		const stage = request.state === 'pending' ? request.plan.stages[standing.stage] : undefined;
		const voices = new Set(stage?.people.filter(({ email }) => signed.includes(email)).map(({ countsAs }) => countsAs));
		return {
			requestId: request.id,
			draftId: draft.id,
			channel: channels.get(request.channelId) ?? (await channelName(context, request.channelId, channels)),
			service: draft.content.service,
			title: draft.content.title,
			people: draft.content.audience.count,
			state: request.state === 'pending' && isOver ? 'expired' : request.state,
			askedAt: new Date(request.createdAt).toISOString(),
			decideBy: new Date(request.expiresAt).toISOString(),
			decidedAt: request.decidedAt === null ? null : new Date(request.decidedAt).toISOString(),
			requester: draft.requester.name,
			signatures: standing.signatures,
			signaturesNeeded: standing.needed,
			waitingFor: (isOver ? [] : (stage?.people ?? [])).filter(({ countsAs, asked }) => asked === 'at-once' && !voices.has(countsAs)).map(({ name }) => name),
			decisions: await readDecisions(context, request.id),
			closed: request.closed,
		};
	} catch (cause) {
		if (isCivicError(cause) && (cause.code === 'store.tampered' || cause.code === 'draft.changed')) return null;
		throw cause;
	}
}

async function channelName(context: CommandContext, id: string, channels: Map<string, string>): Promise<string> {
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', id).executeTakeFirst();
	const name = row === undefined ? id : openChannel(context, row).name;
	channels.set(id, name);
	return name;
}
