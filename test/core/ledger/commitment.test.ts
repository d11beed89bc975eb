import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commit, commitment, newSalt, verifyDisclosure } from '../../../core/ledger/commitment';
import { countingBytes, flipBit, seededRandom } from './fixtures';

const known = 'mgEEruKB3IYftD5LfJmaRJfchWSKhE1xn7AmLFLuy7E=';
const phone = '+447700900123';

describe('a commitment', () => {
	it('is the known one', () => {
		expect(commitment('phone', phone, countingBytes)).toBe(known);
		expect(commitment('detail', { b: 1, a: 'é' }, Buffer.alloc(32, 0xff))).toBe('yB+mj8kobCDicJlxUmxoNIekACwS8oVEKW1G7kQTTIw=');
	});

	it('is met by its own disclosure and by no other name, value or salt', () => {
		const salt = countingBytes.toString('base64');
		expect(verifyDisclosure('phone', [salt, phone], known)).toBe(true);
		expect(verifyDisclosure('phonE', [salt, phone], known)).toBe(false);
		expect(verifyDisclosure('phone', [salt, '+447700900124'], known)).toBe(false);
		expect(verifyDisclosure('phone', [salt, null], known)).toBe(false);
		for (let bit = 0; bit < 256; bit++) expect(verifyDisclosure('phone', [flipBit(countingBytes, bit).toString('base64'), phone], known)).toBe(false);
	});

	it('is met whatever the value', () => {
		const random = seededRandom();
		fc.assert(
			fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
				const made = commit('field', value as never, random);
				const carried = JSON.parse(JSON.stringify(made.disclosure)) as typeof made.disclosure;
				expect(verifyDisclosure('field', carried, made.commitment)).toBe(true);
			}),
		);
	});

	it('tells apart names and values that run together', () => {
		expect(commitment('ab', 'c', countingBytes)).not.toBe(commitment('a', 'bc', countingBytes));
		expect(commitment('a', '', countingBytes)).not.toBe(commitment('a""', '', countingBytes));
	});

	it('to the same value twice cannot be recognised', () => {
		const random = seededRandom();
		expect(commit('phone', phone, random).commitment).not.toBe(commit('phone', phone, random).commitment);
		expect(newSalt(random)).toHaveLength(32);
	});

	it('is not met by a malformed disclosure, and nothing throws', () => {
		const salt = countingBytes.toString('base64');
		const malformed = [salt.slice(0, -1), `${salt}=`, countingBytes.subarray(1).toString('base64'), '', 'é'];
		for (const text of malformed) expect(verifyDisclosure('phone', [text, phone], known)).toBe(false);
		expect(verifyDisclosure('phone', [salt, '\ud800'], known)).toBe(false);
		for (const odd of [null, undefined, salt, {}, [], [salt], [salt, phone, phone], [1, phone], { 0: salt, 1: phone }]) expect(verifyDisclosure('phone', odd, known)).toBe(false);
	});

	it('is not made with a salt of another length', () => {
		expect(() => commitment('phone', phone, Buffer.alloc(16))).toThrow(expect.objectContaining({ code: 'input.invalid' }));
	});
});
