import { beforeAll, describe, expect, it } from 'vitest';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '../../../core/ledger/proof';
import { emptyRoot } from '../../../core/ledger/tree';
import { ctLeafHashes, ctRoots, flipBit, hex, MemoryHashes, naive, someLeafHashes } from './fixtures';

const h23 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const h67 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const h4to7 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const h45 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const leaf = (i: number) => ctLeafHashes[i] as string;
const root = (size: number) => ctRoots[size] as string;

const ct = new MemoryHashes(ctLeafHashes.map(hex));

/** At most this size everything is tried. */
const limit = 70;
const leaves = someLeafHashes(limit);
const source = new MemoryHashes(leaves);
const roots: Buffer[] = [];
const garbage = Buffer.alloc(32, 0xa5);

beforeAll(() => {
	for (let size = 0; size <= limit; size++) roots.push(naive.root(leaves.slice(0, size)));
});

/** Gathers the cases in which something is not as it should be: a call of `expect` in the innermost loop would take most of the time. */
class Cases {
	readonly #wrong: string[] = [];
	readonly #tried = new Set<string>();

	check(actual: boolean, expected: boolean, ...where: (string | number)[]): void {
		this.#tried.add(String(expected));
		if (actual !== expected) this.#wrong.push(where.join(' '));
	}

	/** Every case came out as expected, and there were such as each of these. */
	settle(...outcomes: boolean[]): void {
		expect(this.#wrong).toEqual([]);
		expect([...this.#tried].sort()).toEqual(outcomes.map(String).sort());
	}
}

const same = (a: Buffer[], b: Buffer[]): boolean => a.length === b.length && a.every((hash, i) => hash.equals(at(b, i)));

const at = <T>(list: readonly T[], i: number): T => list[i] as T;

/** Ways to spoil a proof. */
function spoiled(proof: Buffer[], ...familiar: Buffer[]): Buffer[][] {
	const variants: Buffer[][] = [[...proof, garbage], [garbage, ...proof], [...proof, Buffer.alloc(0)], [...proof, Buffer.alloc(33)]];
	for (const hash of familiar) variants.push([...proof, hash], [hash, ...proof]);
	for (const [i, hash] of proof.entries()) {
		variants.push(proof.with(i, flipBit(hash, 4)), proof.with(i, hash.subarray(1)), proof.with(i, garbage));
		variants.push(proof.toSpliced(i, 1), proof.toSpliced(i, 0, garbage), proof.toSpliced(i, 0, hash));
	}
	if (proof.length > 0) variants.push([], proof.slice(1), proof.slice(0, -1));
	if (proof.length > 1) variants.push(proof.toReversed());
	return variants;
}

describe('an inclusion proof', () => {
	it.each([
		[0, 8, [leaf(1), h23, h4to7]],
		[5, 8, [leaf(4), h67, root(4)]],
		[2, 3, [root(2)]],
		[1, 5, [leaf(0), h23, leaf(4)]],
		[0, 1, []],
	])('of entry %d among %d is the published one', async (index, size, expected) => {
		const proof = await inclusionProof(index, size, ct);
		expect(proof.map((hash) => hash.toString('hex'))).toEqual(expected);
		expect(verifyInclusion(hex(leaf(index)), index, size, proof, hex(root(size)))).toBe(true);
	});

	it(`is that of the definition for every entry at every size up to ${limit}, and verifies`, async () => {
		const cases = new Cases();
		for (let size = 1; size <= limit; size++) {
			for (let index = 0; index < size; index++) {
				const proof = await inclusionProof(index, size, source);
				cases.check(same(proof, naive.path(index, leaves.slice(0, size))), true, 'proof', index, size);
				cases.check(verifyInclusion(at(leaves, index), index, size, proof, at(roots, size)), true, 'verification', index, size);
			}
		}
		cases.settle(true);
	});

	it('does not verify once spoiled, whichever hash and however', async () => {
		const cases = new Cases();
		for (let size = 1; size <= limit; size++) {
			for (let index = 0; index < size; index++) {
				const proof = await inclusionProof(index, size, source);
				for (const [i, variant] of spoiled(proof, at(leaves, index), at(roots, size)).entries()) {
					cases.check(verifyInclusion(at(leaves, index), index, size, variant, at(roots, size)), false, index, size, 'variant', i);
				}
			}
		}
		cases.settle(false);
	});

	it('does not verify another leaf or another root', async () => {
		const proof = await inclusionProof(20, 70, source);
		const verify = (hash: Buffer, top: Buffer) => verifyInclusion(hash, 20, 70, proof, top);
		expect(verify(at(leaves, 20), at(roots, 70))).toBe(true);
		for (const wrong of [garbage, Buffer.alloc(0), at(leaves, 21), flipBit(at(leaves, 20), 0), at(leaves, 20).subarray(1)]) expect(verify(wrong, at(roots, 70))).toBe(false);
		for (const wrong of [garbage, Buffer.alloc(0), at(roots, 69), emptyRoot, flipBit(at(roots, 70), 255)]) expect(verify(at(leaves, 20), wrong)).toBe(false);
	});

	it('verifies at another index or size only where the tree has the very same shape there', async () => {
		const cases = new Cases();
		for (let size = 1; size <= 17; size++) {
			for (let index = 0; index < size; index++) {
				const proof = await inclusionProof(index, size, source);
				for (let otherSize = 0; otherSize <= 36; otherSize++) {
					for (let other = 0; other <= 36; other++) {
						const alike = other < otherSize && naive.pathShape(other, otherSize) === naive.pathShape(index, size);
						const verified = verifyInclusion(at(leaves, index), other, otherSize, proof, at(roots, size));
						cases.check(verified, alike, index, size, 'as', other, otherSize);
					}
				}
			}
		}
		cases.settle(true, false);
	});

	it.each([
		[0, 0],
		[3, 3],
		[-1, 3],
		[0.5, 3],
		[1, Number.NaN],
		[1, 2 ** 53],
		[2 ** 53, 2 ** 53 + 2],
		[1, Number.POSITIVE_INFINITY],
	])('is neither made nor verified for entry %d among %d', async (index, size) => {
		await expect(inclusionProof(index, size, source)).rejects.toMatchObject({ code: 'input.invalid' });
		expect(verifyInclusion(at(leaves, 0), index, size, [], at(leaves, 0))).toBe(false);
	});
});

describe('a consistency proof', () => {
	it.each([
		[1, 8, [leaf(1), h23, h4to7]],
		[6, 8, [h45, h67, root(4)]],
		[2, 5, [h23, leaf(4)]],
		[1, 1, []],
		[0, 8, []],
	])('from %d to %d is the published one', async (oldSize, newSize, expected) => {
		const proof = await consistencyProof(oldSize, newSize, ct);
		expect(proof.map((hash) => hash.toString('hex'))).toEqual(expected);
		expect(verifyConsistency(oldSize, hex(root(oldSize)), newSize, hex(root(newSize)), proof)).toBe(true);
	});

	it(`is that of the definition for every pair of sizes up to ${limit}, and verifies`, async () => {
		const cases = new Cases();
		for (let newSize = 0; newSize <= limit; newSize++) {
			for (let oldSize = 0; oldSize <= newSize; oldSize++) {
				const proof = await consistencyProof(oldSize, newSize, source);
				cases.check(same(proof, naive.consistency(oldSize, leaves.slice(0, newSize))), true, 'proof', oldSize, newSize);
				cases.check(verifyConsistency(oldSize, at(roots, oldSize), newSize, at(roots, newSize), proof), true, 'verification', oldSize, newSize);
			}
		}
		cases.settle(true);
	});

	it('does not verify once spoiled, whichever hash and however, nor with other roots', async () => {
		const cases = new Cases();
		for (let newSize = 0; newSize <= limit; newSize++) {
			for (let oldSize = 0; oldSize <= newSize; oldSize++) {
				const proof = await consistencyProof(oldSize, newSize, source);
				const [before, after] = [at(roots, oldSize), at(roots, newSize)];
				const refuse = (first: Buffer, second: Buffer, variant: Buffer[], how: string) =>
					cases.check(verifyConsistency(oldSize, first, newSize, second, variant), false, oldSize, newSize, how);
				for (const [i, variant] of spoiled(proof, before, after).entries()) refuse(before, after, variant, `variant ${i}`);
				for (const wrong of [garbage, flipBit(before, 4), Buffer.alloc(0)]) refuse(wrong, after, proof, 'old root');
				// From nothing to anything there is nothing to prove, so there the new root is not bound.
				if (oldSize === 0 && newSize > 0) continue;
				for (const wrong of [garbage, flipBit(after, 4), Buffer.alloc(0)]) refuse(before, wrong, proof, 'new root');
				if (oldSize < newSize) refuse(after, before, proof, 'roots swapped');
			}
		}
		cases.settle(false);
	});

	it('verifies at other sizes only where the trees have the very same shape there', async () => {
		const cases = new Cases();
		for (let newSize = 2; newSize <= 17; newSize++) {
			for (let oldSize = 1; oldSize < newSize; oldSize++) {
				const proof = await consistencyProof(oldSize, newSize, source);
				for (let otherNew = 0; otherNew <= 36; otherNew++) {
					for (let otherOld = 0; otherOld <= 36; otherOld++) {
						const alike = otherOld > 0 && otherOld < otherNew && naive.consistencyShape(otherOld, otherNew) === naive.consistencyShape(oldSize, newSize);
						const verified = verifyConsistency(otherOld, at(roots, oldSize), otherNew, at(roots, newSize), proof);
						cases.check(verified, alike, oldSize, newSize, 'as', otherOld, otherNew);
					}
				}
			}
		}
		cases.settle(true, false);
	});

	it('is neither made nor verified backwards or for sizes that are no counts', async () => {
		for (const [oldSize, newSize] of [[5, 4], [-1, 4], [1.5, 4], [1, 2 ** 53]] as const) {
			await expect(consistencyProof(oldSize, newSize, source)).rejects.toMatchObject({ code: 'input.invalid' });
			expect(verifyConsistency(oldSize, at(roots, 4), newSize, at(roots, 4), [])).toBe(false);
		}
	});
});

describe('proofs in a log of several tiles', () => {
	const many = someLeafHashes(65_537);
	const large = new MemoryHashes(many);
	const sizes = [1, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537];
	const rootOf = new Map(sizes.map((size) => [size, naive.root(many.slice(0, size))]));
	const rootOfSize = (size: number) => rootOf.get(size) as Buffer;

	it('of inclusion verify at the edges of the tiles', async () => {
		for (const size of sizes) {
			for (const index of [0, 1, 254, 255, 256, 257, 511, 512, 40_000, 65_279, 65_280, 65_535, 65_536].filter((i) => i < size)) {
				const proof = await inclusionProof(index, size, large);
				expect(verifyInclusion(at(many, index), index, size, proof, rootOfSize(size))).toBe(true);
			}
		}
	});

	it('of consistency verify between all of them', async () => {
		for (const newSize of sizes) {
			for (const oldSize of sizes.filter((size) => size <= newSize)) {
				const proof = await consistencyProof(oldSize, newSize, large);
				expect(verifyConsistency(oldSize, rootOfSize(oldSize), newSize, rootOfSize(newSize), proof)).toBe(true);
			}
		}
	});
});
