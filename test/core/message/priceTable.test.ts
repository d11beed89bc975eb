import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { estimateCost, packagedPrices, parsePrices, readPrices, type PriceTable } from '../../../core/message/priceTable';

const folder = mkdtempSync(join(tmpdir(), 'civic-prices-'));
afterAll(() => rmSync(folder, { recursive: true }));

const own: PriceTable = {
	asOf: '2027-01-01',
	source: 'Finance, contract 17',
	market: 'GB',
	currency: 'EUR',
	perMessage: { EUR: { utility: 0.02, marketing: 0.06, authentication: 0.02, service: 0 } },
	leavesOut: ['VAT'],
};

function fileOf(content: unknown): string {
	const path = join(folder, `prices-${Math.random()}.json`);
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
	return path;
}

describe('the price table', () => {
	it('comes along dated and sourced, for the UK, in three currencies', () => {
		expect(packagedPrices).toMatchObject({ asOf: '2026-10-01', market: 'GB', currency: 'GBP', source: expect.stringContaining('rate card') as string });
		// Meta's rate card for the United Kingdom: section 14 of the facts.
		expect(packagedPrices.perMessage).toEqual({
			GBP: { marketing: 0.0458, utility: 0.0159, authentication: 0.0159, service: 0.0159 },
			USD: { marketing: 0.0635, utility: 0.022, authentication: 0.022, service: 0.022 },
			EUR: { marketing: 0.0526, utility: 0.0182, authentication: 0.0182, service: 0.0182 },
		});
	});

	it('gives an estimate with its date, its currency and what it leaves out', () => {
		expect(estimateCost('UTILITY', 10_000)).toEqual({ amount: 159, currency: 'GBP', asOf: '2026-10-01', each: 0.0159, market: 'GB', source: packagedPrices.source, leavesOut: expect.arrayContaining(['VAT']) as string[] });
		expect(estimateCost('MARKETING', 3)).toMatchObject({ amount: 0.14 });
		expect(estimateCost('FREE_SERVICE', 3)).toBeNull();
		expect(estimateCost('toString', 3)).toBeNull();
	});

	it('is replaced by the user’s own file, and by none when none is named', () => {
		expect(readPrices(undefined)).toBe(packagedPrices);
		expect(readPrices(' ')).toBe(packagedPrices);
		const prices = readPrices(fileOf(own));
		expect(estimateCost('UTILITY', 100, prices)).toMatchObject({ amount: 2, currency: 'EUR', asOf: '2027-01-01', source: 'Finance, contract 17' });
	});

	it.each<[string, unknown, RegExp]>([
		['is not JSON', '{', /is not JSON/],
		['has no date', { ...own, asOf: undefined }, /'asOf' is missing/],
		['has a date of another form', { ...own, asOf: '1 January' }, /'asOf' must be a date/],
		['has a price in words', { ...own, perMessage: { EUR: { ...own.perMessage.EUR, utility: '0,02' } } }, /'perMessage\.EUR\.utility' must be a number/],
		['lacks a category', { ...own, perMessage: { EUR: { utility: 1, marketing: 1, service: 1 } } }, /'perMessage\.EUR\.authentication' is missing/],
		['has a price below nothing', { ...own, perMessage: { EUR: { ...own.perMessage.EUR, utility: -1 } } }, /below 0/],
		['has pence in place of pounds', { ...own, perMessage: { EUR: { ...own.perMessage.EUR, utility: 159 } } }, /more than 100/],
		['has no price in its own currency', { ...own, currency: 'GBP' }, /no prices in its own 'currency', GBP/],
		['has a field that nobody knows', { ...own, discount: 1 }, /discount/],
	])('is refused when it %s, by the name of the field', (_, content, words) => {
		const path = fileOf(content);
		expect(() => readPrices(path)).toThrow(expect.objectContaining({ code: 'prices.unreadable', message: expect.stringMatching(words) as string, hint: expect.stringContaining('CIVIC_COMMS_PRICES') as string }));
		expect(() => readPrices(path)).toThrow(path);
	});

	it('is refused when it is not there, instead of falling back on other prices', () => {
		expect(() => readPrices(join(folder, 'nowhere.json'))).toThrow(/cannot be read/);
	});

	it('is read or refused in words, whatever it holds', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (raw) => {
				try {
					parsePrices(raw, 'here');
				} catch (thrown) {
					expect(thrown).toMatchObject({ code: 'prices.unreadable' });
				}
			}),
			{ numRuns: 200 },
		);
	});
});
