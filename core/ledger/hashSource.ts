import { CivicError } from '../errors';
import { hashSize } from './sha256';
import { foldSubtrees, nodeHash, tileHeight } from './tree';

type Awaitable<T> = T | Promise<T>;

/**
 * Where the stored hashes of a log come from; both stores fit, synchronous or not.
 * Both calls return hashes `from` (included) to `to` (excluded), in order, 32 bytes each.
 */
export interface HashSource {
	/** Hashes of the entries with these indices. */
	leafHashes(from: number, to: number): Awaitable<readonly Buffer[]>;
	/** Stored nodes of one level, a multiple of 8 above 0: number n covers the leaves from `n * 2 ** level`, `2 ** level` of them. */
	nodes(level: number, from: number, to: number): Awaitable<readonly Buffer[]>;
}

/** Hash of the perfect subtree of `2 ** level` leaves that starts at leaf `n * 2 ** level`. The log must have that many leaves. */
export async function subtreeHash(level: number, n: number, source: HashSource): Promise<Buffer> {
	return new TileHashes(source, (n + 1) * 2 ** level).subtree(level, n);
}

/** Root of the log as it was at `size` leaves. */
export async function rootAt(size: number, source: HashSource): Promise<Buffer> {
	return new TileHashes(source, size).range(0, size);
}

/**
 * Tree hashes of a log of `size` leaves, read by whole tiles (256 stored hashes of one level) and remembered, so a proof costs one or two
 * reads a stored level. What lies between two stored levels is hashed again.
 */
export class TileHashes {
	readonly #tiles = new Map<string, readonly Buffer[]>();

	constructor(
		private readonly source: HashSource,
		private readonly size: number,
	) {}

	/** See `subtreeHash`. */
	async subtree(level: number, n: number): Promise<Buffer> {
		const storedLevel = level - (level % tileHeight);
		const width = 2 ** (level - storedLevel);
		const tile = Math.floor((n * width) / 2 ** tileHeight);
		const offset = n * width - tile * 2 ** tileHeight;
		return perfectRoot((await this.#tile(storedLevel, tile)).slice(offset, offset + width));
	}

	/** Hash of the leaves `from` to `to` (excluded), where `from` is a multiple of the largest power of two that fits: a node of the RFC 6962 tree. */
	async range(from: number, to: number): Promise<Buffer> {
		const subtrees: Buffer[] = [];
		for (let at = from; at < to; ) {
			const level = largestLevel(to - at);
			subtrees.push(await this.subtree(level, at / 2 ** level));
			at += 2 ** level;
		}
		return foldSubtrees(subtrees);
	}

	async #tile(level: number, tile: number): Promise<readonly Buffer[]> {
		const key = `${level}/${tile}`;
		const known = this.#tiles.get(key);
		if (known) return known;
		const from = tile * 2 ** tileHeight;
		const to = Math.min(from + 2 ** tileHeight, Math.floor(this.size / 2 ** level));
		const hashes = await (level === 0 ? this.source.leafHashes(from, to) : this.source.nodes(level, from, to));
		if (hashes.length !== to - from || hashes.some((hash) => hash.length !== hashSize)) {
			throw new CivicError(
				'ledger.corrupt',
				`The ledger should hold hashes ${from} to ${to - 1} of level ${level}, and some are absent or damaged.`,
				'Keep a copy of the store and verify the ledger against a checkpoint kept elsewhere.',
			);
		}
		this.#tiles.set(key, hashes);
		return hashes;
	}
}

/** Root above 2^k neighbouring hashes of one level. */
function perfectRoot(hashes: readonly Buffer[]): Buffer {
	const [first, ...others] = hashes;
	if (first === undefined) return foldSubtrees([]);
	if (others.length === 0) return first;
	const half = hashes.length / 2;
	return nodeHash(perfectRoot(hashes.slice(0, half)), perfectRoot(hashes.slice(half)));
}

/** The largest level whose perfect subtree has at most `leaves` leaves. */
function largestLevel(leaves: number): number {
	let level = 0;
	while (2 ** (level + 1) <= leaves) level += 1;
	return level;
}
