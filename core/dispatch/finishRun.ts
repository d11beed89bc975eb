import { defineCommand } from '../store/command';
import { countOutcomes } from './report';

/** Ends a run, and the broadcast with it when nothing is left to send: also one that was held while the last answers were awaited. */
export const finishRun = defineCommand('broadcast.finish-run', async (context, input: { broadcastId: string; runId: string }): Promise<void> => {
	const { db, now } = context;
	await db.updateTable('send_run').set({ heartbeat_at: now, ended_at: now }).where('id', '=', input.runId).execute();
	const broadcast = await db.selectFrom('broadcast').selectAll().where('id', '=', input.broadcastId).executeTakeFirstOrThrow();
	if (broadcast.state === 'finished') return;
	const totals = await countOutcomes(context, broadcast.id);
	if (totals.pending > 0) return;
	await db.updateTable('broadcast').set({ state: 'finished', finished_at: now, held_reason: null }).where('id', '=', broadcast.id).execute();
	context.append({
		act: 'broadcast.finish',
		actor: { role: 'system' },
		outcome: 'ok',
		channel: broadcast.channel_id,
		resource: { type: 'broadcast', id: broadcast.id },
		counts: { people: broadcast.recipients, accepted: totals.accepted, notSent: totals.notSent, uncertain: totals.uncertain },
	});
});
