import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What a figure depends on beside the code. */
export interface Machine {
	cpu: string;
	/** Cores that this process may use. */
	cores: number;
	memoryGiB: number;
	platform: string;
	node: string;
	/** Processes that ran or waited in the last minute, this bench included; well above `cores`, the figures mean little. */
	load: number;
}

export function describeMachine(): Machine {
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: availableParallelism(),
		memoryGiB: Math.round(totalmem() / 2 ** 30),
		platform: `${process.platform}-${process.arch}`,
		node: process.version,
		load: Number((loadavg()[0] ?? 0).toFixed(2)),
	};
}
