import type { CommandContext } from '../store/command';

/** Stops a broadcast until a person has mended what is wrong and runs Send again. */
export async function holdBroadcast(context: CommandContext, broadcast: { id: string; channel_id: string }, reason: string): Promise<void> {
	await context.db
		.updateTable('broadcast')
		.set({ state: 'held', held_reason: reason })
		.where('id', '=', broadcast.id)
		.where('state', '=', 'sending')
		.execute();
	context.append({
		act: 'broadcast.hold',
		actor: { role: 'system' },
		outcome: 'held',
		channel: broadcast.channel_id,
		resource: { type: 'broadcast', id: broadcast.id },
		disclose: { reason },
	});
}
