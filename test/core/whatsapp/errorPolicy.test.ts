import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type RefusalAction, policyFor, retryDelayMs } from '../../../core/whatsapp/errorPolicy';
import { policyTable } from '../../../core/whatsapp/errorTable';

/** Meta's codes, written down a second time and by hand: the table must say the same. */
const expected: Record<Exclude<RefusalAction, 'uncertain'>, number[]> = {
	hold: [
		0, 3, 10, 104, 190, 200, 201, 250, 299, 368, 131031, 131048, 131064, 133016, 33, 131005, 131042, 131045, 132015, 132016, 133000, 133004, 133005,
		133006, 133007, 133008, 133009, 133010, 133015, 2388091, 2388093, 2388103, 2494100, 2593107, 2593108,
	],
	retry: [4, 80007, 130429, 131056, 1, 2, 131000, 131016, 131057, 134101],
	fix: [
		100, 131008, 131009, 131037, 131044, 131051, 131053, 131055, 131063, 131065, 132000, 132001, 132007, 132012, 132068, 134011, 134100, 134102,
		135000, 138000, 138021, 138999, 139200, 147001, 147002, 147003, 147004, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2388019,
		2388024, 2388012, 200005, 200006, 200007,
	],
	'fix-recipient': [130497, 131021, 131030, 131047, 131052, 131060, 131062, 132005, 132018, 137000, 139100, 139101, 139102, 139103],
	'suppress-marketing': [131050],
	suppress: [130403],
	unreachable: [131026],
	'once-later': [130472, 131049, 132069],
};
const rows = Object.entries(expected).flatMap(([action, codes]) => codes.map((code) => [code, action] as const));

describe('the error policy', () => {
	it.each(rows)('for code %i is to %s, whatever HTTP status it came with', (code, action) => {
		expect(policyFor(code, { httpStatus: 400 }).action).toBe(action);
		expect(policyFor(code, { httpStatus: 500 })).toBe(policyFor(code, 'webhook'));
		expect(policyFor(code, { httpStatus: 200 })).toBe(policyFor(code, 'webhook'));
	});

	it('names no code twice, and no code that is not written down here', () => {
		const listed = new Set(rows.map(([code]) => code));
		const spans = policyTable.flatMap(({ codes }) => codes.map((span) => (typeof span === 'number' ? ([span, span] as const) : span)));
		for (const [first, last] of spans) expect([...listed].some((code) => code >= first && code <= last)).toBe(true);
		for (const [first, last] of spans) expect(spans.filter((other) => other[0] <= last && other[1] >= first)).toHaveLength(1);
	});

	it('gives up a message that is refused with an unknown code, and never sends it again', () => {
		for (const httpStatus of [400, 404, 429, 499]) expect(policyFor(999_999, { httpStatus }).action).toBe('fix-recipient');
		expect(policyFor(999_999, 'webhook').action).toBe('fix-recipient');
		expect(policyFor(undefined, { httpStatus: 400 }).action).toBe('fix-recipient');
	});

	it('calls a message uncertain when an unknown code comes with anything but a 4xx', () => {
		for (const httpStatus of [0, 200, 302, 500, 502, 599]) expect(policyFor(999_999, { httpStatus }).action).toBe('uncertain');
		expect(policyFor(undefined, { httpStatus: 500 }).action).toBe('uncertain');
	});

	it('retries no code that it does not know', () => {
		fc.assert(
			fc.property(fc.integer({ min: -10, max: 3_000_000 }), fc.integer({ min: 0, max: 599 }), (code, httpStatus) => {
				fc.pre(!rows.some(([known]) => known === code));
				expect(['fix-recipient', 'uncertain', 'hold', 'fix']).toContain(policyFor(code, { httpStatus }).action);
			}),
		);
	});

	it('says of every row what happened and how to go on, in plain words', () => {
		for (const { explain, goOn, action, delay } of policyTable) {
			for (const text of [explain, goOn]) {
				expect(text).toMatch(/^[A-Z].*\.$/);
				expect(text).not.toMatch(/error|problem|failure|mistake|\d{5,}/i);
			}
			expect(delay !== undefined).toBe(action === 'retry' || action === 'once-later');
		}
	});

	it('waits 1, 4, 16 … seconds for one person who was sent too much', () => {
		const { delay } = policyFor(131056, { httpStatus: 400 });
		if (delay === undefined) return expect.unreachable();
		expect([1, 2, 3, 4].map((attempt) => retryDelayMs(delay, attempt))).toEqual([1_000, 4_000, 16_000, 64_000]);
		expect(delay.slows).toBe('recipient');
	});

	it('ends every row of waits', () => {
		for (const { delay } of policyTable) {
			if (delay === undefined) continue;
			expect(retryDelayMs(delay, delay.attempts)).toBeLessThanOrEqual(delay.maxMs);
			expect(retryDelayMs(delay, delay.attempts + 1)).toBeUndefined();
		}
	});
});
