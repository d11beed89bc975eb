import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until something is found. @throws Error saying what did not come, after two minutes or `withinMs` */
export async function until<Found>(
	what: string,
	signal: AbortSignal,
	look: () => Found | undefined | false | Promise<Found | undefined | false>,
	withinMs = 120_000,
): Promise<Found> {
	const deadline = Date.now() + withinMs;
	for (;;) {
		signal.throwIfAborted();
		const found = await look();
		if (found !== undefined && found !== false) return found;
		if (Date.now() > deadline) throw new Error(`${Math.round(withinMs / 1000)} seconds passed before ${what}.`);
		await pause(250);
	}
}
