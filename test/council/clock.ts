import type { Clock } from '../../core/world';

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
	constructor(private moment = Date.now()) {}

	now(): number {
		return this.moment;
	}

	set(moment: number): void {
		this.moment = moment;
	}

	advance(ms: number): void {
		this.moment += ms;
	}
}
