import type { CommandContext } from '../store/command';
import { sealPersonal } from '../store/personKey';
import type { StatusEvent } from '../whatsapp/webhookEvents';
import { linkRecipient } from './linkRecipient';
import { obeyRefusal } from './obeyRefusal';

export interface AppliedStatuses {
	/** Statuses that told us something new. */
	applied: number;
	/** Known already, or older than what is known. */
	repeated: number;
	/** Matched by nothing we sent: somebody used the number around us, or a very old message. */
	unmatched: number;
}

const column = { sent: 'sent_at', delivered: 'delivered_at', read: 'read_at', failed: 'failed_at' } as const;
type KnownStatus = keyof typeof column;

interface Target {
	table: 'delivery' | 'staff_notice' | 'direct_message';
	id: string;
	state: string;
	contact_id: string | null;
	/** Whose key seals the message's id; null where it is not kept. */
	subject: string | null;
	/** Of somebody who need not be a contact. */
	person_lookup: string | null;
	sent_at: number | null;
	delivered_at: number | null;
	read_at: number | null;
	failed_at: number | null;
	pricing: string | null;
}

/**
 * Applies Meta's statuses to what we sent. Repeats and disorder change nothing: each status only ever adds its own time,
 * and any status proves that the message was accepted, also when the answer to our request was lost. Whose message it was is
 * learnt from each, also from those of messages that were sent around us.
 */
export async function applyStatuses(context: CommandContext, channelId: string, statuses: StatusEvent[]): Promise<AppliedStatuses> {
	const tally: AppliedStatuses = { applied: 0, repeated: 0, unmatched: 0 };
	const counts: Record<string, number> = {};
	const changed: Array<[string, string]> = [];
	let linked = 0;
	for (const status of statuses) {
		const target = await findTarget(context, channelId, status);
		if (await linkRecipient(context, channelId, { phone: status.recipient, userId: status.recipientUserId }, target?.contact_id ?? null)) linked += 1;
		if (target === undefined) {
			tally.unmatched += 1;
		} else if (await applyOne(context, channelId, target, status)) {
			tally.applied += 1;
			counts[status.status] = (counts[status.status] ?? 0) + 1;
			changed.push([target.id, status.status]);
		} else {
			tally.repeated += 1;
		}
	}
	if (changed.length > 0) {
		context.append({
			act: 'delivery.status',
			actor: { role: 'provider' },
			outcome: 'ok',
			channel: channelId,
			counts,
			disclose: { deliveries: changed },
		});
	}
	if (linked > 0) context.append({ act: 'person.link', actor: { role: 'provider' }, outcome: 'ok', channel: channelId, counts: { people: linked } });
	return tally;
}

async function findTarget(context: CommandContext, channelId: string, status: StatusEvent): Promise<Target | undefined> {
	const { sql, keys } = context;
	const columns = 'sent_at, delivered_at, read_at, failed_at, pricing';
	const delivery = `SELECT 'delivery' AS "table", delivery.id, delivery.state, delivery.contact_id, delivery.contact_id AS subject, NULL AS person_lookup, ${columns}
		FROM delivery JOIN broadcast ON broadcast.id = delivery.broadcast_id WHERE broadcast.channel_id = ? AND`;
	const direct = `SELECT 'direct_message' AS "table", id, state, contact_id, subject, person_lookup, ${columns} FROM direct_message WHERE channel_id = ? AND`;
	if (status.callbackData !== undefined) {
		const found =
			(await sql.all<Target>(`${delivery} delivery.id = ?`, channelId, status.callbackData))[0] ??
			(
				await sql.all<Target>(
					`SELECT 'staff_notice' AS "table", id, state, NULL AS contact_id, NULL AS subject, NULL AS person_lookup, ${columns} FROM staff_notice WHERE channel_id = ? AND id = ?`,
					channelId,
					status.callbackData,
				)
			)[0] ??
			(await sql.all<Target>(`${direct} id = ?`, channelId, status.callbackData))[0];
		if (found !== undefined) return found;
	}
	const lookup = keys.lookup('message', status.messageId);
	return (
		(await sql.all<Target>(`${delivery} delivery.message_lookup = ?`, channelId, lookup))[0] ?? (await sql.all<Target>(`${direct} message_lookup = ?`, channelId, lookup))[0]
	);
}

async function applyOne(context: CommandContext, channelId: string, target: Target, status: StatusEvent): Promise<boolean> {
	// Whatever we held it for: Meta speaks only of messages it has taken.
	const newlyAccepted = target.state !== 'accepted';
	if (newlyAccepted) await accept(context, target, status);
	await keepPricing(context, target, status);
	if (!isKnown(status.status)) return newlyAccepted;
	// `failed` means something only before the message arrived; a late one after `delivered` is disorder.
	const late = status.status === 'failed' && (target.delivered_at !== null || target.read_at !== null);
	if (late) return newlyAccepted;
	const known = target[column[status.status]] !== null;
	await setTime(context, target, status.status, status);
	if (status.status === 'failed' && !known) {
		const lookups = target.person_lookup === null ? [] : [target.person_lookup];
		await obeyRefusal(context, { channelId, contactId: target.contact_id, lookups, code: status.errors[0]?.code, at: status.at ?? context.now });
	}
	return !known || newlyAccepted;
}

/** Meta says it on `sent`, or on one of the others. The first word counts, once. */
async function keepPricing(context: CommandContext, target: Target, { pricing }: StatusEvent): Promise<void> {
	if (pricing === undefined || target.pricing !== null) return;
	await context.sql.run(`UPDATE ${target.table} SET pricing = ? WHERE id = ? AND pricing IS NULL`, pricing.asTold, target.id);
}

async function accept(context: CommandContext, target: Target, { messageId }: StatusEvent): Promise<void> {
	await context.sql.run(`UPDATE ${target.table} SET state = 'accepted', reason = NULL WHERE id = ?`, target.id);
	if (target.table === 'staff_notice' || target.subject === null) return;
	// The answer that held the message's id was lost; later statuses may come without our own word for it.
	const place = target.table === 'delivery' ? `delivery/${target.id}` : `direct/${target.id}`;
	await context.sql.run(
		`UPDATE ${target.table} SET settled_at = ?, ${target.table === 'delivery' ? 'next_attempt_at = NULL, ' : ''}message_lookup = ?, message_sealed = ? WHERE id = ?`,
		context.now,
		context.keys.lookup('message', messageId),
		await sealPersonal(context, target.subject, place, { messageId }),
		target.id,
	);
}

/** The earliest time told for a status counts, so that repeats and disorder end in the same times. */
async function setTime(context: CommandContext, target: Target, status: KnownStatus, event: StatusEvent): Promise<void> {
	const at = event.at ?? context.now;
	const earliest = (name: string) => `${name} = min(coalesce(${name}, ?), ?)`;
	const update = (assignments: string, ...values: Array<number | null>) => context.sql.run(`UPDATE ${target.table} SET ${assignments} WHERE id = ?`, ...values, target.id);
	await update(earliest(column[status]), at, at);
	// Meta skips `delivered` when the chat is open; a message that was read was delivered.
	if (status === 'read') await update(earliest('delivered_at'), at, at);
	// What arrived did not fail, whatever came first.
	if (status === 'read' || status === 'delivered') await update('failed_at = NULL, failed_code = NULL');
	if (status === 'failed') await update('failed_code = coalesce(failed_code, ?)', event.errors[0]?.code ?? null);
}

function isKnown(status: string): status is KnownStatus {
	return Object.hasOwn(column, status);
}
