import { steadyClock, type Clock } from '../world';

/** Slowest share of the full rate, and how much of the full rate comes back each second without a refusal. */
const leastShare = 1 / 16;
const recoveryPerSecond = 0.02;

/**
 * Spaces requests evenly at a number's rate: a token bucket that holds a single token, so no one-second window goes
 * above the rate. When the provider says that it is too fast, it halves the rate and comes back slowly. One a channel and
 * process.
 */
export class Pace {
	#next = 0;
	#share = 1;
	#sharedAt = 0;

	constructor(
		private readonly perSecond: number,
		private readonly clock: Clock,
	) {}

	/** Books the next free moment. @returns milliseconds to wait until it */
	book(): number {
		const now = this.clock.now();
		const at = Math.max(now, this.#next);
		this.#next = at + 1000 / this.rate();
		return at - now;
	}

	/** Messages a second at this moment: at most the number's own rate. */
	rate(): number {
		const seconds = Math.max(0, this.clock.now() - this.#sharedAt) / 1000;
		return this.perSecond * Math.min(1, this.#share + seconds * recoveryPerSecond);
	}

	/** How long nothing may start. */
	restsFor(): number {
		return Math.max(0, this.#next - this.clock.now());
	}

	/**
	 * Nothing starts for this long, and then more slowly: the provider asked us to slow down. Answers to requests that were
	 * under way together count once.
	 */
	rest(ms: number): void {
		const now = this.clock.now();
		if (now >= this.#sharedAt) {
			this.#share = Math.max(leastShare, this.rate() / this.perSecond / 2);
			this.#sharedAt = now + ms;
		}
		this.#next = Math.max(this.#next, now + ms);
	}
}

const registryKey = Symbol.for('n8n-nodes-civic-comms.paces');
type Registry = Map<string, Pace>;

/**
 * The pace of a channel, shared by every send of this process even across a reload of the package. It outlives many sends,
 * so it must not go by a clock that can be set back: every request would wait for that clock to catch up.
 */
export function paceOf(channelId: string, perSecond: number): Pace {
	const host = globalThis as { [registryKey]?: Registry };
	const registry = (host[registryKey] ??= new Map());
	const key = `${channelId}@${perSecond}`;
	const known = registry.get(key);
	if (known !== undefined) return known;
	const pace = new Pace(perSecond, steadyClock);
	registry.set(key, pace);
	return pace;
}
