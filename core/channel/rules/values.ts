import { z } from 'zod';

/** The kinds of value that rules are made of, each with the words that a form shows when it is not one. */

export const text = (whenEmpty = 'is empty') => z.string({ invalid_type_error: whenEmpty, required_error: whenEmpty }).trim().min(1, whenEmpty);

export const personName = text().max(100, 'is longer than 100 characters');

export const email = text().toLowerCase().email('is not an e-mail address');

export const numberIn = (least: number, most: number, what = `must be a number from ${least} to ${most}`) =>
	z.number({ invalid_type_error: what, required_error: what }).min(least, what).max(most, what);

export const whole = (least: number, most: number) => {
	const what = `must be a whole number from ${least} to ${most.toLocaleString('en-GB')}`;
	return numberIn(least, most, what).int(what);
};

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

/** A day of the calendar, without a time. */
export const day = z
	.string({ invalid_type_error: 'must be a date such as 2026-12-24', required_error: 'is empty' })
	.trim()
	.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a date such as 2026-12-24')
	.refine((written) => new Date(`${written}T00:00:00Z`).toISOString().startsWith(written), 'is a day that does not exist');
