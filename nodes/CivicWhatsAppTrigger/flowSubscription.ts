import type { ITriggerFunctions } from 'n8n-workflow';
import { confirmEvents, releaseHandovers, subscribe, takeEvents, unsubscribe, type HandedEvent, type InboxKind } from '../../core/inbox';
import type { Store } from '../../core/store/store';
import { openStore } from '../shared/openStore';

const takenAtOnce = 20;

/** What one trigger node of one flow gets from the inbox. */
export class FlowSubscription {
	/** Lasts as long as the node in its flow: across restarts, and whatever the node is called. */
	readonly id: string;

	constructor(
		private readonly context: ITriggerFunctions,
		public store: Store,
		private readonly channelId: string,
	) {
		const place = `${context.getWorkflow().id}:${context.getNode().id}`;
		this.id = context.getMode() === 'manual' ? `${place}:test` : place;
	}

	async open(): Promise<void> {
		const kinds = this.context.getNodeParameter('events') as InboxKind[];
		await this.store.execute(subscribe, { subscriberId: this.id, channelId: this.channelId, kinds });
	}

	close(): Promise<void> {
		return this.store.execute(unsubscribe, { subscriberId: this.id });
	}

	/** The next events. They stay in hand until they are confirmed. */
	take(): Promise<HandedEvent[]> {
		return this.store.execute(takeEvents, { subscriberId: this.id, limit: takenAtOnce }).catch(async (thrown: unknown) => {
			// A store whose worker has ended is opened anew for the next round; one that is open is handed out again.
			this.store = await openStore(this.context);
			throw thrown;
		});
	}

	confirm(event: HandedEvent): Promise<void> {
		return this.store.execute(confirmEvents, { subscriberId: this.id, seqs: [event.seq] });
	}

	/** Has everything that is in hand taken again. */
	async takeBack(): Promise<void> {
		await this.store.execute(releaseHandovers, { subscriberId: this.id });
	}
}
