import type { Store } from '../store/store';
import { templateContent } from '../whatsapp/templateContent';
import { toComponents } from '../whatsapp/templateMessage';
import type { CloudApi } from '../whatsapp/cloudApi';
import type { E164 } from '../whatsapp/phoneNumber';
import type { Template } from '../whatsapp/template';
import { requireApproved } from '../message/requireApproved';
import { readDraft } from '../message/loadDraft';
import { CivicError } from '../errors';
import { claimDeliveries } from './claimDeliveries';
import { finishRun } from './finishRun';
import type { Pace } from './pace';
import { recordResults, type RequestResult } from './recordResults';
import { readReport, type BroadcastReport } from './report';
import { requestResult } from './requestResult';
import { startBroadcast, type StartedBroadcast } from './startBroadcast';

/** The world a send works in. */
export interface SendSettings {
	store: Store;
	api: CloudApi;
	channelId: string;
	paceFor: (channelId: string, perSecond: number) => Pace;
	/** Waits; ends early when the run is cancelled. */
	sleep: (ms: number) => Promise<void>;
	/** True once the person stopped the run. What is under way is finished and recorded. */
	isCancelled: () => boolean;
}

/** Requests that wait for their answer at one time. */
const mostInFlight = 40;
/** Results are written together, this many or after this pause at the latest. */
const recordBatch = 25;
const waitForOthersMs = 250;

/**
 * Sends a signed draft, or goes on with it where an earlier run stopped. Safe to run again at any time: nobody is asked
 * twice unless the first request was certainly not accepted.
 * @throws CivicError when the draft may not be sent; then nothing was sent by this run
 */
export async function sendBroadcast(settings: SendSettings, draftId: string): Promise<BroadcastReport> {
	const { store, api, channelId } = settings;
	const draft = await store.execute(readDraft, { draftId });
	const variant = draft.content.variants[0];
	if (variant === undefined) throw new CivicError('draft.changed', 'The draft holds no message.', 'Make a new draft.');
	const { value: template, serverDate } = await api.getTemplate(variant.template, variant.templateLanguage);
	requireApproved(template);
	const started = await store.execute(startBroadcast, {
		draftId,
		channelId,
		preflight: { templateContent: templateContent(template), category: template.category, serverDate: serverDate ?? null },
	});
	await new SendRun(settings, started, template).complete();
	return store.execute(readReport, { id: started.broadcastId });
}

/** One process's share of a broadcast. */
class SendRun {
	readonly #inFlight = new Set<Promise<void>>();
	#results: RequestResult[] = [];
	#recording: Promise<void> = Promise.resolve();
	#fault: { cause: unknown } | undefined;
	readonly #pace: Pace;
	readonly #message: { name: string; language: string; components: ReturnType<typeof toComponents> };

	constructor(
		private readonly settings: SendSettings,
		private readonly started: StartedBroadcast,
		template: Template,
	) {
		this.#pace = settings.paceFor(settings.channelId, started.messagesPerSecond);
		this.#message = { ...started.template, components: toComponents(template, started.parameters) };
	}

	async complete(): Promise<void> {
		try {
			while (!this.settings.isCancelled() && this.#fault === undefined) {
				const room = mostInFlight - this.#inFlight.size;
				if (room === 0) {
					await Promise.race(this.#inFlight);
					continue;
				}
				const claim = await this.settings.store.execute(claimDeliveries, { ...this.#run(), limit: this.#batch(room) });
				for (const delivery of claim.deliveries) await this.#launch(delivery);
				if (claim.next === 'done' || claim.next === 'held') break;
				if (claim.next === 'wait') await this.#waitForSomething();
			}
		} finally {
			await Promise.all(this.#inFlight);
			this.#record();
			await this.#recording;
			await this.settings.store.execute(finishRun, this.#run());
		}
		if (this.#fault !== undefined) throw this.#fault.cause;
	}

	#run(): { broadcastId: string; runId: string } {
		return { broadcastId: this.started.broadcastId, runId: this.started.runId };
	}

	/** A quarter of a second's worth at most, so that intents on record are never far ahead of the requests. */
	#batch(room: number): number {
		return Math.max(1, Math.min(room, Math.ceil(this.started.messagesPerSecond / 4)));
	}

	async #launch(delivery: { id: string; to: string; attempt: number }): Promise<void> {
		const wait = this.#pace.book();
		if (wait > 0) await this.settings.sleep(wait);
		const request: Promise<void> = this.#request(delivery).finally(() => this.#inFlight.delete(request));
		this.#inFlight.add(request);
	}

	async #request({ id, to, attempt }: { id: string; to: string; attempt: number }): Promise<void> {
		// The phone number was read as E.164 when it was imported; its column is sealed.
		const outcome = await this.settings.api.sendTemplate({ to: to as E164, template: this.#message }, { callbackData: id });
		const result = requestResult(id, outcome, attempt);
		if (result.outcome === 'again' && outcome.outcome === 'notSent' && outcome.refusal.delay?.slows === 'channel') {
			this.#pace.rest(Math.min(result.afterMs, 60_000));
		}
		this.#results.push(result);
		if (this.#results.length >= recordBatch || this.#inFlight.size <= 1) this.#record();
	}

	/** Writes down what has come back, in order; a store that cannot be written ends the run. */
	#record(): void {
		const results = this.#results;
		if (results.length === 0) return;
		this.#results = [];
		this.#recording = this.#recording
			.then(() => this.settings.store.execute(recordResults, { ...this.#run(), results }))
			.catch((cause: unknown) => {
				this.#fault ??= { cause };
			});
	}

	async #waitForSomething(): Promise<void> {
		this.#record();
		await this.#recording;
		if (this.#inFlight.size > 0) await Promise.race(this.#inFlight);
		else await this.settings.sleep(waitForOthersMs);
	}
}
