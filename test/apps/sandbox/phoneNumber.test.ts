import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPhoneNumber } from '../../../apps/sandbox/residents/phoneNumber';

describe('a phone number as people write it', () => {
	it.each(['07700 900123', '+44 (0)7700 900123', '0044 7700 900123', '00 44 (0) 7700-900123', '+447700900123', '+44 07700 900123', '447700900123', '07700.900.123', ' 7700 900123 '])('reads %s as one number', (written) => {
		expect(readPhoneNumber(written)).toBe('447700900123');
	});

	it('keeps numbers of other countries', () => {
		expect(readPhoneNumber('+33 6 12 34 56 78')).toBe('33612345678');
		expect(readPhoneNumber('01632 960123')).toBe('441632960123');
	});

	it.each(['', 'x', 'nobody', '12', '+44', '07700 90012', '07700 9001234', '+44 7700 900123 x5', '++447700900123x', '٠'])('does not take “%s” for one', (written) => {
		expect(readPhoneNumber(written)).toBeUndefined();
	});

	it('reads every drama number in every way of writing it', () => {
		const separators = fc.constantFrom('', ' ', '-');
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 999 }), fc.constantFrom('0', '+44', '+44 ', '+44 (0)', '0044', '0044 (0)'), separators, separators, (last, prefix, one, two) => {
				const digits = String(last).padStart(3, '0');
				expect(readPhoneNumber(`${prefix}7700${one}900${two}${digits}`)).toBe(`447700900${digits}`);
			}),
			{ numRuns: 200 },
		);
	});

	it('gives digits that can be dialled, or nothing, for any text at all', () => {
		fc.assert(
			fc.property(fc.string(), (written) => {
				expect(readPhoneNumber(written) ?? '4412345678').toMatch(/^\d{7,15}$/);
			}),
			{ numRuns: 500 },
		);
	});
});
