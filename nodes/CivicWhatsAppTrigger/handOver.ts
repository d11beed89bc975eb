import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';
import type { HandedEvent } from '../../core/inbox';
import { inPlainWords } from '../shared/inPlainWords';
import { eventItem } from './eventItem';
import type { FlowSubscription } from './flowSubscription';

const againAfterMs = 5000;

/**
 * Hands events to n8n, one execution each. An event stays in hand until its execution has ended. What was in hand when
 * n8n stopped, or came to no execution, is handed again under the same key, and n8n refuses a second execution for a key.
 */
export class HandOver {
	#underWay = 0;
	#again: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly subscription: FlowSubscription,
	) {}

	async hand(event: HandedEvent): Promise<void> {
		const item = await this.#itemOf(event);
		const ended = this.context.helpers.createDeferredPromise<IRun>();
		this.#underWay++;
		ended.promise.then(() => this.subscription.confirm(event)).then(
			() => this.#settled(),
			(thrown: unknown) => {
				// Not started, stopped by a person, or not crossed off: n8n, asked again, knows which.
				this.context.logger.warn('An event is handed to the flow again', { detail: inPlainWords(thrown) });
				this.#settled();
				this.takeBackLater();
			},
		);
		this.context.emit([[item]], undefined, ended, `civic:${this.subscription.id}:${event.id}`);
	}

	takeBack(): Promise<void> {
		return this.subscription.takeBack();
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#again);
	}

	#itemOf(event: HandedEvent): Promise<INodeExecutionData> {
		return eventItem(this.context, this.subscription.store, event).catch((thrown: unknown) => {
			this.takeBackLater();
			throw thrown;
		});
	}

	#settled(): void {
		this.#underWay--;
	}

	/** After a pause, and not while executions run: what they work on is in hand too, and would be handed to n8n for nothing. */
	takeBackLater(): void {
		if (this.#stopped) return;
		clearTimeout(this.#again);
		this.#again = setTimeout(() => {
			if (this.#underWay > 0) this.takeBackLater();
			else this.takeBack().catch(() => this.takeBackLater());
		}, againAfterMs);
	}
}
