import { snapshotRoot } from '../audience/snapshotAudience';
import { CivicError } from '../errors';
import { requireBudget } from '../message/serviceSpend';
import { defineCommand, type CommandContext } from '../store/command';
import { authoriseSend, type Authorised, type SendWish } from './authoriseSend';

export interface StartedBroadcast {
	broadcastId: string;
	runId: string;
	/** True when an earlier run had begun it and this one goes on. */
	joined: boolean;
	template: { name: string; language: string };
	parameters: Record<string, string>;
	messagesPerSecond: number;
}

/**
 * Turns a grant into its one broadcast, or joins the broadcast it already became. One row a person is there before
 * the first request leaves, so a crash can be told from a finish.
 */
export const startBroadcast = defineCommand(
	'broadcast.start',
	async (context, input: SendWish): Promise<StartedBroadcast> => {
		const existing = await context.db.selectFrom('broadcast').selectAll().where('draft_id', '=', input.draftId).executeTakeFirst();
		const authorised = await authoriseSend(context, { ...input, joins: existing !== undefined });
		const { channel, draft } = authorised;
		if (existing !== undefined) await requireSamePeople(context, draft, existing.id);
		// Several drafts may have been signed while none had spent anything.
		if (existing === undefined) await requireBudget(context, channel, draft.content.service, draft.summary.cost);
		const broadcastId = existing?.id ?? (await createBroadcast(context, authorised));
		if (existing?.state === 'held') await takeUp(context, existing.id, channel.id);
		const runId = context.random.uuid();
		await context.db
			.insertInto('send_run')
			.values({ id: runId, broadcast_id: broadcastId, started_at: context.now, heartbeat_at: context.now, ended_at: null })
			.execute();
		const variant = draft.content.variants[0];
		if (variant === undefined) throw new CivicError('draft.changed', 'The draft holds no message.', 'Make a new draft.');
		return {
			broadcastId,
			runId,
			joined: existing !== undefined,
			template: { name: variant.template, language: variant.templateLanguage },
			parameters: variant.parameters,
			messagesPerSecond: channel.rules.messagesPerSecond,
		};
	},
);

async function createBroadcast(context: CommandContext, { channel, draft, grant }: Authorised): Promise<string> {
	const id = context.random.uuid();
	const people = await context.sql.all<{ contact_id: string }>('SELECT contact_id FROM draft_recipient WHERE draft_id = ? ORDER BY contact_id', draft.id);
	await requireSnapshot(context, draft, people.length);
	await context.db
		.insertInto('broadcast')
		.values({
			id,
			draft_id: draft.id,
			grant_id: grant.id,
			channel_id: channel.id,
			state: 'sending',
			recipients: people.length,
			started_at: context.now,
			finished_at: null,
			held_reason: null,
		})
		.execute();
	for (const { contact_id } of people) {
		await context.sql.run(
			"INSERT INTO delivery (id, broadcast_id, contact_id, state) VALUES (?, ?, ?, 'pending')",
			context.random.uuid(),
			id,
			contact_id,
		);
	}
	context.append({
		act: 'broadcast.start',
		actor: { role: 'system' },
		outcome: 'ok',
		channel: channel.id,
		resource: { type: 'broadcast', id },
		refs: { draft: draft.id, digest: draft.digest, grant: grant.id },
		counts: { people: people.length },
	});
	return id;
}

/** The people who will get it are exactly those the signature covered. */
async function requireSnapshot(context: CommandContext, draft: Authorised['draft'], count: number): Promise<void> {
	const signed = draft.content.audience;
	if (count === signed.count && (await snapshotRoot(context, draft.id)) === signed.root) return;
	throw otherPeople(count, signed.count);
}

/** The same for a broadcast that has begun: nobody was added to it. */
async function requireSamePeople(context: CommandContext, draft: Authorised['draft'], broadcastId: string): Promise<void> {
	const rows = await context.sql.all<{ people: number; strangers: number }>(
		`SELECT count(*) AS people, count(*) - count(draft_recipient.contact_id) AS strangers
			FROM delivery LEFT JOIN draft_recipient ON draft_recipient.draft_id = ? AND draft_recipient.contact_id = delivery.contact_id
			WHERE delivery.broadcast_id = ?`,
		draft.id,
		broadcastId,
	);
	const { people = 0, strangers = 0 } = rows[0] ?? {};
	if (strangers > 0) throw otherPeople(people, draft.content.audience.count);
	await requireSnapshot(context, draft, people);
}

function otherPeople(now: number, signed: number): CivicError {
	return new CivicError(
		'draft.changed',
		`The audience of the draft is not the one that was signed (${now} people now, ${signed} signed).`,
		'Somebody changed the database by hand. Make a new draft and have it signed.',
	);
}

/** Whoever was refused goes after the others, so that one number cannot hold up everybody again. */
const refusedLastMs = 2000;

/** Running Send again is a person's word that what held the broadcast is mended. */
async function takeUp(context: CommandContext, broadcastId: string, channelId: string): Promise<void> {
	await context.db.updateTable('broadcast').set({ state: 'sending', held_reason: null }).where('id', '=', broadcastId).execute();
	await context.sql.run(
		"UPDATE delivery SET next_attempt_at = ? WHERE broadcast_id = ? AND state = 'pending' AND attempts > 0 AND next_attempt_at IS NULL",
		context.now + refusedLastMs,
		broadcastId,
	);
	context.append({
		act: 'broadcast.resume',
		actor: { role: 'staff' },
		outcome: 'ok',
		channel: channelId,
		resource: { type: 'broadcast', id: broadcastId },
	});
}
