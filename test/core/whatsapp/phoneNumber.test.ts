import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isCivicError } from '../../../core/errors';
import { isE164, maskPhone, parsePhoneNumber } from '../../../core/whatsapp/phoneNumber';

function refusalOf(input: string) {
	try {
		parsePhoneNumber(input);
	} catch (refusal) {
		if (isCivicError(refusal)) return refusal;
		throw refusal;
	}
	throw new Error(`${input} was accepted`);
}

describe('a phone number', () => {
	it.each([
		'07700 900123',
		'+44 7700 900123',
		'+44 (0)7700 900123',
		'+44(0)7700900123',
		'0044 7700 900123',
		'00447700900123',
		'0044 (0) 7700-900-123',
		'(07700) 900.123',
		'07700\u00a0900\u2009123',
		'07700–900–123',
		'\u202a+44 7700 900123\u202c',
		'７７００９００１２３',
		'7700900123',
		'447700900123',
		'  07700/900123 ',
	])('written as %j is +447700900123, a mobile', (written) => {
		expect(parsePhoneNumber(written)).toEqual({ number: '+447700900123', kind: 'mobile' });
	});

	it('of the drama range is a mobile from its first to its last number', () => {
		for (let last = 0; last < 1000; last += 1) {
			const number = `+447700900${String(last).padStart(3, '0')}`;
			expect(parsePhoneNumber(number)).toEqual({ number, kind: 'mobile' });
		}
	});

	it('tells landlines and numbers of open plans apart from mobiles', () => {
		expect(parsePhoneNumber('020 7946 0018').kind).toBe('fixed');
		expect(parsePhoneNumber('01632 960001').kind).toBe('fixed');
		expect(parsePhoneNumber('+1 631 555 1234').kind).toBe('unknown');
		expect(parsePhoneNumber('+447911123456').kind).toBe('mobile');
	});

	it('without a country is read in the country given', () => {
		expect(parsePhoneNumber('0151 23456789', 'DE').number).toBe('+4915123456789');
	});

	it.each([
		'',
		'   ',
		'Jo Bloggs',
		'07700 90012a',
		'O7700 900123',
		'07700 9001',
		'07700 900123 ext 5',
		'07700 900123 x5',
		'07700 900123#5',
		'07700 900123 07700 900124',
		'07700900123, 07700900124',
		'4.4770E+11',
		'++447700900123',
		'tel:+447700900123',
		'+999 7700 900123',
		'07700 901123',
	])('written as %j is refused', (written) => {
		expect(refusalOf(written).code).toBe('phone.invalid');
	});

	it('is never shown whole, nor is a name in its place, when it is refused', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 40 }), (input) => {
				try {
					const { number } = parsePhoneNumber(input);
					expect(isE164(number)).toBe(true);
				} catch (refusal) {
					if (!isCivicError(refusal)) throw refusal;
					expect(refusal.message).not.toMatch(/\d{4}/);
				}
			}),
		);
		expect(refusalOf('07700 9001234 5').message).toBe('The phone number …345 is not in use in any number plan. Digits may be missing or swapped.');
		expect(refusalOf('Jo Bloggs').message).toBe('This phone number holds something that is not part of a number.');
	});

	it('survives any way of spacing it', () => {
		const gap = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u2011');
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 999 }), fc.array(gap, { minLength: 10, maxLength: 10 }), (last, gaps) => {
				const digits = `07700900${String(last).padStart(3, '0')}`;
				const written = [...digits].map((digit, at) => digit + (gaps[at] ?? '')).join('');
				expect(parsePhoneNumber(written).number).toBe(`+44${digits.slice(1)}`);
			}),
		);
	});

	it('is masked to its country and last three digits', () => {
		expect(maskPhone(parsePhoneNumber('07700 900123').number)).toBe('+44 …123');
		expect(maskPhone(parsePhoneNumber('+1 631 555 1234').number)).toBe('+1 …234');
	});
});
