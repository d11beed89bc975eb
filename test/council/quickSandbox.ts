import type { Knobs } from '../../apps/sandbox/knobs';

/** A Meta that does everything at once, everybody reads, and nobody is too fast. */
export const quickKnobs: Partial<Knobs> = {
	sentLatencyMs: [0, 1],
	deliveredLatencyMs: [0, 1],
	readLatencyMs: [0, 1],
	noReadReceipts: 0,
	throughputPerSecond: 100_000,
	throughputBurst: 100_000,
	pairLimit: 'off',
};
