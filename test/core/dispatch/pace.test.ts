import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pace, paceOf } from '../../../core/dispatch/pace';
import { HandClock } from '../../council/clock';

/** Starts as many as it may for a while. @returns the moments at which they started */
function run(pace: Pace, clock: HandClock, ms: number): number[] {
	const begun = clock.now();
	const starts: number[] = [];
	while (clock.now() - begun < ms) {
		clock.advance(pace.book());
		starts.push(clock.now() - begun);
	}
	return starts;
}

describe('the pace of a channel', () => {
	it('never starts more in any second than the number may send, and hardly fewer', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1000 }), (perSecond) => {
				const clock = new HandClock(0);
				const starts = run(new Pace(perSecond, clock), clock, 3000);
				for (const [i, start] of starts.entries()) expect(starts.slice(i).filter((other) => other < start + 999.999).length).toBeLessThanOrEqual(perSecond);
				expect(starts.length).toBeGreaterThanOrEqual(perSecond * 3 - 1);
			}),
			{ numRuns: 15 },
		);
	});

	it('saves nothing up while nobody sends', () => {
		const clock = new HandClock(0);
		const pace = new Pace(10, clock);
		clock.advance(60_000);
		expect(run(pace, clock, 1000).length).toBeLessThanOrEqual(11);
	});

	it('rests when it is told to, then goes at half the rate, and comes back slowly', () => {
		const clock = new HandClock(0);
		const pace = new Pace(100, clock);
		pace.rest(2000);
		pace.rest(1000);
		expect(pace.restsFor()).toBe(2000);
		expect(pace.book()).toBe(2000);
		clock.advance(2000);
		expect(pace.rate()).toBeCloseTo(50, 0);
		clock.advance(10_000);
		expect(pace.rate()).toBeGreaterThan(60);
		clock.advance(60_000);
		expect(pace.rate()).toBe(100);
	});

	it('slows down further when it is told again, down to a sixteenth', () => {
		const clock = new HandClock(0);
		const pace = new Pace(160, clock);
		for (let i = 0; i < 10; i++) {
			pace.rest(100);
			clock.advance(100);
		}
		expect(pace.rate()).toBeGreaterThanOrEqual(10);
		expect(pace.rate()).toBeLessThan(12);
	});
});

describe('the pace that a process keeps for a channel', () => {
	afterEach(() => {
		vi.useRealTimers();
	});

	it('does not wait for a clock that was set back', () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const pace = paceOf('106540352242922', 10);
		pace.book();
		vi.setSystemTime(Date.now() - 3600_000);
		expect(pace.book()).toBeLessThanOrEqual(100);
	});

	it('is one, however often it is asked for', () => {
		expect(paceOf('106540352242922', 20)).toBe(paceOf('106540352242922', 20));
	});
});
