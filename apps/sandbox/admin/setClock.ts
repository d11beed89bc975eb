import { z } from 'zod';
import { checkRate, lastMoment } from '../options';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';

/** A hundred years: what dates still hold. */
const longestMs = 100 * 365 * 24 * 3_600_000;

const clockSchema = z
	.object({
		/** Makes the clock wrong by so much; no time passes. */
		skewMs: z.number().finite().min(-longestMs).max(longestMs).optional(),
		/** Sandbox time for machine time; 0 stands still. */
		rate: z.number().optional(),
		/** Lets so much time pass at once. */
		advanceMs: z.number().min(0).max(longestMs).optional(),
		/** Lets time pass until then. */
		to: z.string().datetime({ offset: true }).optional(),
	})
	.strict()
	.refine((change) => Object.keys(change).length > 0, 'one of skewMs, rate, advanceMs and to is needed')
	.refine(({ advanceMs, to }) => advanceMs === undefined || to === undefined, 'give advanceMs or to, not both');

/** @throws ZodError or AdminRefusal */
export async function setClock(body: unknown, { clock, time }: Pick<SandboxInside, 'clock' | 'time'>): Promise<object> {
	const { skewMs, rate, advanceMs, to } = clockSchema.parse(body);
	if (rate !== undefined) checkRate(rate);
	const passing = to === undefined ? (advanceMs ?? 0) : Date.parse(to) - clock.now();
	if (passing < 0) throw new AdminRefusal('That moment is over; the clock only goes on. (To make it wrong instead, set skewMs.)');
	if (passing > longestMs) throw new AdminRefusal('That is more than a hundred years away.');
	if (clock.now() + passing + (skewMs ?? clock.skewMs) - clock.skewMs > lastMoment) throw new AdminRefusal('The clock goes no further than the year 9999.');
	if (skewMs !== undefined) clock.skewMs = skewMs;
	if (rate !== undefined) clock.setRate(rate);
	const ran = passing > 0 ? await time.pass(passing) : 0;
	return { now: new Date(clock.now()).toISOString(), skewMs: clock.skewMs, rate: clock.rate, ran };
}
