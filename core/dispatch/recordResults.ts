import { defineCommand, type CommandContext } from '../store/command';
import { sealPersonal } from '../store/personKey';
import type { Row } from '../store/schema';
import type { ShownRecipient } from '../whatsapp/recipient';
import { holdBroadcast } from './holdBroadcast';
import { linkRecipient } from './linkRecipient';
import { obeyRefusal } from './obeyRefusal';
import { outcomeEntry, type SettledDelivery } from './outcomeEntry';

/** What came of one request. */
export type RequestResult =
	| { id: string; outcome: 'accepted'; messageId: string; /** As the answer names them. */ recipient?: ShownRecipient }
	| { id: string; outcome: 'not-sent'; reason: string }
	| { id: string; outcome: 'uncertain'; reason: string }
	/** Certainly not accepted, and worth another try after a pause. */
	| { id: string; outcome: 'again'; reason: string; afterMs: number }
	/** Never asked for: the run stopped, or its turn was too far off. */
	| { id: string; outcome: 'released' }
	/** Certainly not accepted, and neither would the next one be. */
	| { id: string; outcome: 'hold'; reason: string; explain: string };

/**
 * Writes down what came of a batch of requests. A delivery that a status webhook has already settled keeps what the
 * webhook said: it knows better. A batch may come twice, when its first writing was not answered: by then another run may
 * have claimed what this one gave back, and only the claimant's word counts.
 */
export const recordResults = defineCommand(
	'broadcast.record',
	async (context, input: { broadcastId: string; runId: string; results: RequestResult[] }): Promise<void> => {
		const broadcast = await context.db.selectFrom('broadcast').selectAll().where('id', '=', input.broadcastId).executeTakeFirstOrThrow();
		await context.db.updateTable('send_run').set({ heartbeat_at: context.now }).where('id', '=', input.runId).execute();
		const settled: SettledDelivery[] = [];
		let held: string | undefined;
		for (const result of input.results) {
			if (result.outcome === 'hold') held ??= result.explain;
			const outcome = await recordOne(context, broadcast, input.runId, result);
			if (outcome !== null) settled.push(outcome);
		}
		if (settled.length > 0) context.append(outcomeEntry('delivery.record', broadcast.channel_id, broadcast.id, settled));
		if (held !== undefined && broadcast.state === 'sending') await holdBroadcast(context, broadcast, held);
	},
);

type Broadcast = Row<'broadcast'>;

async function recordOne(context: CommandContext, broadcast: Broadcast, runId: string, result: RequestResult): Promise<SettledDelivery | null> {
	switch (result.outcome) {
		case 'accepted':
			return recordAccepted(context, broadcast, result);
		case 'uncertain':
			return settle(context, runId, result.id, 'uncertain', result.reason);
		case 'not-sent':
			await obeyRefusal(context, { channelId: broadcast.channel_id, contactId: await contactOf(context, result.id), code: codeIn(result.reason), at: context.now });
			return settle(context, runId, result.id, 'not-sent', result.reason);
		case 'again':
			return tryLater(context, broadcast, runId, result);
		case 'hold':
			await putBack(context, runId, result.id, null, 1);
			return null;
		case 'released':
			await putBack(context, runId, result.id, null, 0);
			return null;
	}
}

function codeIn(reason: string): number | undefined {
	return /^\d+$/.test(reason) ? Number(reason) : undefined;
}

async function contactOf(context: CommandContext, deliveryId: string): Promise<string> {
	const contactId = (await context.sql.all<{ contact_id: string }>('SELECT contact_id FROM delivery WHERE id = ?', deliveryId))[0]?.contact_id;
	if (contactId === undefined) throw new TypeError('a result came back for a delivery that does not exist');
	return contactId;
}

/** A try that would come after the window is given up now, so that nobody waits for it. */
async function tryLater(context: CommandContext, broadcast: Broadcast, runId: string, { id, reason, afterMs }: { id: string; reason: string; afterMs: number }): Promise<SettledDelivery | null> {
	const draft = await context.db.selectFrom('draft').select('content').where('id', '=', broadcast.draft_id).executeTakeFirstOrThrow();
	const { notAfter } = JSON.parse(draft.content) as { notAfter: string };
	const at = context.now + afterMs;
	if (at > Date.parse(notAfter)) return settle(context, runId, id, 'not-sent', reason);
	await putBack(context, runId, id, at, 1);
	return null;
}

async function recordAccepted(context: CommandContext, broadcast: Broadcast, { id, messageId, recipient }: Extract<RequestResult, { outcome: 'accepted' }>): Promise<SettledDelivery> {
	const contactId = await contactOf(context, id);
	// A message id holds the phone number in plain base64: it is sealed, and found again by a keyed hash.
	const sealed = await sealPersonal(context, contactId, `delivery/${id}`, { messageId });
	await context.sql.run(
		`UPDATE delivery SET state = 'accepted', reason = NULL, settled_at = coalesce(settled_at, ?), message_lookup = ?, message_sealed = ?
			WHERE id = ?`,
		context.now,
		context.keys.lookup('message', messageId),
		sealed,
		id,
	);
	if (recipient !== undefined) await linkRecipient(context, broadcast.channel_id, recipient, contactId);
	return { id, outcome: 'accepted', reason: null };
}

async function settle(context: CommandContext, runId: string, id: string, state: 'not-sent' | 'uncertain', reason: string): Promise<SettledDelivery | null> {
	const { changes } = await context.sql.run(
		"UPDATE delivery SET state = ?, reason = ?, settled_at = ? WHERE id = ? AND state = 'intent' AND run_id = ?",
		state,
		reason,
		context.now,
		id,
		runId,
	);
	return changes === 1 ? { id, outcome: state, reason } : null;
}

/** @param tries 1 when a request was made, 0 when none left */
async function putBack(context: CommandContext, runId: string, id: string, nextAttemptAt: number | null, tries: 0 | 1): Promise<void> {
	await context.sql.run(
		"UPDATE delivery SET state = 'pending', run_id = NULL, next_attempt_at = ?, attempts = attempts - ? WHERE id = ? AND state = 'intent' AND run_id = ?",
		nextAttemptAt,
		1 - tries,
		id,
		runId,
	);
}
