import { expireRequests } from '../approval/expire';
import { notifyDue } from '../approval/notices';
import { requestRuleChanges } from '../approval/requestRuleChanges';
import { resumeDecided, type Wake } from '../approval/resume';
import { openStoredChannel } from '../channel/channelApi';
import { seeDesk } from '../channel/deskAddress';
import type { Store } from '../store/store';
import { createTransport, type Transport } from '../whatsapp/connection';
import type { Clock } from '../world';
import { answerCodeRequest, asksForCode } from './codeRequest';
import { plainResponse, type DeskRequest, type DeskResponse } from './deskResponse';
import { showSignOff, takeDecision } from './signOff/answers';
import { Strangers } from './strangers';
import { answerHandshake, receiveWebhook } from './webhook';

const sweepEveryMs = 10_000;
const noticesEveryMs = 5000;
const enterEveryMs = 60_000;
const seeEveryMs = 30_000;

/**
 * The outside addresses of an installation, whoever serves them: n8n now, a program of its own at volume. It answers
 * requests, and `tend` does what must be done without one.
 */
export class Desk {
	readonly #strangers = new Strangers();
	#sweptAt = 0;
	#noticedAt = 0;
	#enteredAt: number;
	#seenAt = 0;
	#waking: Promise<unknown> | undefined;
	#telling: Promise<unknown> | undefined;

	constructor(
		private readonly store: Store,
		private readonly clock: Clock,
		private readonly wake: Wake,
		/** By which the desk itself writes to people whom the rules name. */
		private readonly transport: Transport = createTransport(),
	) {
		this.#enteredAt = clock.now();
	}

	async webhook(request: DeskRequest): Promise<DeskResponse> {
		if (request.method === 'GET') return answerHandshake(this.store, request);
		if (request.method === 'POST') return receiveWebhook(this.store, this.#strangers, request);
		return plainResponse(405, 'GET or POST only.');
	}

	/** A page opened by link. GET and HEAD show, POST decides or asks for a code. */
	async page(request: DeskRequest): Promise<DeskResponse> {
		const token = request.token ?? '';
		if (asksForCode(request)) return answerCodeRequest({ store: this.store, transport: this.transport }, this.#strangers, token);
		if (request.method === 'POST') {
			const { response, decided } = await takeDecision(this.store, this.#strangers, token, request);
			this.#goOnSoon(decided);
			return response;
		}
		if (request.method === 'GET' || request.method === 'HEAD') return showSignOff(this.store, this.#strangers, token, request.query);
		return plainResponse(405, 'GET or POST only.');
	}

	/**
	 * Called about once a second: shows that the desk is on, closes overdue requests, enters counts, wakes decided executions.
	 * Each is done whatever becomes of the others; what broke down is thrown afterwards and tried again the next time.
	 */
	async tend(): Promise<void> {
		const now = this.clock.now();
		const faults: unknown[] = [];
		const attempt = async (isDue: boolean, work: () => Promise<unknown>) => {
			if (isDue) await work().catch((fault: unknown) => faults.push(fault));
		};
		await attempt(now - this.#seenAt >= seeEveryMs, async () => {
			await this.store.execute(seeDesk, undefined);
			this.#seenAt = now;
		});
		await attempt(now - this.#sweptAt >= sweepEveryMs, async () => {
			await this.store.execute(expireRequests, undefined);
			await this.store.execute(requestRuleChanges, undefined);
			this.#sweptAt = now;
		});
		await attempt(now - this.#noticedAt >= noticesEveryMs, async () => {
			await this.#tellAll();
			this.#noticedAt = now;
		});
		await attempt(now - this.#enteredAt >= enterEveryMs, async () => {
			await this.#strangers.enter(this.store);
			this.#enteredAt = now;
		});
		await attempt(true, () => this.#wakeAll());
		if (faults.length > 0) throw faults[0];
	}

	/** The approver's answer does not wait for n8n. What goes wrong here is tried again, and told, by the next `tend`. */
	#goOnSoon(decided: boolean): void {
		(decided ? this.#wakeAll() : this.#tellAll()).catch(() => undefined);
	}

	/** Those whose step has come, deputies of those who are late, and reminders. One round at a time. */
	#tellAll(): Promise<unknown> {
		this.#telling ??= notifyDue(this.store, (channelId) => openStoredChannel(this.store, channelId, this.transport)).finally(() => {
			this.#telling = undefined;
		});
		return this.#telling;
	}

	/** One round at a time; whoever asks during a round shares it. */
	#wakeAll(): Promise<unknown> {
		this.#waking ??= resumeDecided(this.store, this.wake).finally(() => {
			this.#waking = undefined;
		});
		return this.#waking;
	}

	/** Enters what was counted before the desk goes away. */
	async close(): Promise<void> {
		await this.#strangers.enter(this.store);
	}
}
