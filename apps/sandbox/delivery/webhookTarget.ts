import { setTimeout as wait } from 'node:timers/promises';
import type { Journal } from '../journal';
import { checkWebhookAddress } from '../options';
import { HandshakeRefused, verifyAddress } from './webhookAddress';
import type { CallbackPlace, WebhookSender } from './webhookSender';

const firstRetryMs = 200;
const longestRetryMs = 2000;

/** What somebody asks for who wants webhooks. */
export interface CallbackRequest {
	readonly place?: CallbackPlace;
	readonly verifyToken?: string | undefined;
	/** Fields that are subscribed; all when undefined. */
	readonly fields?: Iterable<string> | undefined;
}

/** Which addresses get the webhooks: none until it has passed the handshake. */
export class WebhookTarget {
	/** The address that is being asked again and again until it answers. */
	waitingFor: string | undefined;
	private abort = new AbortController();

	constructor(
		private readonly webhooks: WebhookSender,
		private readonly verifyToken: string,
		private readonly journal: Journal,
		private readonly allowed: ReadonlySet<string>,
	) {}

	/** Asks once. @throws HandshakeRefused, or Error for an address that is not on this computer */
	async accept(address: string, { place, verifyToken = this.verifyToken, fields }: CallbackRequest = {}): Promise<void> {
		if (!place) this.giveUpWaiting();
		await verifyAddress(address, verifyToken, this.journal, this.abort.signal, this.allowed);
		this.webhooks.direct(address, place, fields);
	}

	/** Asks until the address passes the handshake, another one is accepted, or the sandbox stops. */
	async waitFor(address: string): Promise<void> {
		checkWebhookAddress(address, this.allowed);
		this.giveUpWaiting();
		const { signal } = this.abort;
		this.waitingFor = address;
		for (let pause = firstRetryMs; !signal.aborted; pause = Math.min(pause * 2, longestRetryMs)) {
			if (await this.passes(address, signal)) break;
			await wait(pause, undefined, { ref: false });
		}
		if (signal.aborted) return;
		this.waitingFor = undefined;
		this.webhooks.direct(address);
	}

	forget(place?: CallbackPlace): void {
		if (!place) this.giveUpWaiting();
		this.webhooks.direct(undefined, place);
	}

	private giveUpWaiting(): void {
		this.abort.abort();
		this.abort = new AbortController();
		this.waitingFor = undefined;
	}

	private async passes(address: string, signal: AbortSignal): Promise<boolean> {
		try {
			await verifyAddress(address, this.verifyToken, this.journal, signal, this.allowed);
			return true;
		} catch (thrown) {
			// Refused so far: the journal has it, and the loop asks again.
			if (thrown instanceof HandshakeRefused) return false;
			throw thrown;
		}
	}
}
