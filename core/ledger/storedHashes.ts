import type { CommandContext } from '../store/command';
import type { HashSource } from './hashSource';

/** The tree's hashes as the store keeps them: a leaf hash an entry, and one node for each 256 hashes below it. */
export function storedHashes({ sql }: CommandContext): HashSource {
	return {
		leafHashes: async (from, to) =>
			(
				await sql.all<{ leaf_hash: Buffer }>('SELECT leaf_hash FROM ledger_entry WHERE idx >= ? AND idx < ? ORDER BY idx', from, to)
			).map((row) => row.leaf_hash),
		nodes: async (level, from, to) =>
			(
				await sql.all<{ hash: Buffer }>('SELECT hash FROM ledger_node WHERE level = ? AND n >= ? AND n < ? ORDER BY n', level, from, to)
			).map((row) => row.hash),
	};
}
