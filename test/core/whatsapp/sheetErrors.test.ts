import { describe, expect, it } from 'vitest';

import { type RefusalAction, policyFor, retryDelayMs } from '../../../core/whatsapp/errorPolicy';
import { policyTable } from '../../../core/whatsapp/errorTable';
import { outcomeOfAnswer } from '../../../core/whatsapp/sendOutcome';

/**
 * The table of codes as Meta's page "Error codes" (11 September 2026) and its neighbours give them: code, HTTP status where
 * one is known, and what a sender is to do, in the words of that table. Written down here and not taken from errorTable.ts.
 */
type SheetAction =
	| 'RETRY'
	| 'FIX'
	| 'FIX row'
	| 'FIX; blocks the run'
	| 'HOLD'
	| 'HOLD/FIX'
	| 'SUPPRESS-channel'
	| 'SUPPRESS-marketing'
	| 'ONCE-LATER'
	| 'later'
	| 'unreachable'
	| 'template instead'
	| 'confirm identity'
	| 'this person only'
	| 'out of scope';

const allowed: Record<SheetAction, RefusalAction[]> = {
	RETRY: ['retry'],
	FIX: ['fix', 'fix-recipient'],
	'FIX row': ['fix-recipient'],
	'FIX; blocks the run': ['fix'],
	HOLD: ['hold'],
	'HOLD/FIX': ['hold', 'fix'],
	'SUPPRESS-channel': ['suppress'],
	'SUPPRESS-marketing': ['suppress-marketing'],
	'ONCE-LATER': ['once-later'],
	later: ['once-later', 'hold'],
	unreachable: ['unreachable'],
	'template instead': ['fix-recipient'],
	'confirm identity': ['fix-recipient'],
	'this person only': ['fix-recipient'],
	'out of scope': ['fix', 'fix-recipient'],
};

const sheet: Array<[codes: number[], http: number | null, action: SheetAction]> = [
	[[0], 401, 'HOLD'],
	[[3], 500, 'HOLD/FIX'],
	[[10], 403, 'HOLD/FIX'],
	[[104, 190], 401, 'HOLD'],
	[[200, 210, 230, 240, 294, 299], 403, 'HOLD/FIX'],
	[[368], 403, 'HOLD'],
	[[130497], 403, 'FIX row'],
	[[131031], 403, 'HOLD'],
	[[4], 400, 'RETRY'],
	[[80007], 400, 'RETRY'],
	[[130429], 400, 'RETRY'],
	[[131048], 400, 'HOLD'],
	[[131056], 400, 'RETRY'],
	[[131064], 400, 'HOLD'],
	[[133016], 400, 'later'],
	[[1], 400, 'RETRY'],
	[[2], 503, 'RETRY'],
	[[33], 400, 'HOLD/FIX'],
	[[100], 400, 'FIX'],
	[[130403], 400, 'SUPPRESS-channel'],
	[[130472], 400, 'ONCE-LATER'],
	[[131000], 500, 'RETRY'],
	[[131005], 403, 'HOLD/FIX'],
	[[131008, 131009], 400, 'FIX'],
	[[131016], 500, 'RETRY'],
	[[131021], 400, 'FIX row'],
	[[131026], 400, 'unreachable'],
	[[131030], 400, 'FIX'],
	[[131037], 400, 'FIX'],
	[[131042], 400, 'HOLD'],
	[[131044], 400, 'out of scope'],
	[[131045], 500, 'HOLD'],
	[[131047], 400, 'template instead'],
	[[131049], 400, 'ONCE-LATER'],
	[[131050], 400, 'SUPPRESS-marketing'],
	[[131051], 400, 'FIX'],
	[[131052], null, 'this person only'],
	[[131053], 400, 'FIX'],
	[[131055], 400, 'FIX'],
	[[131057], 500, 'RETRY'],
	[[131060], null, 'this person only'],
	[[131062], 400, 'FIX row'],
	[[131063], 400, 'FIX'],
	[[131065], 400, 'FIX'],
	[[132000, 132001], 400, 'FIX; blocks the run'],
	[[132005], 400, 'FIX row'],
	[[132007, 132012], 400, 'FIX'],
	[[132015, 132016], 400, 'HOLD'],
	[[132018], 400, 'FIX row'],
	[[132068], 400, 'FIX'],
	[[132069], 400, 'later'],
	[[133000, 133004, 133005, 133006, 133007, 133008, 133009, 133010, 133015], 400, 'HOLD'],
	[[134011], null, 'FIX'],
	[[134100], 400, 'FIX'],
	[[134101], 400, 'RETRY'],
	[[134102], 500, 'FIX'],
	[[135000], 400, 'FIX'],
	[[137000], null, 'confirm identity'],
	[[138000, 138006, 138012, 138021], null, 'out of scope'],
	[[139100, 139101, 139102, 139103], 400, 'this person only'],
	[[139200], 400, 'FIX'],
	[[147001, 147002, 147003, 147004], 400, 'out of scope'],
	[[2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2388019, 2388024], 400, 'FIX'],
	[[2388012], null, 'FIX'],
	[[2388091, 2388093, 2388103, 2494100, 2593107, 2593108], null, 'HOLD'],
	[[200005, 200006, 200007], 400, 'out of scope'],
];
const rows = sheet.flatMap(([codes, http, action]) => codes.map((code) => [code, http, action] as const));

describe('every code of the error sheet', () => {
	it.each(rows)('%i (HTTP %s) means %s', (code, http, action) => {
		expect(allowed[action]).toContain(policyFor(code, 'webhook').action);
		if (http === null) return;
		expect(policyFor(code, { httpStatus: http })).toBe(policyFor(code, 'webhook'));
		// Some emulators, and older pages of Meta, answer with other statuses: the code alone decides.
		for (const httpStatus of [400, 401, 403, 404, 429, 500, 503]) expect(policyFor(code, { httpStatus })).toBe(policyFor(code, 'webhook'));
		const said = outcomeOfAnswer({ status: http, json: {}, refusal: { code, title: 'Some title' } });
		expect(said).toMatchObject({ outcome: 'notSent', refusal: { code, action: policyFor(code, 'webhook').action } });
	});

	it('stands in the table, and the table holds no other', () => {
		const listed = rows.map(([code]) => code);
		expect(new Set(listed).size).toBe(listed.length);
		const covered = (code: number) => policyTable.some(({ codes }) => codes.some((span) => (typeof span === 'number' ? span === code : code >= span[0] && code <= span[1])));
		expect(listed.filter((code) => !covered(code))).toEqual([]);
		for (const span of policyTable.flatMap(({ codes }) => codes)) {
			const [first, last] = typeof span === 'number' ? [span, span] : span;
			expect(listed.some((code) => code >= first && code <= last)).toBe(true);
		}
	});
});

/** Waits in seconds before the tries after the first, and who slows down. */
const waits: Array<[code: number, seconds: number[], slows: 'recipient' | 'channel']> = [
	[4, [300, 600, 1200, 2400], 'channel'],
	[80007, [300, 600, 1200, 2400], 'channel'],
	[130429, [1, 2, 4, 8, 16, 32], 'channel'],
	[131056, [1, 4, 16, 64, 256, 300], 'recipient'],
	[1, [2, 8], 'recipient'],
	[2, [1, 2, 4, 8, 16, 32], 'channel'],
	[131016, [1, 2, 4, 8, 16, 32], 'channel'],
	[131000, [2, 8, 32], 'recipient'],
	[131057, [60, 120, 240, 480], 'channel'],
	[134101, [600, 600], 'channel'],
	[130472, [86_400], 'recipient'],
	[131049, [86_400], 'recipient'],
	[132069, [3_600], 'recipient'],
];

describe('the waits of the error sheet', () => {
	it.each(waits)('after %i are %j seconds', (code, seconds, slows) => {
		const { delay } = policyFor(code, 'webhook');
		if (delay === undefined) return expect.unreachable();
		expect(Array.from({ length: 10 }, (_, n) => retryDelayMs(delay, n + 1)).filter((wait) => wait !== undefined)).toEqual(seconds.map((wait) => wait * 1000));
		expect(delay.slows).toBe(slows);
	});

	it('are given for what is tried again and for nothing else', () => {
		const waiting = rows.map(([code]) => code).filter((code) => policyFor(code, 'webhook').delay !== undefined);
		expect([...waiting].sort((a, b) => a - b)).toEqual(waits.map(([code]) => code).sort((a, b) => a - b));
	});
});

describe('a code that stands on no sheet', () => {
	const unknown = [-1, 5, 99, 130000, 131099, 132099, 133099, 999_999, 2_388_999];

	it.each(unknown)('%i with a 4xx is not sent, for that person alone, and never tried again', (code) => {
		for (const httpStatus of [400, 401, 403, 404, 409, 413, 422, 429]) {
			const { action, delay } = policyFor(code, { httpStatus });
			expect([action, delay]).toEqual(['fix-recipient', undefined]);
		}
		expect(policyFor(code, 'webhook').action).toBe('fix-recipient');
	});

	it.each(unknown)('%i with a 5xx may have been sent', (code) => {
		for (const status of [500, 502, 503, 504]) {
			expect(policyFor(code, { httpStatus: status }).action).toBe('uncertain');
			expect(outcomeOfAnswer({ status, json: {}, refusal: { code, title: 'Some title' } }).outcome).toBe('uncertain');
		}
	});
});
