import { DateTime } from 'luxon';

/** The zone in which a council's dates are meant. Named every time, because n8n rewrites luxon's default. */
export const councilZone = 'Europe/London';

/** A moment as people write its day: `3 March 2026`. */
export function dayInWords(at: number): string {
	return DateTime.fromMillis(at, { zone: councilZone, locale: 'en-GB' }).toFormat('d MMMM yyyy');
}

const dayFirst = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const isoDay = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/;

/**
 * Reads a date the way lists hold it: `2026-03-01`, `2026-03-01T09:30`, or `1/3/2026` with the day first.
 * @returns milliseconds since the epoch (the start of the day in the council's zone when no time is given), or undefined
 *   when it is none of these
 */
export function parseDay(written: string): number | undefined {
	const [, day, month, year] = dayFirst.exec(written) ?? [];
	if (day !== undefined) return valid(DateTime.fromObject({ day: Number(day), month: Number(month), year: Number(year) }, { zone: councilZone }));
	if (!isoDay.test(written)) return undefined;
	return valid(DateTime.fromISO(written.replace(' ', 'T'), { zone: councilZone }));
}

function valid(date: DateTime): number | undefined {
	return date.isValid ? date.toMillis() : undefined;
}
