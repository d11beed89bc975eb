import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLines } from '../../../nodes/shared/inLines';

describe('a text in lines', () => {
	it('is broken between words, at line breaks, and inside what is longer than a line', () => {
		expect(inLines('We plan to grit', 8)).toEqual(['We plan', 'to grit']);
		expect(inLines('We plan\n\nto grit', 99)).toEqual(['We plan', 'to grit']);
		expect(inLines('at https://aldersea.example/grit', 10)).toEqual(['at', 'https://al', 'dersea.exa', 'mple/grit']);
		expect(inLines('❄️❄️', 2)).toEqual(['❄️', '❄️']);
		expect(inLines(' \n ', 8)).toEqual([]);
	});

	it('keeps every character but spaces, and no line is too long or empty', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 60 }), (text, length) => {
				const lines = inLines(text, length);
				expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
				for (const line of lines) expect([...line].length).toSatisfy((size: number) => size > 0 && size <= length);
			}),
		);
	});
});
