import { DateTime } from 'luxon';

/**
 * Whether a moment falls into a channel's quiet hours, and when they end.
 * @param now milliseconds since the epoch
 * @param zone IANA zone; named on every date because n8n rewrites luxon's default
 * @returns the end of the quiet span (ms) when inside, otherwise null
 */
export function quietUntil(now: number, zone: string, quiet: { from: string; to: string } | null): number | null {
	if (quiet === null) return null;
	const local = DateTime.fromMillis(now, { zone });
	const clock = local.toFormat('HH:mm');
	const overnight = quiet.from > quiet.to;
	const inside = overnight ? clock >= quiet.from || clock < quiet.to : clock >= quiet.from && clock < quiet.to;
	if (!inside) return null;
	const [hour, minute] = quiet.to.split(':').map(Number);
	const today = local.set({ hour, minute, second: 0, millisecond: 0 });
	return (today.toMillis() > now ? today : today.plus({ days: 1 })).toMillis();
}
