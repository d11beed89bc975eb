import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Journal } from '../journal';
import type { Knobs } from '../knobs';
import type { SeededRandom } from '../seededRandom';
import { Queue } from './queue';
import type { Schedule } from './schedule';
import { envelope } from './webhookPayload';

/**
 * Waiting times before each further try, in milliseconds, of which the sum is about seven days. Meta promises an
 * immediate retry, then ever rarer ones; the timetable itself is assumed, and compressed by `webhookRetryFactor`.
 */
const hours = 3_600_000;
const retryWaits = [0, 1000, 5000, 30_000, 120_000, 600_000, 1_800_000, 1 * hours, 2 * hours, 6 * hours, 12 * hours, 24 * hours, 24 * hours, 24 * hours, 24 * hours, 24 * hours, 24 * hours];

const largestBody = 3 * 1024 * 1024;
/** Room for the envelope of one update. */
const envelopeBytes = 100;

/** One update, serialised and escaped. */
export interface QueuedUpdate {
	readonly json: string;
	readonly time?: number;
}

/** One POST with its bytes, which stay the same through all retries. */
interface Delivery {
	readonly body: string;
	attempt: number;
}

export interface DeliveryCounts {
	/** Webhooks answered with 200. */
	delivered: number;
	/** Tries that were not. */
	retried: number;
	/** Webhooks given up after the whole timetable. */
	dropped: number;
}

export interface CallbackParts {
	readonly accountId: string;
	readonly knobs: Knobs;
	readonly schedule: Schedule;
	readonly journal: Journal;
	readonly random: SeededRandom;
	readonly counts: DeliveryCounts;
	/** Called whenever nothing is in flight any more. */
	readonly onQuiet: () => void;
}

/** One address that gets webhooks: signed over the exact bytes, several at a time, retried until answered with 200. */
export class Callback {
	readonly url: URL;
	inFlight = 0;
	private readonly queue = new Queue<QueuedUpdate>();
	private readonly agent: HttpAgent | HttpsAgent;
	private readonly options: RequestOptions;
	private lingering = false;
	private sequence = 0;
	/** Raised by `clear`, so that what was under way is not retried. */
	private generation = 0;
	private closed = false;

	/**
	 * @param secret of the app whose callback it is
	 * @param fields that are subscribed; all when undefined
	 */
	constructor(
		address: string,
		private readonly secret: string,
		readonly fields: ReadonlySet<string> | undefined,
		private readonly parts: CallbackParts,
	) {
		this.url = new URL(address);
		const secure = this.url.protocol === 'https:';
		this.agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: Infinity });
		this.options = { method: 'POST', hostname: this.url.hostname.replace(/[[\]]/g, ''), port: this.url.port, path: this.url.pathname + this.url.search, agent: this.agent };
	}

	/** Updates that wait, and webhooks under way; those between two tries not counted. */
	get busy(): number {
		return this.queue.length + this.inFlight;
	}

	enqueue(update: QueuedUpdate): void {
		this.queue.push(update);
		const { webhookBatch, webhookLingerMs } = this.parts.knobs;
		if (webhookLingerMs === 0 || this.queue.length >= webhookBatch) this.pump();
		else this.linger();
	}

	/** Sends a body once more as it was. */
	repeat(body: string): void {
		this.post({ body, attempt: 0 });
	}

	clear(): void {
		this.generation++;
		this.queue.clear();
		this.lingering = false;
	}

	/** Nothing more goes there. */
	close(): void {
		this.clear();
		this.closed = true;
		this.agent.destroy();
	}

	private linger(): void {
		if (this.lingering) return;
		this.lingering = true;
		this.parts.schedule.after(this.parts.knobs.webhookLingerMs, () => {
			this.lingering = false;
			this.pump();
		});
	}

	private pump(): void {
		const { accountId, knobs, random } = this.parts;
		while (this.inFlight < knobs.webhookConcurrency && this.queue.length > 0) {
			const body = envelope(accountId, this.takeBatch());
			this.post({ body, attempt: 0 });
			const nth = this.sequence++;
			if (random.share('webhook', 'duplicate', nth) < knobs.duplicateWebhooks) this.post({ body, attempt: 0 });
		}
	}

	private takeBatch(): QueuedUpdate[] {
		const batch: QueuedUpdate[] = [];
		let size = 0;
		for (let next = this.queue.peek(); next && batch.length < this.parts.knobs.webhookBatch; next = this.queue.peek()) {
			size += next.json.length + envelopeBytes;
			if (batch.length > 0 && size > largestBody) break;
			batch.push(next);
			this.queue.take();
		}
		return batch;
	}

	private post(delivery: Delivery): void {
		if (this.closed) return;
		delivery.attempt++;
		this.inFlight++;
		const generation = this.generation;
		let settled = false;
		const settle = (status: number | undefined, outcome: string): void => {
			if (settled) return;
			settled = true;
			clearTimeout(late);
			this.inFlight--;
			if (generation === this.generation) this.answered(delivery, status, outcome);
			this.pump();
			if (this.inFlight === 0) this.parts.onQuiet();
		};
		const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
		const request = send({ ...this.options, headers: this.headers(delivery.body) });
		// The whole exchange is timed: whoever drips an answer byte by byte is late like whoever gives none.
		const late = setTimeout(() => {
			settle(undefined, 'timed out');
			request.destroy();
		}, this.parts.knobs.webhookTimeoutMs);
		request.on('response', (response: IncomingMessage) => {
			response.resume();
			response.on('end', () => settle(response.statusCode, response.statusCode === 200 ? 'delivered' : 'refused'));
			response.on('error', (error) => settle(undefined, error.message));
		});
		request.on('error', (error) => settle(undefined, error.message));
		request.end(delivery.body, 'latin1');
	}

	private headers(body: string): Record<string, string | number> {
		return {
			'Content-Type': 'application/json',
			'Content-Length': body.length,
			'User-Agent': 'facebookexternalua',
			...(this.parts.knobs.webhookLegacySignature && { 'X-Hub-Signature': `sha1=${createHmac('sha1', this.secret).update(body).digest('hex')}` }),
			'X-Hub-Signature-256': `sha256=${createHmac('sha256', this.secret).update(body).digest('hex')}`,
		};
	}

	private answered(delivery: Delivery, status: number | undefined, outcome: string): void {
		const { journal, counts, schedule, knobs } = this.parts;
		journal.record({ kind: 'webhook', method: 'POST', path: this.url.href, ...(status !== undefined && { status }), body: delivery.body, attempt: delivery.attempt, outcome });
		if (status === 200) {
			counts.delivered++;
			return;
		}
		const wait = retryWaits[delivery.attempt - 1];
		if (wait === undefined) {
			counts.dropped++;
			return;
		}
		counts.retried++;
		schedule.after(wait * knobs.webhookRetryFactor, () => this.post(delivery));
	}
}
