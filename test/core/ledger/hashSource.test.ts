import { describe, expect, it } from 'vitest';
import { rootAt, subtreeHash } from '../../../core/ledger/hashSource';
import { inclusionProof } from '../../../core/ledger/proof';
import { MemoryHashes, naive, someLeafHashes } from './fixtures';

describe('subtree hashes', () => {
	const leaves = someLeafHashes(1100);
	const source = new MemoryHashes(leaves);

	it('agree with the definition at every level, stored or not', async () => {
		for (let level = 0; 2 ** level <= leaves.length; level++) {
			for (const n of new Set([0, 1, Math.floor(leaves.length / 2 ** level) - 1])) {
				if ((n + 1) * 2 ** level > leaves.length) continue;
				expect(await subtreeHash(level, n, source)).toEqual(naive.root(leaves.slice(n * 2 ** level, (n + 1) * 2 ** level)));
			}
		}
	});

	it('give the root of the log at any earlier size', async () => {
		for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 513, 1000, 1100]) {
			expect(await rootAt(size, source)).toEqual(naive.root(leaves.slice(0, size)));
		}
	});

	it('read a tile at most once for a proof', async () => {
		source.reads.length = 0;
		await inclusionProof(300, 1100, source);
		expect(new Set(source.reads).size).toBe(source.reads.length);
		expect(source.reads.sort()).toEqual(['0:1024-1100', '0:256-512', '8:0-4']);
	});

	it('are refused when the store has lost a hash or part of one', async () => {
		const holed = new MemoryHashes(leaves);
		holed.stored.delete('8/1');
		await expect(rootAt(1100, holed)).rejects.toMatchObject({ code: 'ledger.corrupt' });
		const short = new MemoryHashes(leaves);
		short.stored.set('8/1', Buffer.alloc(31));
		await expect(rootAt(1100, short)).rejects.toMatchObject({ code: 'ledger.corrupt' });
		const truncated = { leafHashes: () => leaves.slice(0, 3), nodes: () => [] };
		await expect(rootAt(4, truncated)).rejects.toMatchObject({ code: 'ledger.corrupt' });
	});
});
