import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CivicError } from '../errors';
import packaged from './prices.json';

const category = z.number({ invalid_type_error: 'must be a number', required_error: 'is missing' }).min(0, 'must not be below 0').max(100, 'is more than 100 for one message');
const perCategory = z.object({ utility: category, marketing: category, authentication: category, service: category }).strict();

const schema = z
	.object({
		/** The day from which these prices held, ISO 8601. */
		asOf: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2026-10-01').refine((date) => !Number.isNaN(Date.parse(date)), 'is not a date'),
		/** Who says so. */
		source: z.string().min(1, 'is empty').max(300, 'is longer than 300 characters'),
		/** Country of the recipients that the prices are for, ISO 3166. Meta charges by the recipient's country code. */
		market: z.string().regex(/^[A-Z]{2}$/, 'must be a country code such as GB'),
		/** What an estimate is shown in. */
		currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency code such as GBP'),
		/** By currency, for one delivered message. */
		perMessage: z.record(z.string().regex(/^[A-Z]{3}$/, 'must be a currency code such as GBP'), perCategory),
		/** What comes on top of, or off, the bare price. */
		leavesOut: z.array(z.string().min(1, 'is empty').max(80, 'is longer than 80 characters')).max(10, 'holds more than 10 entries'),
	})
	.strict();

/** What Meta charges for a delivered message. Prices move at quarter starts; the date says how old these are. */
export type PriceTable = z.infer<typeof schema>;

export interface CostEstimate {
	/** If every message is delivered, in `currency`. */
	amount: number;
	currency: string;
	/** Date of the prices. */
	asOf: string;
	/** Price of one message. Absent in drafts of an earlier version, like the fields below. */
	each?: number;
	/** Country of the recipients that the price is for. */
	market?: string;
	source?: string;
	leavesOut?: string[];
}

/** The prices that come along. */
export const packagedPrices: PriceTable = parsePrices(packaged, 'that comes along');

/**
 * The prices to use: the user's own file, or those that come along.
 * @param path of a JSON file in the shape of `prices.json`, from the setting CIVIC_COMMS_PRICES; empty means none
 * @throws CivicError `prices.unreadable` when there is a file and it cannot be used; the packaged prices do not step in unasked
 */
export function readPrices(path: string | undefined): PriceTable {
	const place = path?.trim() ?? '';
	if (place === '') return packagedPrices;
	let raw: unknown;
	try {
		raw = JSON.parse(readFileSync(place, 'utf8'));
	} catch (cause) {
		const what = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
		throw unusable(`at ${place}`, what, cause);
	}
	return parsePrices(raw, `at ${place}`);
}

/** @param which the file, as a sentence names it after “The price file” */
export function parsePrices(raw: unknown, which: string): PriceTable {
	const read = schema.safeParse(raw);
	if (!read.success) {
		const [issue] = read.error.issues;
		const field = issue?.path.join('.') ?? '';
		const what = issue?.message === 'Required' ? 'is missing' : (issue?.message ?? 'is not usable');
		throw unusable(which, `cannot be used: ${field === '' ? what : `'${field}' ${what}`}`);
	}
	if (!Object.hasOwn(read.data.perMessage, read.data.currency)) throw unusable(which, `cannot be used: it has no prices in its own 'currency', ${read.data.currency}`);
	return read.data;
}

/**
 * What a broadcast would cost if every message is delivered.
 * @param category Meta's, in any case: `UTILITY`, `marketing`
 * @returns null for a category that the table does not know
 */
export function estimateCost(category: string, people: number, prices: PriceTable = packagedPrices): CostEstimate | null {
	const each = priceOf(category, prices);
	if (each === undefined) return null;
	const { currency, asOf, market, source, leavesOut } = prices;
	return { amount: inPence(each * people), currency, asOf, each, market, source, leavesOut };
}

/** Price of one message in the table's own currency. */
export function priceOf(category: string, { perMessage, currency }: PriceTable): number | undefined {
	const prices = new Map<string, number>(Object.entries(perMessage[currency] ?? {}));
	return prices.get(category.toLowerCase());
}

/** To two places, upwards from the half, without the dust of binary fractions. */
export function inPence(amount: number): number {
	return Math.round((amount + Number.EPSILON) * 100) / 100;
}

function unusable(which: string, what: string, cause?: unknown): CivicError {
	return new CivicError('prices.unreadable', `The price file ${which} ${what}.`, 'Mend the file that CIVIC_COMMS_PRICES names, after the example in docs/first-day.md, or take the setting out to use the prices that come along.', { cause });
}
