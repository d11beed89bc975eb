import type { Journal } from '../journal';
import type { Knobs } from '../knobs';
import type { SeededRandom } from '../seededRandom';
import { Callback, type CallbackParts, type DeliveryCounts } from './callback';
import type { Schedule } from './schedule';
import { escapeLikeMeta, phoneNumberIdOf, subjectOf, type WebhookUpdate } from './webhookPayload';

export interface WebhookCounts extends DeliveryCounts {
	/** Updates handed over. */
	updates: number;
	/** Updates for which no verified address or subscription was there. */
	unaddressed: number;
}

/** An app of the business at Meta. */
export interface App {
	readonly id: string;
	readonly name: string;
	readonly secret: string;
}

/**
 * Where an address is set (Meta, "Webhooks: override"): an app has one for everything it subscribed to, and the council's
 * own app may have another for the business account or for one of its numbers, of which the narrower wins.
 */
export type CallbackPlace = { readonly app: string } | { readonly account: true } | { readonly number: string };

/** How much later an overtaken update comes. */
const disorderMs = 300;

/** Hands each update to the addresses that are to get it. */
export class WebhookSender {
	readonly counts: WebhookCounts = { updates: 0, delivered: 0, retried: 0, dropped: 0, unaddressed: 0 };
	private readonly callbacks = new Map<string, Callback>();
	private readonly parts: CallbackParts;
	private readonly waiting: Array<() => void> = [];
	private readonly ownApp: string;

	/** @param apps the council's own app first; the others are subscribed to the account as well */
	constructor(
		accountId: string,
		private readonly apps: readonly [App, ...App[]],
		private readonly knobs: Knobs,
		private readonly schedule: Schedule,
		private readonly journal: Journal,
		private readonly random: SeededRandom,
	) {
		this.ownApp = apps[0].id;
		this.parts = { accountId, knobs, schedule, journal, random, counts: this.counts, onQuiet: () => this.quiet() };
	}

	/** Webhooks that wait or are under way, those between two tries not counted. */
	get busy(): number {
		return sum([...this.callbacks.values()].map(({ busy }) => busy));
	}

	/** Where the council's webhooks go. */
	get url(): string | undefined {
		return (this.at({ account: true }) ?? this.at({ app: this.ownApp }))?.url.href;
	}

	/** The verified address at a place. */
	at(place: CallbackPlace): Callback | undefined {
		return this.callbacks.get(keyOf(place));
	}

	/** Every verified address and where it is set. */
	list(): Array<{ place: string; url: string; fields: string[] | 'all' }> {
		return [...this.callbacks].map(([place, { url, fields }]) => ({ place, url: url.href, fields: fields ? [...fields] : 'all' }));
	}

	/** Resolves once every webhook that could be posted was answered, refused or given up waiting for. */
	settled(): Promise<void> {
		return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
	}

	/**
	 * Where webhooks go from now on: an address that passed the handshake, or none. What waits for the former one is dropped.
	 *
	 * @param fields that are subscribed; all when undefined
	 */
	direct(address: string | undefined, place: CallbackPlace = { app: this.ownApp }, fields?: Iterable<string>): void {
		const key = keyOf(place);
		this.callbacks.get(key)?.close();
		this.callbacks.delete(key);
		if (address === undefined) return;
		const { secret } = this.apps.find(({ id }) => 'app' in place && id === place.app) ?? this.apps[0];
		this.callbacks.set(key, new Callback(address, secret, fields && new Set(fields), this.parts));
	}

	/** @param subscribed whether the council's own app is subscribed to the account */
	enqueue(update: WebhookUpdate, subscribed = true): void {
		this.counts.updates++;
		const json = JSON.stringify({ value: update.value, field: update.field });
		const send = (): void => this.dispatch(update, json, subscribed);
		if (this.knobs.disorderedWebhooks > 0 && this.random.share(subjectOf(update), 'disorder') < this.knobs.disorderedWebhooks) this.schedule.after(disorderMs, send);
		else send();
	}

	/** Posts a body of the journal once more to every address. @returns how many there were */
	repeat(body: string): number {
		for (const callback of this.callbacks.values()) callback.repeat(body);
		return this.callbacks.size;
	}

	clear(): void {
		for (const callback of this.callbacks.values()) callback.clear();
		Object.assign(this.counts, { updates: 0, delivered: 0, retried: 0, dropped: 0, unaddressed: 0 });
	}

	stop(): void {
		for (const callback of this.callbacks.values()) callback.close();
		this.callbacks.clear();
		this.quiet();
	}

	private get inFlight(): number {
		return sum([...this.callbacks.values()].map((callback) => callback.inFlight));
	}

	private quiet(): void {
		if (this.inFlight === 0) for (const resolve of this.waiting.splice(0)) resolve();
	}

	private dispatch(update: WebhookUpdate, json: string, subscribed: boolean): void {
		const targets = this.targets(update, subscribed);
		if (targets.length === 0) {
			this.counts.unaddressed++;
			this.journal.record({ kind: 'webhook', body: json, outcome: 'not sent: no verified address or subscription' });
			return;
		}
		const queued = { json: escapeLikeMeta(json, this.knobs.webhookSlashes), ...(update.time !== undefined && { time: update.time }) };
		for (const target of targets) target.enqueue(queued);
	}

	private targets({ field, value }: WebhookUpdate, subscribed: boolean): Callback[] {
		const number = phoneNumberIdOf(value);
		const found: Callback[] = [];
		for (const { id } of this.apps) {
			const own = id === this.ownApp;
			const callback = own ? (subscribed ? this.ownCallback(number) : undefined) : this.at({ app: id });
			if (callback && (!callback.fields || callback.fields.has(field))) found.push(callback);
		}
		return found;
	}

	private ownCallback(number: string | undefined): Callback | undefined {
		return (number === undefined ? undefined : this.at({ number })) ?? this.at({ account: true }) ?? this.at({ app: this.ownApp });
	}
}

function keyOf(place: CallbackPlace): string {
	if ('app' in place) return `app ${place.app}`;
	return 'number' in place ? `number ${place.number}` : 'account';
}

function sum(numbers: readonly number[]): number {
	let total = 0;
	for (const number of numbers) total += number;
	return total;
}
