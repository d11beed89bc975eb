import type { Clock } from '../world';

/**
 * Spaces requests evenly at a number's rate: a token bucket that holds a single token, so no one-second window goes
 * above the rate. One a channel and process.
 */
export class Pace {
	#next = 0;

	constructor(
		private readonly perSecond: number,
		private readonly clock: Clock,
	) {}

	/** Books the next free moment. @returns milliseconds to wait until it */
	book(): number {
		const now = this.clock.now();
		const at = Math.max(now, this.#next);
		this.#next = at + 1000 / this.perSecond;
		return at - now;
	}

	/** Nothing starts for this long: the provider asked us to slow down. */
	rest(ms: number): void {
		this.#next = Math.max(this.#next, this.clock.now() + ms);
	}
}

const registryKey = Symbol.for('n8n-nodes-civic-comms.paces');
type Registry = Map<string, Pace>;

/** The pace of a channel, shared by every send of this process even across a reload of the package. */
export function paceOf(channelId: string, perSecond: number, clock: Clock): Pace {
	const host = globalThis as { [registryKey]?: Registry };
	const registry = (host[registryKey] ??= new Map());
	const key = `${channelId}@${perSecond}`;
	const known = registry.get(key);
	if (known !== undefined) return known;
	const pace = new Pace(perSecond, clock);
	registry.set(key, pace);
	return pace;
}
