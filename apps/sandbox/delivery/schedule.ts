import type { SandboxClock } from '../clock';

type Job = () => void;

/** Jobs of one tick, in the order in which they came. */
interface Bucket {
	readonly tick: number;
	readonly jobs: Job[];
	/** How many of them `pending` counts. */
	awaited: number;
}

const tickMs = 4;
/** The longest wait of a machine timer. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * What happens later by the sandbox's clock, in buckets of a few milliseconds under one timer: adding and running a job
 * costs the same however many are waiting, and everything can be dropped at once.
 */
export class Schedule {
	private readonly buckets = new Map<number, Bucket>();
	/** A binary heap of the buckets, the earliest first. */
	private readonly order: Bucket[] = [];
	private timer: NodeJS.Timeout | undefined;
	private armedFor = Infinity;
	private waiting = 0;

	constructor(private readonly clock: SandboxClock) {
		clock.onMove(() => this.arm());
	}

	/** Jobs that somebody who waits for the sandbox to be idle waits for. */
	get pending(): number {
		return this.waiting;
	}

	after(ms: number, job: Job): void {
		this.add(ms, job, 1);
	}

	/** For what may be hours away, such as the end of a pause: nobody waits for it. */
	someday(ms: number, job: Job): void {
		this.add(ms, job, 0);
	}

	/** The moment of the clock's `elapsed` at which the next job is due. */
	get nextDue(): number | undefined {
		const [next] = this.order;
		return next && next.tick * tickMs;
	}

	/** Runs what is due by now, in order. Jobs that a job adds for now come along. @returns how many ran */
	runDue(): number {
		let ran = 0;
		const now = this.clock.elapsed();
		for (let [next] = this.order; next && next.tick * tickMs <= now; [next] = this.order) {
			this.take();
			this.waiting -= next.awaited;
			ran += next.jobs.length;
			for (const job of next.jobs) job();
		}
		return ran;
	}

	clear(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.armedFor = Infinity;
		this.buckets.clear();
		this.order.length = 0;
		this.waiting = 0;
	}

	private add(ms: number, job: Job, awaited: 0 | 1): void {
		const tick = Math.ceil((this.clock.elapsed() + Math.max(0, ms)) / tickMs);
		const bucket = this.buckets.get(tick);
		this.waiting += awaited;
		if (bucket) {
			bucket.jobs.push(job);
			bucket.awaited += awaited;
			return;
		}
		this.put({ tick, jobs: [job], awaited });
		if (tick * tickMs < this.armedFor) this.arm();
	}

	private arm(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.armedFor = this.nextDue ?? Infinity;
		if (this.armedFor === Infinity || this.clock.rate === 0) return;
		const ms = (this.armedFor - this.clock.elapsed()) / this.clock.rate;
		this.timer = setTimeout(this.run, Math.min(Math.max(ms, tickMs), longestTimerMs));
	}

	private readonly run = (): void => {
		this.runDue();
		this.arm();
	};

	private put(bucket: Bucket): void {
		this.buckets.set(bucket.tick, bucket);
		const { order } = this;
		let at = order.push(bucket) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if ((order[parent] as Bucket).tick <= bucket.tick) break;
			order[at] = order[parent] as Bucket;
			at = parent;
		}
		order[at] = bucket;
	}

	private take(): void {
		const { order } = this;
		const [first, last] = [order[0], order.pop()];
		if (first) this.buckets.delete(first.tick);
		if (!last || first === last) return;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child + 1 < order.length && (order[child + 1] as Bucket).tick < (order[child] as Bucket).tick) child++;
			if (child >= order.length || (order[child] as Bucket).tick >= last.tick) break;
			order[at] = order[child] as Bucket;
			at = child;
		}
		order[at] = last;
	}
}
