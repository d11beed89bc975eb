import { isCivicError } from '../errors';
import type { CommandContext } from '../store/command';
import { parseCheckpointText } from './checkpoint';
import type { Findings } from './finding';
import { parseNote } from './signedNote';
import { Frontier, leafHash, type StoredNode } from './tree';

export interface StoredEntry {
	idx: number;
	leaf: Buffer;
	leaf_hash: Buffer;
}

/**
 * Compares what the store keeps beside the entries (hashes, nodes, head and all its checkpoints) with what follows
 * from them. Proofs are made from these, so an edit of them must not go unnoticed. Feed it the entries in order.
 *
 * Of the older checkpoints only the content is compared: that the newest is signed says the same of all before it.
 */
export class StoredTree {
	readonly #frontier = Frontier.empty();
	readonly #completed: StoredNode[] = [];
	#newestAt = 0;
	/** Without one entry nothing above it can be compared; that it is absent is for the log itself to say. */
	#broken = false;

	constructor(
		private readonly context: CommandContext,
		private readonly origin: string,
		private readonly findings: Findings,
	) {}

	async add(entries: readonly StoredEntry[]): Promise<void> {
		const checkpoints = await this.#checkpoints(this.#frontier.size, entries.length);
		for (const { idx, leaf, leaf_hash } of entries) {
			if (this.#broken || idx !== this.#frontier.size) {
				this.#broken = true;
				return;
			}
			if (!leafHash(leaf).equals(leaf_hash)) this.findings.add('STORED_HASH', idx, 'The hash stored with the entry is not its hash.');
			if (leaf_hash.length !== 32) {
				this.#broken = true;
				return;
			}
			this.#completed.push(...this.#frontier.append(leaf_hash));
			this.#newestAt = timeOf(leaf);
			const note = checkpoints.get(this.#frontier.size);
			if (note !== undefined) this.#compareCheckpoint(this.#frontier.size, note);
		}
	}

	/** To be called after the last entry. */
	async finish(): Promise<void> {
		if (this.#broken) return;
		const beyond = await this.context.sql.all<{ size: number }>('SELECT size FROM ledger_checkpoint WHERE size > ? OR size < 1', this.#frontier.size);
		for (const { size } of beyond) this.findings.add('CHECKPOINT', null, `There is a checkpoint for ${size} entries, and there are ${this.#frontier.size}.`);
		await this.#compareNodes();
		await this.#compareHead();
	}

	async #checkpoints(from: number, count: number): Promise<Map<number, string>> {
		const rows = await this.context.sql.all<{ size: number; note: string }>('SELECT size, note FROM ledger_checkpoint WHERE size > ? AND size <= ?', from, from + count);
		return new Map(rows.map(({ size, note }) => [size, note]));
	}

	#compareCheckpoint(size: number, note: string): void {
		let text;
		try {
			text = parseCheckpointText(parseNote(note).text);
		} catch (cause) {
			if (!isCivicError(cause)) throw cause;
			this.findings.add('CHECKPOINT', null, `The checkpoint for ${size} entries is malformed.`);
			return;
		}
		if (text.size !== size || text.origin !== this.origin) this.findings.add('CHECKPOINT', null, `The checkpoint kept for ${size} entries is another one.`);
		else if (!text.root.equals(this.#frontier.root())) this.findings.add('FORK', null, `The first ${size} entries are not those that the store once signed.`);
	}

	async #compareNodes(): Promise<void> {
		const rows = await this.context.sql.all<{ level: number; n: number; hash: Buffer }>('SELECT level, n, hash FROM ledger_node ORDER BY level, n');
		const stored = new Map(rows.map(({ level, n, hash }) => [`${level}/${n}`, hash]));
		for (const { level, n, hash } of this.#completed) {
			const found = stored.get(`${level}/${n}`);
			stored.delete(`${level}/${n}`);
			if (found?.equals(hash) !== true) this.findings.add('STORED_HASH', null, `Node ${n} of level ${level} is ${found === undefined ? 'absent' : 'not the hash of what lies below it'}.`);
		}
		for (const place of stored.keys()) this.findings.add('STORED_HASH', null, `Node ${place} belongs to no entries.`);
	}

	async #compareHead(): Promise<void> {
		const [head] = await this.context.sql.all<{ size: number; frontier: Buffer; newest_at: number }>('SELECT size, frontier, newest_at FROM ledger_head WHERE id = 1');
		const same = head !== undefined && head.size === this.#frontier.size && head.newest_at === this.#newestAt && head.frontier.equals(this.#frontier.serialise());
		if (!same) this.findings.add('STORED_HASH', null, 'The head of the log, from which it grows, is not the one its entries lead to.');
	}
}

/** Not-a-number for an entry that cannot be read, which is a finding of its own. */
function timeOf(leaf: Buffer): number {
	return Date.parse(/"ts":"([^"]*)"/.exec(leaf.toString('latin1'))?.[1] ?? '');
}
