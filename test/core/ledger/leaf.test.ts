import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../core/ledger/canonicalJson';
import { buildLeaf, maxLeafBytes, parseLeaf, readLeaf, type LeafHeader } from '../../../core/ledger/leaf';
import { leafHash } from '../../../core/ledger/tree';
import { countingBytes } from './fixtures';

const plain: LeafHeader = {
	v: 1,
	id: '0193a000-0000-7000-8000-000000000001',
	ts: '2026-11-22T07:00:00.000Z',
	act: 'draft.create',
	actor: { role: 'requester' },
	out: 'ok',
};
const digest = countingBytes.toString('base64');
const full: LeafHeader = {
	...plain,
	actor: { role: 'approver', id: 'approver-1' },
	res: { type: 'draft', id: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e' },
	ch: '447700900123456',
	n: { recipients: 1200, suppressed: 0 },
	ref: { template: 'gritting_tonight', digest: 'sha256:6e340b9cffb37a98' },
	sd: { note: digest },
	er: [[0, 3], [5, 5]],
};

const refused = expect.objectContaining({ code: 'input.invalid' });
const build = (header: object) => buildLeaf(header as LeafHeader);

describe('a leaf', () => {
	it('has the known hash in its canonical form', () => {
		const text = canonicalJson({ v: 1, ts: plain.ts, out: 'ok', id: plain.id, act: 'message.send' });
		expect(text).toBe('{"act":"message.send","id":"0193a000-0000-7000-8000-000000000001","out":"ok","ts":"2026-11-22T07:00:00.000Z","v":1}');
		expect(leafHash(Buffer.from(text)).toString('hex')).toBe('f5b9f16114b143987f04929e41919251fc641109ec518573d50be4f666ddea27');
	});

	it('is the canonical JSON of its header and is read as it was built', () => {
		for (const header of [plain, full]) {
			expect(buildLeaf(header).toString()).toBe(canonicalJson(header));
			expect(parseLeaf(buildLeaf(header))).toEqual(header);
		}
	});

	it('takes an absent field given as undefined', () => {
		expect(buildLeaf({ ...plain, ch: undefined, actor: { role: 'requester', id: undefined } })).toEqual(buildLeaf(plain));
	});

	it.each([
		['a field that is not on the list', { phone: 'x' }],
		['a field of the actor that is not on the list', { actor: { role: 'staff', name: 'x' } }],
		['a field of the resource that is not on the list', { res: { type: 'draft', id: 'x', title: 'x' } }],
		['another version', { v: 2 }],
		['an id that is no UUID of version 7', { id: '0193a000-0000-4000-8000-000000000001' }],
		['an upper-case id', { id: plain.id.toUpperCase().replace('0193', '019A') }],
		['a time without milliseconds', { ts: '2026-11-22T07:00:00Z' }],
		['a local time', { ts: '2026-11-22T07:00:00.000+00:00' }],
		['a day that does not exist', { ts: '2026-02-30T07:00:00.000Z' }],
		['an act of one word', { act: 'create' }],
		['an act of three', { act: 'draft.create.now' }],
		['an act with digits', { act: 'draft.create2' }],
		['an upper-case act', { act: 'Draft.create' }],
		['an act in free text', { act: 'draft.create please' }],
		['an unknown role', { actor: { role: 'mayor' } }],
		['no role', { actor: {} }],
		['an outcome in free text', { out: 'no such number' }],
		['a resource without an id', { res: { type: 'draft' } }],
		['a channel that is not a number', { ch: 'gritting' }],
		['a fraction', { n: { people: 1.5 } }],
		['a negative count', { n: { people: -1 } }],
		['a count as large as a phone number', { n: { people: 447_700_900_123 } }],
		['a count that is not a number', { n: { people: '1' } }],
		['a count under a name with a space', { n: { 'Mrs Example': 1 } }],
		['a count under a number', { n: { '447700900123': 1 } }],
		['free text', { ref: { note: 'ring Mrs Example' } }],
		['an empty id', { ref: { note: '' } }],
		['an id of 129 characters', { ref: { note: 'x'.repeat(129) } }],
		['an e-mail address', { ref: { by: 'officer@aldersea.example' } }],
		['a commitment that is no digest', { sd: { note: 'AAAA' } }],
		['a commitment in sloppy base64', { sd: { note: digest.slice(0, -1) } }],
		['no erased ranges', { er: [] }],
		['an erased range that runs backwards', { er: [[3, 2]] }],
		['erased ranges that overlap', { er: [[0, 3], [3, 5]] }],
		['erased ranges out of order', { er: [[5, 6], [0, 1]] }],
		['an erased range of three', { er: [[0, 1, 2]] }],
	])('with %s is refused, built or read', (_, change) => {
		expect(() => build({ ...full, ...change })).toThrow(refused);
		expect(readLeaf(Buffer.from(canonicalJson({ ...full, ...change })))).not.toHaveProperty('header');
	});

	it('with a phone number or WhatsApp id in any of its texts is refused, and the refusal does not repeat it', () => {
		const personal = ['447700900123', '07700900123', '00447700900123', 'wamid.HBgMNDQ3NzAwOTAwMTIzFQIAERgS', 'GB.13491208655302741918', 'to:07700-900123'];
		const places = [
			(text: string) => ({ ref: { message: text } }),
			(text: string) => ({ res: { type: 'contact', id: text } }),
			(text: string) => ({ actor: { role: 'resident', id: text } }),
		];
		for (const text of personal) {
			for (const place of places) {
				expect(() => build({ ...plain, ...place(text) })).toThrow('resembles a phone number or a WhatsApp id');
				expect(() => build({ ...plain, ...place(text) })).not.toThrow(new RegExp(text.slice(-6)));
			}
		}
		expect(() => build({ ...plain, act: '+447700900123.create' })).toThrow(refused);
		expect(() => build({ ...plain, n: { '447700900123': 1 } })).not.toThrow('900123');
	});

	it('keeps the id of a channel, which is a number of Meta and not of a phone', () => {
		expect(parseLeaf(buildLeaf({ ...plain, ch: '447700900123' })).ch).toBe('447700900123');
	});

	it('may have 65 535 bytes and not one more', () => {
		const header = (spare: number) => {
			const ref = Object.fromEntries(Array.from({ length: 474 }, (_, i) => [`f${i}`, 'x'.repeat(128)]));
			return { ...plain, ref: { ...ref, last: 'x'.repeat(1), ...Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`g${i}`, 'x'.repeat(Math.min(128, Math.max(1, spare - i * 128)))])) } };
		};
		const length = (spare: number) => Buffer.byteLength(canonicalJson(header(spare)));
		let spare = 1;
		while (length(spare) < maxLeafBytes) spare++;
		expect(length(spare)).toBe(maxLeafBytes);
		expect(buildLeaf(header(spare))).toHaveLength(65_535);
		expect(() => buildLeaf(header(spare + 1))).toThrow('65536 bytes');
		expect(readLeaf(Buffer.from(canonicalJson(header(spare + 1))))).toMatchObject({ code: 'BAD_LEAF' });
	});
});

describe('bytes that are read as a leaf', () => {
	const text = buildLeaf(full).toString();

	it.each([
		['NON_CANONICAL', 'no JSON', 'gritting'],
		['NON_CANONICAL', 'nothing', ''],
		['NON_CANONICAL', 'a space', text.replace(':', ': ')],
		['NON_CANONICAL', 'a name given twice', text.replace('"out":"ok"', '"out":"ok","out":"ok"')],
		['NON_CANONICAL', 'another form of a number', text.replace('1200', '1.2e3')],
		['NON_CANONICAL', 'a NUL behind it', `${text}\0`],
		['UNKNOWN_VERSION', 'a later version', text.replace('"v":1', '"v":2')],
		['UNKNOWN_VERSION', 'no version', '{"act":"draft.create"}'],
		['UNKNOWN_VERSION', 'a list', '[1]'],
		['UNKNOWN_VERSION', 'null', 'null'],
		['BAD_LEAF', 'an unknown field', text.replace('"v":1}', '"v":1,"w":1}')],
		['BAD_LEAF', 'an unknown role', text.replace('approver"', 'mayor"')],
	])('are %s with %s', (code, _, wrong) => {
		expect(readLeaf(Buffer.from(wrong))).toMatchObject({ code });
		expect(() => parseLeaf(Buffer.from(wrong))).toThrow(expect.objectContaining({ code: 'ledger.corrupt' }));
	});

	it('never make it throw', () => {
		fc.assert(
			fc.property(fc.oneof(fc.json().map(Buffer.from), fc.uint8Array().map((bytes) => Buffer.from(bytes))), (bytes) => {
				expect(readLeaf(bytes)).toHaveProperty('code');
			}),
		);
	});
});
