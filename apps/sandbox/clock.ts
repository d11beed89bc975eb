/** Time as this program sees it: milliseconds since the Unix epoch, UTC. */
export interface Clock {
	now(): number;
}

const machineClock: Clock = { now: () => Date.now() };

/** Steady time comes in fractions; so much less than a whole millisecond is one. */
const roundingMs = 0.001;

/** A moment from which the clock reckons. */
interface Anchor {
	/** Steady milliseconds of the machine. */
	steady: number;
	/** Milliseconds since the epoch at that moment, without the skew. */
	now: number;
	/** Milliseconds that had passed in the sandbox by then. */
	elapsed: number;
}

/**
 * Meta's clock as the sandbox plays it. It goes with the machine's, faster, slower or not at all (`rate`), and can be moved
 * ahead; all that waits in the sandbox follows `elapsed`. The skew is another matter: it makes the clock wrong without
 * letting any time pass, for tests of how callers take a wrong clock.
 */
export class SandboxClock implements Clock {
	skewMs = 0;

	private rateNow = 1;
	private held = false;
	/** How far the sandbox is from the machine's clock while both go at one pace. */
	private ahead = 0;
	private anchor: Anchor;
	private headerSecond = -1;
	private headerText = '';
	private readonly listeners: Array<() => void> = [];

	/**
	 * @param real the machine's clock
	 * @param steady milliseconds that go on evenly when somebody sets the machine's clock
	 */
	constructor(
		private readonly real: Clock = machineClock,
		private readonly steady: () => number = () => performance.now(),
	) {
		this.anchor = { steady: steady(), now: real.now(), elapsed: 0 };
	}

	now(): number {
		return Math.floor(this.exactly() + roundingMs) + this.skewMs;
	}

	/** Milliseconds that have passed in the sandbox since its start; only ever more. */
	elapsed(): number {
		return this.anchor.elapsed + (this.steady() - this.anchor.steady) * this.rate;
	}

	/** Sandbox time for machine time: 1 goes along, 60 makes a minute of a second, 0 stands still. */
	get rate(): number {
		return this.held ? 0 : this.rateNow;
	}

	setRate(rate: number): void {
		this.move(() => (this.rateNow = rate));
	}

	/** Moves on to a moment of `elapsed`; never back. */
	moveTo(elapsed: number): void {
		this.move(() => {
			if (elapsed <= this.anchor.elapsed) return;
			this.anchor.now += elapsed - this.anchor.elapsed;
			this.anchor.elapsed = elapsed;
		});
	}

	/**
	 * Starts afresh: nothing has passed yet, not even what the machine took to get here, so that with the same requests the
	 * same falls due in the same order.
	 *
	 * @param now the time of day, in milliseconds since the epoch; the machine's by default
	 */
	start(rate: number, now?: number): void {
		this.move(() => {
			this.rateNow = rate;
			this.anchor.elapsed = 0;
			if (now !== undefined) this.anchor.now = now;
		});
	}

	/** Stands still, so that several moves happen without the machine's time between them. @returns how to go on */
	hold(): () => void {
		this.move(() => (this.held = true));
		return () => this.move(() => (this.held = false));
	}

	/** Called after each change of pace or place. */
	onMove(listener: () => void): void {
		this.listeners.push(listener);
	}

	/** Unix seconds as a string: the way webhooks carry time. */
	timestamp(): string {
		return String(Math.floor(this.now() / 1000));
	}

	/** The value of the HTTP `Date` header, built once a second. */
	dateHeader(): string {
		const second = Math.floor(this.now() / 1000);
		if (second !== this.headerSecond) {
			this.headerSecond = second;
			this.headerText = new Date(second * 1000).toUTCString();
		}
		return this.headerText;
	}

	private exactly(): number {
		// At the machine's pace, a machine whose clock is set takes the sandbox along.
		return this.rate === 1 ? this.real.now() + this.ahead : this.anchor.now + (this.steady() - this.anchor.steady) * this.rate;
	}

	private move(change: () => void): void {
		const [now, elapsed] = [this.exactly(), this.elapsed()];
		this.anchor = { steady: this.steady(), now, elapsed };
		change();
		this.ahead = this.anchor.now - this.real.now();
		for (const listener of this.listeners) listener();
	}
}
