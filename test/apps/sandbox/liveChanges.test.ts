import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { turnKnobs } from '../../../apps/sandbox/knobs';
import { LiveChanges } from '../../../apps/sandbox/phones/liveChanges';
import { Residents } from '../../../apps/sandbox/residents/residents';
import { SeededRandom } from '../../../apps/sandbox/seededRandom';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** A browser's connection, as far as it is written to. */
function browser(): PassThrough & ServerResponse {
	return Object.assign(new PassThrough(), { writeHead: () => undefined }) as unknown as PassThrough & ServerResponse;
}

it('a browser that no longer reads what changed is let go, and the others are not', () => {
	const residents = new Residents(new SeededRandom(1), turnKnobs({}));
	const live = new LiveChanges(residents, {});
	const [stuck, reading] = [browser(), browser()];
	let read = 0;
	reading.on('data', (chunk: Buffer) => (read += chunk.length));
	live.watch(stuck);
	live.watch(reading);
	for (let round = 0; round < 200; round++) {
		for (let nth = 0; nth < 900; nth++) residents.changed(residents.at(`447700${900_000 + nth}`));
		vi.advanceTimersByTime(150);
	}
	expect([stuck.destroyed, reading.destroyed]).toEqual([true, false]);
	expect(stuck.writableLength + stuck.readableLength).toBeLessThan(2 * 1024 * 1024);
	expect(read).toBeGreaterThan(2 * 1024 * 1024);
	live.stop();
});
