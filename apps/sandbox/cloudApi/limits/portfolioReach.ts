import type { Knobs } from '../../knobs';

const dayMs = 24 * 60 * 60 * 1000;

const people: Readonly<Record<Knobs['messagingLimit'], number>> = { TIER_250: 250, TIER_2K: 2000, TIER_10K: 10_000, TIER_100K: 100_000, TIER_UNLIMITED: Infinity };

/**
 * How many different people the portfolio reaches outside the 24-hour window in a rolling 24 hours (Meta, "Messaging
 * limits"). A person counts from the acceptance of the message on, and no longer once the message has failed.
 */
export class PortfolioReach {
	/** When each person was last reached, the longest ago first. */
	private readonly reached = new Map<string, number>();

	/** @param now milliseconds of the sandbox's time, which only ever go on */
	constructor(
		private readonly knobs: Pick<Knobs, 'messagingLimit'>,
		private readonly now: () => number,
	) {}

	/** @returns whether there is room for this person, who then counts, or counted already */
	admit(number: string): 'new' | 'known' | 'full' {
		const now = this.now();
		this.forget(now);
		const known = this.reached.delete(number);
		if (!known && this.reached.size >= people[this.knobs.messagingLimit]) return 'full';
		this.reached.set(number, now);
		return known ? 'known' : 'new';
	}

	/** The message did not arrive. */
	release(number: string): void {
		this.reached.delete(number);
	}

	get used(): number {
		this.forget(this.now());
		return this.reached.size;
	}

	clear(): void {
		this.reached.clear();
	}

	private forget(now: number): void {
		for (const [number, at] of this.reached) {
			if (now - at < dayMs) return;
			this.reached.delete(number);
		}
	}
}
