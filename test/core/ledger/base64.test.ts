import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../../core/ledger/base64';

describe('strict base64', () => {
	it('gives back what was encoded', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
			}),
		);
	});

	it.each([
		['no padding', 'QQ'],
		['too much padding', 'QQ==='],
		['bits after the last byte', 'QR=='],
		['the alphabet of URLs', '-_-_'],
		['a space', 'QUJD '],
		['a line feed inside', 'QU\nJD'],
		['a foreign character', 'QU*JD'],
		['a second value behind the padding', 'QQ==QQ=='],
	])('refuses %s', (_, text) => {
		expect(decodeBase64(text)).toBeUndefined();
	});

	it('takes one spelling only: no changed character decodes to the same bytes', () => {
		const alphabet = 'ABCXYZabcxyz0189+/=-_ \n'.split('');
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), fc.constantFrom(...alphabet), (bytes, place, character) => {
				const text = Buffer.from(bytes).toString('base64');
				const i = place % text.length;
				const changed = text.slice(0, i) + character + text.slice(i + 1);
				if (changed !== text) expect(decodeBase64(changed)).not.toEqual(Buffer.from(bytes));
			}),
		);
	});
});
