import { DateTime } from 'luxon';
import { CivicError } from '../../core/errors';
import { typed } from '../../core/whatsapp/redaction';

/**
 * Reads a date field: ISO 8601, with or without offset.
 * @param zone IANA zone that a time without offset is meant in
 * @returns milliseconds since the epoch, or null when the field is empty
 */
export function readMoment(value: unknown, label: string, zone: string): number | null {
	if (value === undefined || value === null || value === '') return null;
	const text = value instanceof Date ? value.toISOString() : String(value);
	const moment = DateTime.fromISO(text, { zone });
	if (moment.isValid) return moment.toMillis();
	throw new CivicError('input.invalid', `'${label}' is "${typed(text)}", which is not a date and time.`, 'Use a form such as 2026-01-05T18:00.');
}
