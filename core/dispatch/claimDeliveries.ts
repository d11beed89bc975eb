import { isOptedOut } from '../audience/optOut';
import { openRecipients, type Recipient } from '../audience/recipients';
import { weeklyCap } from '../channel/caps';
import { loadChannel, type Channel } from '../channel/channel';
import { loadDraft, type Draft } from '../message/loadDraft';
import { defineCommand, type CommandContext } from '../store/command';
import type { Row } from '../store/schema';
import { AlreadyReached } from './alreadyReached';
import { holdBroadcast } from './holdBroadcast';
import { outcomeEntry, type SettledDelivery } from './outcomeEntry';
import { atWeeklyCap } from './weeklyMessages';

export interface Claim {
	/** Deliveries whose intent is on record: the caller must ask for each of them once. */
	deliveries: Array<{ id: string; /** A number, or a BSUID. */ to: string; /** 1 for the first try. */ attempt: number }>;
	/** 'go-on': ask again at once; 'wait': others are at work or a retry is not due; 'done': nothing is left; 'held': a person must act. */
	next: 'go-on' | 'wait' | 'done' | 'held';
}

/** A run that was silent for longer than this is dead: its requests may or may not have left. */
export const deadRunMs = 15_000;

/**
 * Takes the next deliveries for one run. The last checks happen here, in the same transaction that records the intent:
 * opt-out, window, rules and mode, and whether the person has the message already under another name.
 */
export const claimDeliveries = defineCommand(
	'broadcast.claim',
	async (context, input: { broadcastId: string; runId: string; limit: number }): Promise<Claim> => {
		const broadcast = await context.db.selectFrom('broadcast').selectAll().where('id', '=', input.broadcastId).executeTakeFirstOrThrow();
		if (broadcast.state !== 'sending') return { deliveries: [], next: broadcast.state === 'held' ? 'held' : 'done' };
		await context.db.updateTable('send_run').set({ heartbeat_at: context.now }).where('id', '=', input.runId).execute();
		await settleDeadRuns(context, broadcast);
		const channel = await loadChannel(context, broadcast.channel_id);
		const draft = await loadDraft(context, broadcast.draft_id);
		const change = await ruleChange(context, broadcast, channel, draft);
		if (change !== null) {
			await holdBroadcast(context, broadcast, change);
			return { deliveries: [], next: 'held' };
		}
		if (context.now > Date.parse(draft.content.notAfter)) await settleTooLate(context, broadcast);
		const rows = await nextRows(context, broadcast.id, input.limit);
		const deliveries = await claimRows(context, { broadcast, channel, draft, runId: input.runId }, rows);
		if (rows.length > 0) return { deliveries, next: 'go-on' };
		return { deliveries: [], next: (await unsettled(context, broadcast.id)) > 0 ? 'wait' : 'done' };
	},
);

type Broadcast = Row<'broadcast'>;
interface PendingRow {
	id: string;
	contact_id: string;
	attempts: number;
}

async function ruleChange(context: CommandContext, broadcast: Broadcast, channel: Channel, draft: Draft): Promise<string | null> {
	if (channel.mode !== draft.content.mode) return `The channel was switched to ${channel.mode} mode while the broadcast ran.`;
	const grant = await context.db.selectFrom('approval_grant').select('rules_fingerprint').where('id', '=', broadcast.grant_id).executeTakeFirstOrThrow();
	return grant.rules_fingerprint === channel.rulesFingerprint ? null : 'The rules of the channel changed while the broadcast ran. The sign-off was given under other rules.';
}

async function nextRows(context: CommandContext, broadcastId: string, limit: number): Promise<PendingRow[]> {
	return context.sql.all<PendingRow>(
		`SELECT id, contact_id, attempts FROM delivery
			WHERE broadcast_id = ? AND state = 'pending' AND (next_attempt_at IS NULL OR next_attempt_at <= ?)
			LIMIT ?`,
		broadcastId,
		context.now,
		limit,
	);
}

async function claimRows(
	context: CommandContext,
	{ broadcast, channel, draft, runId }: { broadcast: Broadcast; channel: Channel; draft: Draft; runId: string },
	rows: PendingRow[],
): Promise<Claim['deliveries']> {
	const people = await openRecipients(context, rows.map((row) => row.contact_id));
	const alreadyReached = await AlreadyReached.among(context, broadcast.id, rows.map((row) => row.contact_id));
	const capped = await atWeeklyCap(context, weeklyCap(channel.rules, draft.content.audience.query.topic, context.now), rows.map((row) => row.contact_id));
	const claimed = new Set<string>();
	const deliveries: Claim['deliveries'] = [];
	const settled: SettledDelivery[] = [];
	for (const row of rows) {
		const person = people.get(row.contact_id);
		// Two contacts may turn out to be one person's at any moment, also when one of them has the message already.
		const reason = (await reasonNotToSend(context, channel, draft, person)) ?? (alreadyReached.has(row.contact_id, claimed) ? 'already-reached' : capped.has(row.contact_id) ? 'weekly-cap' : null);
		// The list of a council is one of numbers; who never showed one is reached by user id.
		const to = person?.phone ?? person?.bsuid;
		if (reason === null && to !== undefined) {
			await context.sql.run(
				"UPDATE delivery SET state = 'intent', run_id = ?, intent_at = ?, attempts = attempts + 1, next_attempt_at = NULL WHERE id = ?",
				runId,
				context.now,
				row.id,
			);
			claimed.add(row.contact_id);
			deliveries.push({ id: row.id, to, attempt: row.attempts + 1 });
		} else {
			settled.push({ id: row.id, outcome: 'not-sent', reason: reason ?? 'no-address' });
			await settleNotSent(context, row.id, reason ?? 'no-address');
		}
	}
	if (settled.length > 0) context.append(outcomeEntry('delivery.skip', channel.id, broadcast.id, settled));
	return deliveries;
}

async function reasonNotToSend(context: CommandContext, channel: Channel, draft: Draft, person: Recipient | undefined): Promise<string | null> {
	if (person === undefined) return 'erased';
	// Signed for under another name of the same person, who gets it under the name that stayed or not at all: snapshots only shrink.
	if (person.mergedInto !== undefined) return 'same-person';
	if (await isOptedOut(context, person.lookups, draft.content.audience.query.topic)) return 'opted-out';
	// In training nothing reaches a resident: only the people named in the rules get messages.
	if (channel.mode === 'training' && !channel.rules.approvers.some((approver) => approver.phone === person.phone)) return 'training';
	return null;
}

async function settleNotSent(context: CommandContext, id: string, reason: string): Promise<void> {
	await context.sql.run("UPDATE delivery SET state = 'not-sent', reason = ?, settled_at = ? WHERE id = ?", reason, context.now, id);
}

/** A stale warning is a safety matter: past the window nothing more goes out. */
async function settleTooLate(context: CommandContext, broadcast: Broadcast): Promise<void> {
	const rows = await context.sql.all<{ id: string }>("SELECT id FROM delivery WHERE broadcast_id = ? AND state = 'pending'", broadcast.id);
	if (rows.length === 0) return;
	await context.sql.run(
		"UPDATE delivery SET state = 'not-sent', reason = 'too-late', settled_at = ? WHERE broadcast_id = ? AND state = 'pending'",
		context.now,
		broadcast.id,
	);
	enterInBatches(context, 'delivery.skip', broadcast, rows.map(({ id }) => ({ id, outcome: 'not-sent', reason: 'too-late' })));
}

/** What a dead run had on record as intent may have been accepted. It is named uncertain and never sent again by itself. */
async function settleDeadRuns(context: CommandContext, broadcast: Broadcast): Promise<void> {
	const rows = await context.sql.all<{ id: string }>(
		`SELECT delivery.id FROM delivery JOIN send_run ON send_run.id = delivery.run_id
			WHERE delivery.broadcast_id = ? AND delivery.state = 'intent' AND (send_run.heartbeat_at < ? OR send_run.ended_at IS NOT NULL)`,
		broadcast.id,
		context.now - deadRunMs,
	);
	if (rows.length === 0) return;
	for (const { id } of rows) {
		await context.sql.run("UPDATE delivery SET state = 'uncertain', reason = 'interrupted', settled_at = ? WHERE id = ?", context.now, id);
	}
	enterInBatches(context, 'delivery.interrupted', broadcast, rows.map(({ id }) => ({ id, outcome: 'uncertain', reason: 'interrupted' })));
}

/** Keeps a leaf's disclosure small. */
function enterInBatches(context: CommandContext, act: string, broadcast: Broadcast, settled: SettledDelivery[]): void {
	for (let from = 0; from < settled.length; from += 500) {
		context.append(outcomeEntry(act, broadcast.channel_id, broadcast.id, settled.slice(from, from + 500)));
	}
}

async function unsettled(context: CommandContext, broadcastId: string): Promise<number> {
	const rows = await context.sql.all<{ n: number }>(
		"SELECT count(*) AS n FROM delivery WHERE broadcast_id = ? AND state IN ('pending', 'intent')",
		broadcastId,
	);
	return rows[0]?.n ?? 0;
}
