import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuidv7 } from '../../../core/ledger/uuidv7';
import { hex, seededRandom } from './fixtures';

describe('a UUID of version 7', () => {
	it('is that of RFC 9562 appendix A.6', () => {
		const random = { ...seededRandom(), bytes: () => hex('0cc318c4dc0c0c07398f') };
		expect(uuidv7(1_645_557_742_000, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
	});

	it('carries its time, version and variant, and sorts by time', () => {
		const random = seededRandom();
		fc.assert(
			fc.property(fc.nat({ max: 2 ** 48 - 2 }), (now) => {
				const id = uuidv7(now, random);
				expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
				expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
				expect(uuidv7(now + 1, random) > id).toBe(true);
			}),
		);
	});

	it.each([-1, 0.5, 2 ** 48, Number.NaN])('is not made for the time %d', (now) => {
		expect(() => uuidv7(now, seededRandom())).toThrow(expect.objectContaining({ code: 'input.invalid' }));
	});
});
