import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Journal } from '../journal';
import type { Knobs } from '../knobs';
import type { SeededRandom } from '../seededRandom';
import { Queue } from './queue';
import type { Schedule } from './schedule';
import { envelope, escapeLikeMeta, type WebhookUpdate } from './webhookPayload';

/**
 * Waiting times before each further try, in milliseconds, of which the sum is about seven days. Meta promises an
 * immediate retry, then ever rarer ones; the timetable itself is assumed, and compressed by `webhookRetryFactor`.
 */
const hours = 3_600_000;
const retryWaits = [0, 1000, 5000, 30_000, 120_000, 600_000, 1_800_000, 1 * hours, 2 * hours, 6 * hours, 12 * hours, 24 * hours, 24 * hours, 24 * hours, 24 * hours, 24 * hours, 24 * hours];

const largestBody = 3 * 1024 * 1024;

interface QueuedUpdate {
	readonly json: string;
	readonly time?: number;
}

/** One POST with its bytes, which stay the same through all retries. */
interface Delivery {
	readonly body: string;
	readonly signature: string;
	attempt: number;
}

export interface WebhookCounts {
	/** Updates handed over. */
	updates: number;
	/** Webhooks answered with 200. */
	delivered: number;
	/** Tries that were not. */
	retried: number;
	/** Webhooks given up after the whole timetable. */
	dropped: number;
	/** Updates for which no verified address or subscription was there. */
	unaddressed: number;
}

/** Sends webhooks: signed over the exact bytes, several at a time, retried until answered with 200. */
export class WebhookSender {
	readonly counts: WebhookCounts = { updates: 0, delivered: 0, retried: 0, dropped: 0, unaddressed: 0 };
	private readonly queue = new Queue<QueuedUpdate>();
	private readonly httpAgent = new HttpAgent({ keepAlive: true, maxSockets: Infinity });
	private readonly httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: Infinity });
	private inFlight = 0;
	private readonly waiting: Array<() => void> = [];
	private lingering = false;
	private sequence = 0;
	/** Raised by `clear`, so that what was under way is not retried. */
	private generation = 0;
	private address: { url: URL; options: RequestOptions } | undefined;

	constructor(
		private readonly accountId: string,
		private readonly appSecret: string,
		private readonly knobs: Knobs,
		private readonly schedule: Schedule,
		private readonly journal: Journal,
		private readonly random: SeededRandom,
	) {}

	/** Webhooks that wait or are under way, those between two tries not counted. */
	get busy(): number {
		return this.queue.length + this.inFlight;
	}

	/** Resolves once every webhook that could be posted was answered, refused or given up waiting for. */
	settled(): Promise<void> {
		return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
	}

	get url(): string | undefined {
		return this.address?.url.href;
	}

	/** Where webhooks go from now on: an address that passed the handshake, or none. */
	direct(address: string | undefined): void {
		if (address === undefined) {
			this.address = undefined;
			return;
		}
		const url = new URL(address);
		const hostname = url.hostname.replace(/[[\]]/g, '');
		this.address = { url, options: { method: 'POST', hostname, port: url.port, path: url.pathname + url.search } };
	}

	enqueue(update: WebhookUpdate, subscribed = true): void {
		this.counts.updates++;
		if (!this.address || !subscribed) {
			this.counts.unaddressed++;
			this.journal.record({ kind: 'webhook', body: JSON.stringify(update), outcome: 'not sent: no verified address or subscription' });
			return;
		}
		const { field, value, time } = update;
		this.queue.push({ json: escapeLikeMeta(JSON.stringify({ value, field })), ...(time !== undefined && { time }) });
		if (this.knobs.webhookBatch === 1 || this.queue.length >= this.knobs.webhookBatch) this.pump();
		else this.linger();
	}

	clear(): void {
		this.generation++;
		this.queue.clear();
		this.lingering = false;
		Object.assign(this.counts, { updates: 0, delivered: 0, retried: 0, dropped: 0, unaddressed: 0 });
	}

	stop(): void {
		this.clear();
		this.address = undefined;
		this.httpAgent.destroy();
		this.httpsAgent.destroy();
	}

	private linger(): void {
		if (this.lingering) return;
		this.lingering = true;
		this.schedule.after(this.knobs.webhookLingerMs, () => {
			this.lingering = false;
			this.pump();
		});
	}

	private pump(): void {
		while (this.inFlight < this.knobs.webhookConcurrency && this.queue.length > 0) {
			const body = envelope(this.accountId, this.takeBatch());
			const delivery = { body, signature: `sha256=${createHmac('sha256', this.appSecret).update(body).digest('hex')}`, attempt: 0 };
			this.post(delivery);
			const nth = this.sequence++;
			if (this.random.share('webhook', 'duplicate', nth) < this.knobs.duplicateWebhooks) this.post({ ...delivery });
		}
	}

	private takeBatch(): QueuedUpdate[] {
		const batch: QueuedUpdate[] = [];
		let size = 0;
		for (let next = this.queue.peek(); next && batch.length < this.knobs.webhookBatch; next = this.queue.peek()) {
			size += next.json.length + 100;
			if (batch.length > 0 && size > largestBody) break;
			batch.push(next);
			this.queue.take();
		}
		return batch;
	}

	private post(delivery: Delivery): void {
		const address = this.address;
		if (!address) return;
		delivery.attempt++;
		this.inFlight++;
		const generation = this.generation;
		const secure = address.url.protocol === 'https:';
		const headers = {
			'Content-Type': 'application/json',
			'Content-Length': delivery.body.length,
			'User-Agent': 'facebookexternalua',
			'X-Hub-Signature-256': delivery.signature,
		};
		let settled = false;
		const settle = (status: number | undefined, outcome: string): void => {
			if (settled) return;
			settled = true;
			this.inFlight--;
			if (generation === this.generation) this.answered(delivery, address.url.href, status, outcome);
			this.pump();
			if (this.inFlight === 0) for (const resolve of this.waiting.splice(0)) resolve();
		};
		const request = (secure ? httpsRequest : httpRequest)({ ...address.options, headers, agent: secure ? this.httpsAgent : this.httpAgent, timeout: this.knobs.webhookTimeoutMs });
		request.on('response', (response: IncomingMessage) => {
			response.resume();
			response.on('end', () => settle(response.statusCode, response.statusCode === 200 ? 'delivered' : 'refused'));
			response.on('error', (error) => settle(undefined, error.message));
		});
		request.on('timeout', () => request.destroy(new Error('timed out')));
		request.on('error', (error) => settle(undefined, error.message));
		request.end(delivery.body, 'latin1');
	}

	private answered(delivery: Delivery, path: string, status: number | undefined, outcome: string): void {
		this.journal.record({ kind: 'webhook', method: 'POST', path, ...(status !== undefined && { status }), body: delivery.body, attempt: delivery.attempt, outcome });
		if (status === 200) {
			this.counts.delivered++;
			return;
		}
		const wait = retryWaits[delivery.attempt - 1];
		if (wait === undefined) {
			this.counts.dropped++;
			return;
		}
		this.counts.retried++;
		this.schedule.after(wait * this.knobs.webhookRetryFactor, () => this.post(delivery));
	}
}
