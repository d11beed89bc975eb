import { DateTime } from 'luxon';

export interface QuietHours {
	/** `22:00` */
	from: string;
	to: string;
}

const minuteMs = 60_000;

/**
 * Whether a moment falls into a channel's quiet hours, and when they end.
 * @param now milliseconds since the epoch
 * @param zone IANA zone; named on every date because n8n rewrites luxon's default
 * @returns the end of the quiet span (ms) when inside, otherwise null
 */
export function quietUntil(now: number, zone: string, quiet: QuietHours | null): number | null {
	if (quiet === null || !isQuiet(now, zone, quiet)) return null;
	const [hour, minute] = quiet.to.split(':').map(Number);
	const local = DateTime.fromMillis(now, { zone });
	const today = local.set({ hour, minute, second: 0, millisecond: 0 });
	let end = (today.toMillis() > now ? today : today.plus({ days: 1 }).set({ hour, minute })).toMillis();
	// Where the clock jumps over the end, or shows it twice, the span ends at another moment than the wall clock suggests.
	while (end - minuteMs > now && !isQuiet(end - minuteMs, zone, quiet)) end -= minuteMs;
	while (isQuiet(end, zone, quiet)) end += minuteMs;
	return end;
}

function isQuiet(at: number, zone: string, { from, to }: QuietHours): boolean {
	const { hour, minute } = DateTime.fromMillis(at, { zone });
	const clock = hour * 60 + minute;
	const [first, last] = [minutesOf(from), minutesOf(to)];
	return first > last ? clock >= first || clock < last : clock >= first && clock < last;
}

function minutesOf(time: string): number {
	const [hour = 0, minute = 0] = time.split(':').map(Number);
	return hour * 60 + minute;
}
