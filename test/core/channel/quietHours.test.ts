import fc from 'fast-check';
import { Settings } from 'luxon';
import { afterEach, describe, expect, it } from 'vitest';
import { quietUntil } from '../../../core/channel/quietHours';

const zone = 'Europe/London';
const night = { from: '22:00', to: '06:00' };
const at = (iso: string) => Date.parse(iso);
const until = (iso: string, quiet = night, inZone = zone) => {
	const end = quietUntil(at(iso), inZone, quiet);
	return end === null ? null : new Date(end).toISOString();
};

afterEach(() => {
	Settings.defaultZone = 'system';
	Settings.defaultLocale = 'en-GB';
	Settings.defaultNumberingSystem = undefined as unknown as string;
});

describe('quiet hours', () => {
	it('run over midnight', () => {
		expect(until('2026-01-10T21:59:59Z')).toBeNull();
		expect(until('2026-01-10T22:00:00Z')).toBe('2026-01-11T06:00:00.000Z');
		expect(until('2026-01-11T00:30:00Z')).toBe('2026-01-11T06:00:00.000Z');
		expect(until('2026-01-11T06:00:00Z')).toBeNull();
	});

	it('may lie inside one day', () => {
		expect(until('2026-01-10T12:30:00Z', { from: '12:00', to: '13:00' })).toBe('2026-01-10T13:00:00.000Z');
		expect(until('2026-01-10T13:00:00Z', { from: '12:00', to: '13:00' })).toBeNull();
	});

	it('follow the clock on the wall when it goes forward', () => {
		// 29 March 2026, 01:00 GMT becomes 02:00 BST.
		expect(until('2026-03-28T23:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
		expect(until('2026-03-29T05:00:00Z')).toBeNull();
	});

	it('end with the clock change when their end is in the hour that does not exist', () => {
		expect(until('2026-03-29T00:30:00Z', { from: '22:00', to: '01:30' })).toBe('2026-03-29T01:00:00.000Z');
	});

	it('follow the clock on the wall when it goes back', () => {
		// 25 October 2026, 02:00 BST becomes 01:00 GMT.
		expect(until('2026-10-24T22:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
		expect(until('2026-10-25T00:59:00Z')).toBe('2026-10-25T06:00:00.000Z');
	});

	it('are meant in the zone of the channel, whatever zone and digits n8n has made the default', () => {
		Settings.defaultZone = 'Asia/Tokyo';
		Settings.defaultLocale = 'ar-EG';
		Settings.defaultNumberingSystem = 'arab';
		expect(until('2026-07-10T21:30:00Z')).toBe('2026-07-11T05:00:00.000Z');
		expect(until('2026-07-10T12:00:00Z')).toBeNull();
		expect(until('2026-07-10T12:00:00Z', night, 'Pacific/Auckland')).toBe('2026-07-10T18:00:00.000Z');
	});

	it('end at the first minute that is not quiet, at any moment of the year', () => {
		const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`);
		const aroundChanges = fc.oneof(
			fc.integer({ min: at('2026-03-28T12:00:00Z'), max: at('2026-03-30T00:00:00Z') }),
			fc.integer({ min: at('2026-10-24T12:00:00Z'), max: at('2026-10-26T00:00:00Z') }),
			fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') }),
		);
		fc.assert(
			fc.property(aroundChanges, time, time, (now, from, to) => {
				fc.pre(from !== to);
				const end = quietUntil(now, zone, { from, to });
				if (end === null) return;
				expect(end).toBeGreaterThan(now);
				expect(quietUntil(end, zone, { from, to })).toBeNull();
				expect(quietUntil(Math.max(now, end - 60_000), zone, { from, to })).toBe(end);
			}),
			{ numRuns: 500 },
		);
	});
});
