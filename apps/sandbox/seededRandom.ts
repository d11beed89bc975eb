/**
 * Randomness that depends only on the seed and on what is being decided, never on the order in which requests happen to
 * arrive: the same seed gives the same resident the same fate, however many connections a client uses.
 */
export class SeededRandom {
	readonly seed: number;

	constructor(seed: number | string) {
		const number = Number(seed);
		this.seed = Number.isFinite(number) && seed !== '' ? number >>> 0 : hashText(String(seed), 0x811c9dc5);
	}

	/** A 32-bit unsigned integer for this subject and purpose. */
	integer(subject: string, purpose: string, nth = 0): number {
		return scramble(hashText(purpose, hashText(subject, this.seed ^ scramble(nth))));
	}

	/** A number in [0, 1) for this subject and purpose. */
	share(subject: string, purpose: string, nth = 0): number {
		return this.integer(subject, purpose, nth) / 4_294_967_296;
	}

	/** A number of milliseconds within the range, ends included. */
	within([low, high]: readonly [number, number], subject: string, purpose: string, nth = 0): number {
		return low + this.share(subject, purpose, nth) * (high - low);
	}
}

/** FNV-1a over UTF-16 code units, started from a given state. */
function hashText(text: string, state: number): number {
	let hash = state;
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	return hash >>> 0;
}

/** The finaliser of MurmurHash3: spreads FNV's weak high bits. */
function scramble(value: number): number {
	let mixed = value ^ (value >>> 16);
	mixed = Math.imul(mixed, 0x85ebca6b);
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
	return (mixed ^ (mixed >>> 16)) >>> 0;
}
