import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completedNodes, emptyRoot, Frontier, leafHash, nodeHash, splitPoint } from '../../../core/ledger/tree';
import { ctLeafHashes, ctLeaves, ctRoots, naive, someLeafHashes } from './fixtures';

function grown(leaves: Buffer[]): Frontier {
	const frontier = Frontier.empty();
	for (const leaf of leaves) frontier.append(leaf);
	return frontier;
}

describe('the Merkle tree', () => {
	it('hashes the leaves of the Certificate Transparency test tree as published', () => {
		expect(ctLeaves.map((leaf) => leafHash(leaf).toString('hex'))).toEqual(ctLeafHashes);
	});

	it('has the published root at every size of that tree', () => {
		const frontier = Frontier.empty();
		const roots = [frontier.root()];
		for (const leaf of ctLeaves) {
			frontier.append(leafHash(leaf));
			roots.push(frontier.root());
		}
		expect(roots.map((root) => root.toString('hex'))).toEqual(ctRoots);
		expect(emptyRoot.toString('hex')).toBe(ctRoots[0]);
	});

	it('has the root of the definition at every size up to 300', () => {
		const leaves = someLeafHashes(300);
		const frontier = Frontier.empty();
		for (const [i, leaf] of leaves.entries()) {
			frontier.append(leaf);
			expect(frontier.root()).toEqual(naive.root(leaves.slice(0, i + 1)));
		}
	});

	it('never takes a leaf for an inner node', () => {
		const [left, right] = someLeafHashes(2) as [Buffer, Buffer];
		expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right));
	});

	it('refuses hashes that are not 32 bytes long', () => {
		const [hash] = someLeafHashes(1) as [Buffer];
		expect(() => nodeHash(hash, hash.subarray(1))).toThrow('not 32 bytes');
		expect(() => Frontier.empty().append(Buffer.alloc(33))).toThrow('not 32 bytes');
	});

	it('splits at the largest power of two below the size', () => {
		expect([2, 3, 4, 5, 8, 9, 2 ** 40, 2 ** 40 + 1].map(splitPoint)).toEqual([1, 2, 2, 4, 4, 8, 2 ** 39, 2 ** 40]);
	});
});

describe('the frontier', () => {
	it('goes on as before after it was stored and read', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 40 }), (before, after) => {
				const leaves = someLeafHashes(before + after);
				const stored = grown(leaves.slice(0, before)).serialise();
				const frontier = Frontier.parse(before, stored);
				for (const leaf of leaves.slice(before)) frontier.append(leaf);
				expect(frontier.size).toBe(before + after);
				expect(frontier.root()).toEqual(grown(leaves).root());
			}),
			{ numRuns: 60 },
		);
	});

	it('holds one hash for each 1 bit of the size', () => {
		expect(grown(someLeafHashes(255)).serialise()).toHaveLength(8 * 32);
		expect(grown(someLeafHashes(256)).serialise()).toHaveLength(32);
		expect(Frontier.parse(2 ** 53 - 1, Buffer.alloc(53 * 32)).size).toBe(2 ** 53 - 1);
	});

	it.each([
		[1, 0],
		[0, 32],
		[3, 32],
		[3, 63],
		[-1, 0],
		[1.5, 32],
		[2 ** 53, 32],
	])('is refused at size %d with %d bytes', (size, length) => {
		expect(() => Frontier.parse(size, Buffer.alloc(length))).toThrow(expect.objectContaining({ code: 'ledger.corrupt' }));
	});

	it('is not changed by what later happens to the bytes it was read from', () => {
		const stored = grown(someLeafHashes(3)).serialise();
		const frontier = Frontier.parse(3, stored);
		const root = frontier.root();
		stored.fill(0);
		expect(frontier.root()).toEqual(root);
	});

	it('hands over each node to store when it becomes complete, with the hash of its leaves', () => {
		const leaves = someLeafHashes(65_537);
		const frontier = Frontier.empty();
		const nodes = leaves.flatMap((leaf) => frontier.append(leaf).map((node) => ({ ...node, after: frontier.size })));
		expect(nodes.map(({ level, n }) => ({ level, n }))).toEqual([
			...completedNodes(0, 65_537).filter(({ level }) => level === 8),
			{ level: 16, n: 0 },
		]);
		for (const { level, n, hash, after } of [...nodes.slice(0, 3), ...nodes.slice(-2)]) {
			expect(after).toBe((n + 1) * 2 ** level);
			expect(hash).toEqual(naive.root(leaves.slice(n * 2 ** level, after)));
		}
	});
});

describe('the nodes that become complete', () => {
	it('are those at the boundaries of 256 and 65 536 entries', () => {
		expect(completedNodes(0, 255)).toEqual([]);
		expect(completedNodes(255, 256)).toEqual([{ level: 8, n: 0 }]);
		expect(completedNodes(256, 511)).toEqual([]);
		expect(completedNodes(256, 768)).toEqual([{ level: 8, n: 1 }, { level: 8, n: 2 }]);
		expect(completedNodes(65_535, 65_537)).toEqual([{ level: 8, n: 255 }, { level: 16, n: 0 }]);
	});

	it('are the same whether the log grows in one step or in two', () => {
		const size = fc.integer({ min: 0, max: 200_000 });
		const order = (nodes: { level: number; n: number }[]) => nodes.map(({ level, n }) => `${level}/${n}`).sort();
		fc.assert(
			fc.property(size, size, size, (...sizes) => {
				const [a, b, c] = sizes.sort((x, y) => x - y) as [number, number, number];
				expect(order([...completedNodes(a, b), ...completedNodes(b, c)])).toEqual(order(completedNodes(a, c)));
			}),
		);
	});
});
