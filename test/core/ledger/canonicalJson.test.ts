import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isCanonical, parseCanonical } from '../../../core/ledger/canonicalJson';

const refused = expect.objectContaining({ code: 'input.invalid' });
const bytes = (text: string) => Buffer.from(text);

describe('canonical JSON', () => {
	it('sorts names by UTF-16 code units', () => {
		expect(canonicalJson({ b: 1, a: 2 })).toBe('{"a":2,"b":1}');
		expect(canonicalJson({ '1': 0, '€': 0, '\r': 0 })).toBe('{"\\r":0,"1":0,"€":0}');
		expect(Object.keys(JSON.parse(canonicalJson({ '\ufb33': 0, '\u{1f600}': 0 })))).toEqual(['\u{1f600}', '\ufb33']);
	});

	it('writes numbers as ECMAScript does', () => {
		const numbers = JSON.parse('[1e21,1e-7,0.1,-0,100000000000000000000,333333333.33333329,4.5,2e-3]') as number[];
		expect(canonicalJson(numbers)).toBe('[1e+21,1e-7,0.1,0,100000000000000000000,333333333.3333333,4.5,0.002]');
	});

	it('escapes what must be escaped and nothing else', () => {
		expect(canonicalJson('\b\t\n\f\r"\\\u0001\u001f\u007f/é😀')).toBe('"\\b\\t\\n\\f\\r\\"\\\\\\u0001\\u001f\u007f/é😀"');
	});

	it('is its own canonical form, and its value comes back', () => {
		fc.assert(
			fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
				const text = canonicalJson(value);
				expect(isCanonical(bytes(text))).toBe(true);
				expect(canonicalJson(parseCanonical(bytes(text)))).toBe(text);
			}),
		);
	});

	it.each([
		['undefined', undefined],
		['undefined inside an object', { a: undefined }],
		['undefined inside a list', [undefined]],
		['a hole in a list', Array(2)],
		['NaN', { a: Number.NaN }],
		['infinity', [Number.NEGATIVE_INFINITY]],
		['a function', { a: () => 1 }],
		['a symbol', { a: Symbol('a') }],
		['a big integer', { a: 1n }],
		['a lone high surrogate', 'x\ud800'],
		['a lone low surrogate', ['\udc00x']],
		['a lone surrogate in a name', { '\ud800': 1 }],
		['a date', { at: new Date(0) }],
		['a map', new Map([['a', 1]])],
		['a buffer', Buffer.from('a')],
		['a boxed number', [Object(1)]],
		['something that writes itself', { toJSON: (): string => 'other' }],
	])('is not made of %s', (_, value) => {
		expect(() => canonicalJson(value)).toThrow(refused);
	});

	it('is not made of something that holds itself', () => {
		const loop: { self?: unknown } = {};
		loop.self = loop;
		expect(() => canonicalJson(loop)).toThrow(refused);
	});

	it('takes plain objects without a prototype and the same object twice', () => {
		const shared = Object.assign(Object.create(null) as object, { a: 1 });
		expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
	});

	it('does not mind depth', () => {
		const depth = 20_000;
		const text = '['.repeat(depth) + ']'.repeat(depth);
		expect(isCanonical(bytes(text))).toBe(true);
	});
});

describe('what is not canonical', () => {
	it.each([
		['nothing', ''],
		['no JSON', '{'],
		['white space', '{"a": 1}'],
		['a line feed at the end', '{"a":1}\n'],
		['names out of order', '{"b":1,"a":2}'],
		['a name given twice', '{"a":1,"a":1}'],
		['another number form', '1.0'],
		['an exponent', '1e2'],
		['minus zero', '-0'],
		['a number beyond the range', '1e400'],
		['an integer beyond precision', '9007199254740993'],
		['a needless escape', '"\\u0041"'],
		['an escaped slash', '"\\/"'],
		['an upper-case escape', '"\\u001F"'],
		['an escaped lone surrogate', '"\\ud800"'],
		['a byte order mark', '\ufeff{}'],
	])('is recognised: %s', (_, text) => {
		expect(isCanonical(bytes(text))).toBe(false);
	});

	it('is recognised: invalid UTF-8', () => {
		expect(isCanonical(Buffer.from([0x22, 0xff, 0x22]))).toBe(false);
		expect(isCanonical(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe(false);
	});

	it('is told from a canonical null', () => {
		expect(parseCanonical(bytes('null'))).toBeNull();
		expect(isCanonical(bytes('null'))).toBe(true);
	});

	it('does not pass by way of __proto__', () => {
		expect(isCanonical(bytes('{"__proto__":{"a":1},"a":1}'))).toBe(true);
		expect(isCanonical(bytes('{"a":1,"__proto__":{"a":1}}'))).toBe(false);
	});
});
