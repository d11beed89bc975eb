import { CivicError } from '../errors';
import { hashSize, sha256 } from './sha256';

/*
 * The Merkle tree of a transparency log, RFC 6962 section 2.1 (RFC 9162 section 2.1 is the same for SHA-256).
 * Sizes and indices are plain numbers: every one of them stays a safe integer (below 2^53).
 */

/** The root of a log without entries: SHA-256 of nothing. */
export const emptyRoot: Buffer = sha256(Buffer.alloc(0));

/** Tree levels are stored in steps of eight, the tile height of C2SP tlog-tiles: 256 hashes below make one above. */
export const tileHeight = 8;

/** A hash that is kept in the store: the root of the perfect subtree of `2 ** level` leaves that starts at leaf `n * 2 ** level`. */
export interface StoredNode {
	/** A multiple of `tileHeight`, never 0 (leaf hashes are kept with their entries). */
	readonly level: number;
	readonly n: number;
	readonly hash: Buffer;
}

/** Hash of one entry: SHA-256(0x00 || leaf). The prefix keeps a leaf from being passed off as an inner node. */
export function leafHash(leaf: Buffer): Buffer {
	const prefixed = Buffer.allocUnsafe(1 + leaf.length);
	prefixed[0] = 0x00;
	leaf.copy(prefixed, 1);
	return sha256(prefixed);
}

/** Reused by every call: hashing is synchronous, so nobody sees it half filled. */
const pair = Buffer.alloc(1 + 2 * hashSize, 0x01);

/** Hash of an inner node: SHA-256(0x01 || left || right), both 32 bytes. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
	if (left.length !== hashSize || right.length !== hashSize) throw wrongLength();
	left.copy(pair, 1);
	right.copy(pair, 1 + hashSize);
	return sha256(pair);
}

/** Folds the hashes of neighbouring subtrees, largest (oldest) first, into the root above them. */
export function foldSubtrees(hashes: readonly Buffer[]): Buffer {
	return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Largest power of two smaller than `n`; n > 1. It is where RFC 6962 splits n leaves. */
export function splitPoint(n: number): number {
	let k = 1;
	while (k * 2 < n) k *= 2;
	return k;
}

/** The (level, n) of every stored node that becomes complete while a log grows from `oldSize` to `newSize` leaves, lowest level first. */
export function completedNodes(oldSize: number, newSize: number): { level: number; n: number }[] {
	const completed: { level: number; n: number }[] = [];
	for (let level = tileHeight; 2 ** level <= newSize; level += tileHeight) {
		const end = Math.floor(newSize / 2 ** level);
		for (let n = Math.floor(oldSize / 2 ** level); n < end; n++) completed.push({ level, n });
	}
	return completed;
}

const none: readonly StoredNode[] = [];

/**
 * All that appending needs: the roots of the perfect subtrees that make up the tree, largest first. There is one for each 1 bit
 * of the size, so at most 53.
 *
 * It changes in place. After a transaction that was rolled back, parse a fresh one from what the store holds.
 */
export class Frontier {
	readonly #subtrees: Buffer[];
	#size: number;

	private constructor(size: number, subtrees: Buffer[]) {
		this.#size = size;
		this.#subtrees = subtrees;
	}

	static empty(): Frontier {
		return new Frontier(0, []);
	}

	/**
	 * @param size number of leaves
	 * @param bytes what `serialise` returned at that size
	 * @throws CivicError `ledger.corrupt` when the two do not belong together
	 */
	static parse(size: number, bytes: Buffer): Frontier {
		if (!Number.isSafeInteger(size) || size < 0 || bytes.length !== countOnes(size) * hashSize) {
			throw new CivicError(
				'ledger.corrupt',
				`The stored frontier of the ledger (${bytes.length} bytes) does not fit its stored size (${size} entries).`,
				'Stop writing, keep a copy of the store, and verify the ledger against a checkpoint kept elsewhere.',
			);
		}
		const copy = Buffer.from(bytes);
		const subtrees: Buffer[] = [];
		for (let at = 0; at < copy.length; at += hashSize) subtrees.push(copy.subarray(at, at + hashSize));
		return new Frontier(size, subtrees);
	}

	get size(): number {
		return this.#size;
	}

	/**
	 * Adds one leaf hash (32 bytes).
	 * @returns the nodes to store that became complete with it, lowest level first; mostly none
	 */
	append(hash: Buffer): readonly StoredNode[] {
		if (hash.length !== hashSize) throw wrongLength();
		let completed: StoredNode[] | undefined;
		let merged = hash;
		let n = this.#size;
		for (let level = 1; n % 2 === 1; level++) {
			const left = this.#subtrees.pop();
			if (left === undefined) throw new RangeError('A frontier holds one subtree for each 1 bit of its size.');
			merged = nodeHash(left, merged);
			n = (n - 1) / 2;
			if (level % tileHeight === 0) (completed ??= []).push({ level, n, hash: merged });
		}
		this.#subtrees.push(merged);
		this.#size += 1;
		return completed ?? none;
	}

	/** Root of the tree at the present size, 32 bytes. */
	root(): Buffer {
		return foldSubtrees(this.#subtrees);
	}

	/** The subtree roots, 32 bytes each, largest subtree first. */
	serialise(): Buffer {
		return Buffer.concat(this.#subtrees);
	}
}

function countOnes(size: number): number {
	let ones = 0;
	for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
	return ones;
}

function wrongLength(): CivicError {
	return new CivicError(
		'ledger.corrupt',
		'A hash of the ledger is not 32 bytes long.',
		'Keep a copy of the store and verify the ledger against a checkpoint kept elsewhere.',
	);
}
