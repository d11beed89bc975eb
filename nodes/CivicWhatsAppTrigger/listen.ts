import type { IDataObject, INodeExecutionData, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { isCivicError } from '../../core/errors';
import {
	confirmEvents,
	readEvent,
	releaseHandovers,
	subscribe,
	takeEvents,
	unsubscribe,
	type HandedEvent,
	type InboxKind,
} from '../../core/inbox';
import type { Store } from '../../core/store/store';
import { openChannel } from '../shared/openChannel';

const lookEveryMs = 500;
const takenAtOnce = 20;

/**
 * Brings the channel's events to this flow, each one once. An event stays in hand until its execution has ended; what
 * was in hand when n8n stopped is handed again under the same key, and n8n refuses a second execution for a key.
 */
export async function listen(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const { store, channel } = await openChannel(context);
	const listener = new Listener(context, store, channel.id);
	if (context.getMode() === 'manual') return listener.listenOnce();
	await listener.start();
	return { closeFunction: () => listener.stop() };
}

class Listener {
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;
	#complained = false;
	readonly #subscriberId: string;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly store: Store,
		private readonly channelId: string,
	) {
		const place = `${context.getWorkflow().id}:${context.getNode().id}`;
		this.#subscriberId = context.getMode() === 'manual' ? `${place}:test` : place;
	}

	async start(): Promise<void> {
		await this.#subscribe();
		await this.store.execute(releaseHandovers, { subscriberId: this.#subscriberId });
		await this.#round(async (events) => {
			for (const event of events) await this.#emit(event);
		});
	}

	/** "Listen for test event": the next event only, and nothing of it is kept from the active flow. */
	async listenOnce(): Promise<ITriggerResponse> {
		await this.#subscribe();
		let found: (items: INodeExecutionData[][]) => void = () => undefined;
		const manualTriggerResponse = new Promise<INodeExecutionData[][]>((resolve) => {
			found = resolve;
		});
		const close = async () => {
			await this.stop();
			await this.store.execute(unsubscribe, { subscriberId: this.#subscriberId });
		};
		return {
			manualTriggerFunction: async () => {
				await this.#round(async ([event]) => {
					if (event === undefined || this.#stopped) return;
					const items = [[await this.#item(event)]];
					this.#stopped = true;
					this.context.emit(items);
					found(items);
				});
			},
			manualTriggerResponse,
			closeFunction: close,
		};
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#timer);
		await Promise.resolve();
	}

	async #subscribe(): Promise<void> {
		const kinds = this.context.getNodeParameter('events') as InboxKind[];
		await this.store.execute(subscribe, { subscriberId: this.#subscriberId, channelId: this.channelId, kinds });
	}

	async #round(hand: (events: HandedEvent[]) => Promise<void>): Promise<void> {
		if (this.#stopped) return;
		try {
			await hand(await this.store.execute(takeEvents, { subscriberId: this.#subscriberId, limit: takenAtOnce }));
			this.#complained = false;
		} catch (thrown) {
			// Said once, not twice a second. What was taken is in hand and is handed again at the next start.
			if (!this.#complained) this.context.logger.error('The inbox cannot be read', { detail: isCivicError(thrown) ? thrown.message : String(thrown) });
			this.#complained = true;
		}
		if (!this.#stopped) this.#timer = setTimeout(() => void this.#round(hand), lookEveryMs);
	}

	async #emit(event: HandedEvent): Promise<void> {
		const done = this.context.helpers.createDeferredPromise<IRun>();
		const confirm = () => this.#confirm(event);
		// An execution that ended badly has had the event too; n8n shows it as failed.
		done.promise.then(confirm, confirm);
		this.context.emit([[await this.#item(event)]], undefined, done, `civic:${this.#subscriberId}:${event.id}`);
	}

	#confirm(event: HandedEvent): void {
		this.store.execute(confirmEvents, { subscriberId: this.#subscriberId, seqs: [event.seq] }).catch((thrown: unknown) => {
			// Stays in hand, and is handed again at the next start under the same key.
			this.context.logger.warn('An event could not be crossed off', { detail: isCivicError(thrown) ? thrown.message : String(thrown) });
		});
	}

	async #item(event: HandedEvent): Promise<INodeExecutionData> {
		const json: IDataObject = {
			eventId: event.id,
			event: event.kind,
			channelId: event.channelId,
			contactId: event.contactId,
			at: new Date(event.occurredAt).toISOString(),
		};
		if (this.context.getNodeParameter('includeContent') as boolean) {
			const { content } = await this.store.execute(readEvent, { id: event.id });
			json.content = (content ?? null) as IDataObject | null;
		}
		return { json };
	}
}
