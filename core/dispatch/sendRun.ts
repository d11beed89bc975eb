import { isCivicError } from '../errors';
import type { CloudApi } from '../whatsapp/cloudApi';
import type { Recipient } from '../whatsapp/recipient';
import type { SendOutcome } from '../whatsapp/sendOutcome';
import type { Template } from '../whatsapp/template';
import { toComponents } from '../whatsapp/templateMessage';
import type { Store } from '../store/store';
import { claimDeliveries, type Claim } from './claimDeliveries';
import { finishRun } from './finishRun';
import type { Pace } from './pace';
import { recordResults, type RequestResult } from './recordResults';
import { requestResult } from './requestResult';
import type { StartedBroadcast } from './startBroadcast';

/** The world a send works in. */
export interface SendSettings {
	store: Store;
	api: CloudApi;
	channelId: string;
	/** Of the rules in the credential that sends. */
	rulesFingerprint: string;
	paceFor: (channelId: string, perSecond: number) => Pace;
	/** Waits; ends early when the run is cancelled. */
	sleep: (ms: number) => Promise<void>;
	/** True once the person stopped the run. What is under way is finished and recorded. */
	isCancelled: () => boolean;
}

/** Deliveries that are claimed and not written down at one time; a crash leaves no more than these uncertain. */
const mostInFlight = 40;
/** Results are written before each claim, and earlier when there are this many. */
const recordBatch = 25;
const shortWaitMs = 250;
const longWaitMs = 2000;
/** A delivery that would have to wait longer than this from its claim is given back: who stops us meanwhile is to be obeyed. */
const longestHeldMs = 2500;

type Claimed = Claim['deliveries'][number];

/** One process's share of a broadcast. */
export class SendRun {
	readonly #inFlight = new Set<Promise<void>>();
	#results: RequestResult[] = [];
	/** How many are claimed and not written down. */
	#open = 0;
	#recording: Promise<void> = Promise.resolve();
	#fault: { cause: unknown } | undefined;
	#held = false;
	#accepted = 0;
	readonly #pace: Pace;
	readonly #message: { name: string; language: string; components: ReturnType<typeof toComponents> };
	readonly #run: { broadcastId: string; runId: string };

	constructor(
		private readonly settings: SendSettings,
		started: StartedBroadcast,
		template: Template,
	) {
		this.#pace = settings.paceFor(settings.channelId, started.messagesPerSecond);
		this.#message = { ...started.template, components: toComponents(template, started.parameters) };
		this.#run = { broadcastId: started.broadcastId, runId: started.runId };
	}

	/** @throws what made the store unusable; what is under way is finished and recorded first as far as it can be */
	async complete(): Promise<void> {
		try {
			let waitMs = shortWaitMs;
			while (!this.#isStopping()) {
				await this.#flush();
				const room = mostInFlight - this.#open;
				if (room === 0 && (this.#results.length > 0 || (await this.#somethingCameBack(longWaitMs)))) continue;
				// A claim of none still shows that this run is alive.
				const limit = this.#pace.restsFor() > longestHeldMs ? 0 : Math.min(room, this.#batch());
				const claim = await this.settings.store.execute(claimDeliveries, { ...this.#run, limit });
				this.#open += claim.deliveries.length;
				await this.#launchAll(claim.deliveries);
				if (claim.next === 'done' || claim.next === 'held') break;
				waitMs = claim.next === 'wait' ? Math.min(longWaitMs, waitMs * 2) : shortWaitMs;
				if (claim.next === 'wait') await this.#somethingCameBack(waitMs);
			}
		} finally {
			await this.#windUp();
			await this.settings.store.execute(finishRun, this.#run);
		}
		if (this.#fault !== undefined) throw this.#fault.cause;
	}

	/** Waits for what is under way as a run that is alive: what it knows is written down and it shows itself meanwhile. */
	async #windUp(): Promise<void> {
		while (this.#inFlight.size > 0) {
			if (this.#fault === undefined) await this.#flush();
			if (!(await this.#somethingCameBack(longWaitMs)) && this.#fault === undefined) this.#write([]);
		}
		await this.#flush();
	}

	#isStopping(): boolean {
		return this.#held || this.#fault !== undefined || this.settings.isCancelled();
	}

	/** A quarter of a second's worth at most, so that the last look at opt-outs is never far behind. */
	#batch(): number {
		return Math.max(1, Math.ceil(this.#pace.rate() / 4));
	}

	/** Starts each at its moment. Those whose moment is far off, or that a stop overtook, are given back. */
	async #launchAll(deliveries: Claimed[]): Promise<void> {
		let heldMs = 0;
		for (const [position, delivery] of deliveries.entries()) {
			const wait = this.#isStopping() ? 0 : this.#pace.book();
			heldMs += wait;
			if (wait > 0 && heldMs <= longestHeldMs) await this.settings.sleep(wait);
			if (heldMs > longestHeldMs || this.#isStopping()) {
				this.#results.push(...deliveries.slice(position).map(({ id }) => ({ id, outcome: 'released' as const })));
				return;
			}
			const request: Promise<void> = this.#request(delivery).finally(() => this.#inFlight.delete(request));
			this.#inFlight.add(request);
		}
	}

	/** Never rejects: nobody may be waiting for it at that moment. */
	async #request({ id, to, attempt }: Claimed): Promise<void> {
		try {
			// The phone number was read as E.164 when it was imported; its column is sealed.
			const outcome = await this.settings.api.sendTemplate({ to: to as Recipient, template: this.#message }, { callbackData: id });
			this.#take(requestResult(id, outcome, attempt, this.#accepted > 0), outcome);
		} catch (cause) {
			// A number that cannot be sent to is refused before anything leaves. Anything else ends the run, and what it was
			// about is named uncertain by the next one.
			if (isCivicError(cause) && cause.code === 'phone.invalid') this.#results.push({ id, outcome: 'not-sent', reason: cause.code });
			else this.#fault ??= { cause };
		}
	}

	#take(result: RequestResult, outcome: SendOutcome): void {
		if (result.outcome === 'accepted') this.#accepted += 1;
		if (result.outcome === 'hold') this.#held = true;
		if (result.outcome === 'again' && outcome.outcome === 'notSent' && outcome.refusal.delay?.slows === 'channel') {
			this.#pace.rest(Math.min(result.afterMs, 60_000));
		}
		this.#results.push(result);
		if (this.#results.length >= recordBatch && this.#fault === undefined) this.#record();
	}

	#record(): void {
		const results = this.#results;
		if (results.length === 0) return;
		this.#results = [];
		this.#write(results);
	}

	/** Writes down what has come back, in order. A store that cannot be written ends the run; at its end it is tried once more. */
	#write(results: RequestResult[]): void {
		this.#recording = this.#recording
			.then(() => this.settings.store.execute(recordResults, { ...this.#run, results }))
			.then(() => {
				this.#open -= results.length;
			})
			.catch((cause: unknown) => {
				this.#fault ??= { cause };
				this.#results.unshift(...results);
			});
	}

	async #flush(): Promise<void> {
		this.#record();
		for (let recording; recording !== this.#recording; ) {
			recording = this.#recording;
			await recording;
		}
	}

	/** @returns whether an answer came within the time */
	async #somethingCameBack(waitMs: number): Promise<boolean> {
		return Promise.race([...[...this.#inFlight].map((request) => request.then(() => true)), this.settings.sleep(waitMs).then(() => false)]);
	}
}
