import { randomBytes, randomUUID } from 'node:crypto';

/** Time as the core sees it: milliseconds since the Unix epoch, UTC. */
export interface Clock {
	now(): number;
}

/** Randomness as the core sees it. Tests pass a seeded one. */
export interface Random {
	bytes(size: number): Buffer;
	uuid(): string;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Goes on evenly when somebody sets the clock: for pauses, not for dates. Milliseconds since this process began. */
export const steadyClock: Clock = { now: () => performance.now() };

export const systemRandom: Random = { bytes: (size) => randomBytes(size), uuid: () => randomUUID() };
