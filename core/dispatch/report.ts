import { CivicError } from '../errors';
import type { PriceTable } from '../message/priceTable';
import { defineQuery, type CommandContext } from '../store/command';
import type { BroadcastState, DeliveryState } from '../store/schema';
import { typed } from '../whatsapp/redaction';
import { readCost, type BroadcastCost } from './broadcastCost';

/** accepted + notSent + uncertain + pending = recipients; failed ⊆ accepted; read ⊆ delivered ⊆ accepted. */
export interface Totals {
	recipients: number;
	/** Not asked for yet, or under way. 0 once the broadcast has finished. */
	pending: number;
	accepted: number;
	delivered: number;
	read: number;
	failed: number;
	notSent: number;
	uncertain: number;
}

export interface BroadcastReport {
	broadcastId: string;
	draftId: string;
	digest: string;
	title: string;
	state: BroadcastState;
	heldReason: string | null;
	/** ISO 8601. */
	startedAt: string;
	finishedAt: string | null;
	totals: Totals;
	/** How Meta charged it, as far as it has said so. */
	cost: BroadcastCost;
	/** Why some did not get it, most frequent first. */
	reasons: Array<{ outcome: 'not-sent' | 'failed' | 'uncertain'; reason: string; count: number }>;
}

export interface DeliveryOutcome {
	deliveryId: string;
	contactId: string;
	state: DeliveryState;
	reason: string | null;
	failedCode: number | null;
	sentAt: string | null;
	deliveredAt: string | null;
	readAt: string | null;
	failedAt: string | null;
}

export async function countOutcomes(context: CommandContext, broadcastId: string): Promise<Totals> {
	const row = (
		await context.sql.all<Record<keyof Totals, number | null>>(
			`SELECT count(*) AS recipients,
				sum(state IN ('pending', 'intent')) AS pending,
				sum(state = 'accepted') AS accepted,
				sum(delivered_at IS NOT NULL) AS delivered,
				sum(read_at IS NOT NULL) AS "read",
				sum(failed_at IS NOT NULL) AS failed,
				sum(state = 'not-sent') AS "notSent",
				sum(state = 'uncertain') AS uncertain
				FROM delivery WHERE broadcast_id = ?`,
			broadcastId,
		)
	)[0];
	const count = (name: keyof Totals) => row?.[name] ?? 0;
	return {
		recipients: count('recipients'),
		pending: count('pending'),
		accepted: count('accepted'),
		delivered: count('delivered'),
		read: count('read'),
		failed: count('failed'),
		notSent: count('notSent'),
		uncertain: count('uncertain'),
	};
}

/** Finds a broadcast by its own id or by its draft's. @throws CivicError broadcast.unknown */
export const readReport = defineQuery('broadcast.report', async (context, input: { id: string; prices?: PriceTable }): Promise<BroadcastReport> => reportOf(context, input.id, input.prices));

/** The report of a draft whose broadcast has finished, or null: then there is something to send. */
export const readFinished = defineQuery('broadcast.finished', async (context, input: { draftId: string }): Promise<BroadcastReport | null> => {
	const row = await context.db.selectFrom('broadcast').select(['id', 'state']).where('draft_id', '=', input.draftId).executeTakeFirst();
	return row?.state === 'finished' ? reportOf(context, row.id) : null;
});

async function reportOf(context: CommandContext, id: string, prices?: PriceTable): Promise<BroadcastReport> {
	const row = await context.db
		.selectFrom('broadcast')
		.innerJoin('draft', 'draft.id', 'broadcast.draft_id')
		.selectAll('broadcast')
		.select(['draft.digest', 'draft.content'])
		.where((where) => where.or([where('broadcast.id', '=', id), where('broadcast.draft_id', '=', id)]))
		.executeTakeFirst();
	if (row === undefined) {
		throw new CivicError('broadcast.unknown', `There is no broadcast ${typed(id)}.`, "Give the broadcast id that Broadcast: Send put out, or the draft's id once it was sent.");
	}
	return {
		broadcastId: row.id,
		draftId: row.draft_id,
		digest: row.digest,
		title: (JSON.parse(row.content) as { title: string }).title,
		state: row.state,
		heldReason: row.held_reason,
		startedAt: new Date(row.started_at).toISOString(),
		finishedAt: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
		totals: await countOutcomes(context, row.id),
		reasons: await countReasons(context, row.id),
		cost: await readCost(context, row.id, prices),
	};
}

async function countReasons(context: CommandContext, broadcastId: string): Promise<BroadcastReport['reasons']> {
	return context.sql.all<BroadcastReport['reasons'][number]>(
		`SELECT CASE WHEN failed_at IS NOT NULL THEN 'failed' ELSE state END AS outcome,
			coalesce(CASE WHEN failed_at IS NOT NULL THEN CAST(failed_code AS TEXT) ELSE reason END, 'unknown') AS reason,
			count(*) AS count
			FROM delivery WHERE broadcast_id = ? AND (state IN ('not-sent', 'uncertain') OR failed_at IS NOT NULL)
			GROUP BY 1, 2 ORDER BY 3 DESC`,
		broadcastId,
	);
}

/** One page of outcomes, by delivery id. Ids only: who a person is comes out of Audience, when asked for. */
export const readOutcomes = defineQuery(
	'broadcast.outcomes',
	async (context, input: { broadcastId: string; after: string; limit: number }): Promise<DeliveryOutcome[]> => {
		const rows = await context.db
			.selectFrom('delivery')
			.selectAll()
			.where('broadcast_id', '=', input.broadcastId)
			.where('id', '>', input.after)
			.orderBy('id')
			.limit(input.limit)
			.execute();
		const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
		return rows.map((row) => ({
			deliveryId: row.id,
			contactId: row.contact_id,
			state: row.state,
			reason: row.reason,
			failedCode: row.failed_code,
			sentAt: iso(row.sent_at),
			deliveredAt: iso(row.delivered_at),
			readAt: iso(row.read_at),
			failedAt: iso(row.failed_at),
		}));
	},
);
