import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { openChannel } from '../shared/openChannel';
import { FlowSubscription } from './flowSubscription';
import { eventItem } from './eventItem';
import { Rounds } from './rounds';
import { HandOver } from './handOver';

/** Brings the channel's events to this flow, each one once. */
export async function listen(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const { store, channel } = await openChannel(context);
	const subscription = new FlowSubscription(context, store, channel.id);
	return context.getMode() === 'manual' ? listenOnce(context, subscription) : listenWhileActive(context, subscription);
}

async function listenWhileActive(context: ITriggerFunctions, subscription: FlowSubscription): Promise<ITriggerResponse> {
	await subscription.open();
	const handOver = new HandOver(context, subscription);
	await handOver.takeBack();
	const rounds = new Rounds(context, async () => {
		const taken = await subscription.take().catch((thrown: unknown) => {
			// The store may have noted them as in hand and been lost before it could hand them out.
			handOver.takeBackLater();
			throw thrown;
		});
		for (const event of taken) {
			// What is taken and not handed on stays in hand, and is handed on at the next start.
			if (rounds.stopped) return;
			await handOver.hand(event);
		}
	});
	await rounds.start();
	return {
		closeFunction: async () => {
			rounds.stop();
			handOver.stop();
			return Promise.resolve();
		},
	};
}

/** "Listen for test event": the next event only, under a subscription of its own, so that an active flow misses nothing. */
async function listenOnce(context: ITriggerFunctions, subscription: FlowSubscription): Promise<ITriggerResponse> {
	// One left behind by a broken test would hand out old events.
	await subscription.close();
	await subscription.open();
	const rounds = new Rounds(context, async () => {
		const [event] = await subscription.take();
		if (event === undefined || rounds.stopped) return;
		const item = await eventItem(context, subscription.store, event);
		rounds.stop();
		context.emit([[item]]);
	});
	return {
		manualTriggerFunction: () => rounds.start(),
		closeFunction: async () => {
			rounds.stop();
			await subscription.close();
		},
	};
}
