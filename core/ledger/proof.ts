import { CivicError } from '../errors';
import { TileHashes, type HashSource } from './hashSource';
import { hashSize } from './sha256';
import { emptyRoot, nodeHash, splitPoint } from './tree';

/*
 * Inclusion proofs ("this entry is in that log") and consistency proofs ("that log is this older log, continued"):
 * RFC 6962 section 2.1, verification as in RFC 9162 sections 2.1.3.2 and 2.1.4.2.
 */

type Range = readonly [from: number, to: number];

/**
 * The hashes that lead from entry `index` to the root of the log at `size` entries, the leaf's sibling first.
 * @throws CivicError `input.invalid` unless 0 <= index < size
 */
export async function inclusionProof(index: number, size: number, source: HashSource): Promise<Buffer[]> {
	if (!isSize(index) || !isSize(size) || index >= size) {
		throw new CivicError('input.invalid', `There is no entry ${index} in a ledger of ${size} entries.`, 'Entries are counted from 0. Ask for one below the size.');
	}
	const ranges: Range[] = [];
	let [from, to] = [0, size];
	while (to - from > 1) {
		const split = from + splitPoint(to - from);
		if (index < split) {
			ranges.push([split, to]);
			to = split;
		} else {
			ranges.push([from, split]);
			from = split;
		}
	}
	return hashRanges(ranges, size, source);
}

/**
 * The hashes that show that the log at `newSize` entries continues the log at `oldSize`.
 * Empty when either size needs no proof (nothing before, or nothing added).
 * @throws CivicError `input.invalid` unless 0 <= oldSize <= newSize
 */
export async function consistencyProof(oldSize: number, newSize: number, source: HashSource): Promise<Buffer[]> {
	if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) {
		throw new CivicError('input.invalid', `A ledger of ${newSize} entries cannot continue one of ${oldSize}.`, 'Give the smaller size first.');
	}
	if (oldSize === 0) return [];
	const ranges: Range[] = [];
	let [from, to] = [0, newSize];
	while (to !== oldSize) {
		const split = from + splitPoint(to - from);
		if (oldSize <= split) {
			ranges.push([split, to]);
			to = split;
		} else {
			ranges.push([from, split]);
			from = split;
		}
	}
	// The verifier knows the old root already, so it is left out when it is itself a node of the new tree.
	if (from > 0) ranges.push([from, to]);
	return hashRanges(ranges, newSize, source);
}

/** Ranges were noted from the root downwards; proofs are read from the leaf upwards. */
async function hashRanges(ranges: readonly Range[], size: number, source: HashSource): Promise<Buffer[]> {
	const tiles = new TileHashes(source, size);
	const hashes: Buffer[] = [];
	for (const [from, to] of ranges.toReversed()) hashes.push(await tiles.range(from, to));
	return hashes;
}

/** True when `proof` leads from `leaf` (a leaf hash) at `index` to `root` at `size`. Anything malformed is false, nothing throws. */
export function verifyInclusion(leaf: Buffer, index: number, size: number, proof: readonly Buffer[], root: Buffer): boolean {
	if (!isSize(index) || !isSize(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
	const path = new Path(index, size - 1);
	let hash = leaf;
	for (const sibling of proof) {
		if (path.atRoot) return false;
		hash = path.siblingIsLeft ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
		path.climb();
	}
	return path.atRoot && hash.equals(root);
}

/**
 * True when `proof` shows that the log with `newRoot` at `newSize` continues the log with `oldRoot` at `oldSize`.
 * Anything malformed is false, nothing throws.
 */
export function verifyConsistency(oldSize: number, oldRoot: Buffer, newSize: number, newRoot: Buffer, proof: readonly Buffer[]): boolean {
	if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize || ![oldRoot, newRoot, ...proof].every(isHash)) return false;
	if (oldSize === newSize) return proof.length === 0 && oldRoot.equals(newRoot);
	if (oldSize === 0) return proof.length === 0 && oldRoot.equals(emptyRoot);

	const path = new Path(oldSize - 1, newSize - 1);
	path.skipCompleteSubtrees();
	// An old size that is a power of two is one node of the new tree, and the proof leaves out what its reader has.
	const [start, ...rest] = path.atLeftEdge ? [oldRoot, ...proof] : proof;
	if (start === undefined || proof.length === 0) return false;
	let [oldHash, newHash] = [start, start];
	for (const sibling of rest) {
		if (path.atRoot) return false;
		if (path.siblingIsLeft) {
			oldHash = nodeHash(sibling, oldHash);
			newHash = nodeHash(sibling, newHash);
		} else {
			newHash = nodeHash(newHash, sibling);
		}
		path.climb();
	}
	return path.atRoot && oldHash.equals(oldRoot) && newHash.equals(newRoot);
}

/** The walk from a node to the root: the numbers fn and sn of RFC 9162, the node's and the last node's position on the present level. */
class Path {
	constructor(
		private node: number,
		private last: number,
	) {}

	get atRoot(): boolean {
		return this.last === 0;
	}

	get atLeftEdge(): boolean {
		return this.node === 0;
	}

	/** A node at the right edge has no right sibling, so what the proof gives next lies to its left, perhaps levels above. */
	get siblingIsLeft(): boolean {
		return isOdd(this.node) || this.node === this.last;
	}

	climb(): void {
		if (this.siblingIsLeft) while (!isOdd(this.node) && this.node !== 0) this.#up();
		this.#up();
	}

	/** Up to the root of the largest perfect subtree that ends here. */
	skipCompleteSubtrees(): void {
		while (isOdd(this.node)) this.#up();
	}

	#up(): void {
		this.node = Math.floor(this.node / 2);
		this.last = Math.floor(this.last / 2);
	}
}

function isOdd(n: number): boolean {
	return n % 2 === 1;
}

function isSize(n: number): boolean {
	return Number.isSafeInteger(n) && n >= 0;
}

function isHash(hash: Buffer): boolean {
	return hash.length === hashSize;
}
