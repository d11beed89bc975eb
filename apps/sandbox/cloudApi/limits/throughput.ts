import { GraphError } from '../graphError';
import type { Knobs } from '../../knobs';

/**
 * The throughput of one business number as a generic cell rate algorithm: `theoretical` is when the next message would
 * arrive if all had kept the rate; a message may be early by the burst. Inbound messages use it up as well, though they
 * are never refused (Meta, "Throughput").
 */
export class Throughput {
	private theoretical = 0;

	constructor(
		private readonly knobs: Knobs,
		private readonly now: () => number = () => performance.now(),
	) {}

	/** @throws GraphError 130429 */
	admit(): void {
		const now = this.now();
		const interval = 1000 / this.knobs.throughputPerSecond;
		const early = Math.max(this.theoretical, now) - now;
		if (early > interval * (this.knobs.throughputBurst - 1) + 1e-6) {
			throw new GraphError(130429, 'Cloud API message throughput has been reached.', {
				status: this.knobs.rateLimitStatus,
				...(this.knobs.rateLimitStatus === 429 && { headers: { 'Retry-After': '1' } }),
			});
		}
		this.theoretical = now + early + interval;
	}

	/** Counts an inbound message. */
	use(): void {
		this.theoretical = Math.max(this.theoretical, this.now()) + 1000 / this.knobs.throughputPerSecond;
	}

	clear(): void {
		this.theoretical = 0;
	}
}
