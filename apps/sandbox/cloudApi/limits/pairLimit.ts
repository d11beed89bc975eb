import type { Knobs } from '../../knobs';
import type { Resident } from '../../residents/residents';
import { GraphError } from '../graphError';

/** What one message costs, and how many may come at once (Meta, "About the platform": pair rate limits). */
const costMs = 6000;
const burstMs = 6000;
const burst = 45;

interface Pair {
	/** Until when, by the sandbox's time, what was sent is worked off. */
	until: number;
	/** When the present burst began, and how many it had. */
	begun: number;
	sent: number;
}

/**
 * How fast one person may be written to by one business number: a message every six seconds, or up to 45 in six seconds,
 * after which the caller waits as long as those would have taken (`debt`). The lenient reading admits one every six
 * seconds again right after such a burst (`gcra`).
 */
export class PairLimit {
	private readonly pairs = new Map<string, WeakMap<Resident, Pair>>();

	/** @param now milliseconds of the sandbox's time, which only ever go on */
	constructor(
		private readonly knobs: Pick<Knobs, 'pairLimit'>,
		private readonly now: () => number,
	) {}

	/** @throws GraphError 131056 */
	admit(numberId: string, resident: Resident): void {
		if (this.knobs.pairLimit === 'off') return;
		const now = this.now();
		const pairs = this.of(numberId);
		const pair = pairs.get(resident);
		if (!pair || pair.until <= now) {
			pairs.set(resident, { until: now + costMs, begun: now, sent: 1 });
			return;
		}
		const admitted = this.knobs.pairLimit === 'debt' ? now < pair.begun + burstMs && pair.sent < burst : pair.until - now <= (burst - 1) * costMs;
		if (!admitted) throw new GraphError(131056, 'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.');
		pair.until += costMs;
		pair.sent++;
	}

	clear(): void {
		this.pairs.clear();
	}

	private of(numberId: string): WeakMap<Resident, Pair> {
		const known = this.pairs.get(numberId);
		if (known) return known;
		const made = new WeakMap<Resident, Pair>();
		this.pairs.set(numberId, made);
		return made;
	}
}
