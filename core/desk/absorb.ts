import { applyStatuses, type AppliedStatuses } from '../dispatch/applyStatuses';
import { recordInbound } from '../inbox/recordInbound';
import { defineCommand } from '../store/command';
import type { WebhookEvent } from '../whatsapp/webhookEvents';

/** Takes in one verified webhook for one channel, all of it or nothing of it. Meta is answered only afterwards. */
export const absorbWebhook = defineCommand(
	'desk.absorb',
	async (context, input: { channelId: string; events: WebhookEvent[] }): Promise<AppliedStatuses> => {
		const statuses = input.events.filter((event) => event.kind === 'status');
		const others = input.events.filter((event) => event.kind !== 'status');
		const applied = await applyStatuses(context, input.channelId, statuses);
		if (others.length > 0) await recordInbound(context, { channelId: input.channelId, events: others });
		return applied;
	},
);
