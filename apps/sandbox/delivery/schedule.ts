type Job = () => void;

const tickMs = 4;

/**
 * What happens later, in buckets of a few milliseconds under one timer: adding and running a job costs the same however
 * many are waiting, and everything can be dropped at once.
 */
export class Schedule {
	private readonly buckets = new Map<number, Job[]>();
	private nextTick = 0;
	private timer: NodeJS.Timeout | undefined;
	private waiting = 0;

	get pending(): number {
		return this.waiting;
	}

	after(ms: number, job: Job): void {
		const now = currentTick();
		if (this.waiting === 0) this.nextTick = now;
		const due = Math.max(this.nextTick, now + Math.ceil(Math.max(0, ms) / tickMs));
		const bucket = this.buckets.get(due);
		if (bucket) bucket.push(job);
		else this.buckets.set(due, [job]);
		this.waiting++;
		this.timer ??= setTimeout(this.run, tickMs);
	}

	clear(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.buckets.clear();
		this.waiting = 0;
	}

	private readonly run = (): void => {
		this.timer = undefined;
		const now = currentTick();
		while (this.nextTick <= now && this.waiting > 0) {
			const tick = this.nextTick++;
			const bucket = this.buckets.get(tick);
			if (!bucket) continue;
			this.buckets.delete(tick);
			this.waiting -= bucket.length;
			for (const job of bucket) job();
		}
		if (this.waiting > 0) this.timer ??= setTimeout(this.run, tickMs);
	};
}

function currentTick(): number {
	return Math.floor(performance.now() / tickMs);
}
