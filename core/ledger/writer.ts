import { CivicError, isCivicError } from '../errors';
import type { CommandContext } from '../store/command';
import { openHead, saveHead, type Head } from './head';
import { commitment, newSalt, type Disclosures } from './commitment';
import { signCheckpoint } from './checkpoint';
import type { JsonValue } from './canonicalJson';
import type { LedgerEntry } from './entry';
import { buildLeaf, type LeafHeader } from './leaf';
import { leafHash, type StoredNode } from './tree';
import { uuidv7 } from './uuidv7';

/** Seals details that are about no single person. It is kept apart from the store's other keys so that it can be erased too. */
export const storeSubject = 'store';

const clockStep = 'clock.step-back';

/**
 * Collects the entries of one transaction and writes them as its last step: leaves, tree, index, disclosures and a
 * signed checkpoint, all committed with the change they record. When that cannot be done the transaction fails.
 */
export class LedgerWriter {
	readonly #pending: LedgerEntry[] = [];
	#closed = false;

	append(entry: LedgerEntry): void {
		if (this.#closed) throw new TypeError('a command appended to the ledger after its transaction was over');
		this.#pending.push(entry);
	}

	/** Nothing more is taken: an entry that came now would be lost without anybody noticing. */
	close(): void {
		this.#closed = true;
	}

	/** @throws CivicError ledger.unwritable: then nothing of the transaction may commit */
	async flush(context: CommandContext): Promise<void> {
		this.close();
		if (this.#pending.length === 0) return;
		try {
			const head = await openHead(context);
			// Entries never run backwards in time; a clock that was set back is held at the newest entry.
			const at = Math.max(context.now, head.newestAt);
			if (context.now < head.newestAt) await this.#recordClockStep(context, head.newestAt);
			const completed: StoredNode[] = [];
			for (const entry of this.#pending) completed.push(...(await write(context, head, entry, at)));
			await saveHead(context, head, completed, at);
			const note = signCheckpoint(
				{ origin: head.origin, size: head.frontier.size, root: head.frontier.root(), extensions: [] },
				[head.signer],
			);
			await context.sql.run(
				'INSERT INTO ledger_checkpoint (size, note, signed_at) VALUES (?, ?, ?)',
				head.frontier.size,
				note,
				at,
			);
		} catch (cause) {
			// Somebody's edit is another matter than a disk, and has another way on.
			if (isCivicError(cause) && (cause.code === 'ledger.corrupt' || cause.code === 'store.tampered')) throw cause;
			throw new CivicError(
				'ledger.unwritable',
				`The ledger entry could not be written${cause instanceof Error ? ` (${cause.message})` : ''}, so the step was not taken.`,
				'Nothing was changed and nothing was sent by this step. Check the disk and the store, then run it again.',
				{ cause },
			);
		}
	}

	/**
	 * A step back of more than a second is worth an auditor's attention; less is ordinary time keeping. All entries held
	 * at one moment are the same step, which is on record once.
	 */
	async #recordClockStep(context: CommandContext, newestAt: number): Promise<void> {
		const backMs = newestAt - context.now;
		if (backMs <= 1000) return;
		const [known] = await context.sql.all('SELECT idx FROM ledger_index WHERE act = ? AND ts = ? LIMIT 1', clockStep, newestAt);
		if (known !== undefined) return;
		this.#pending.push({ act: clockStep, actor: { role: 'system' }, outcome: 'ok', counts: { seconds: Math.round(backMs / 1000) } });
	}
}

async function write(context: CommandContext, head: Head, entry: LedgerEntry, at: number): Promise<readonly StoredNode[]> {
	const id = uuidv7(at, context.random);
	const disclosed = commit(context, entry.disclose ?? {});
	const leaf = buildLeaf(header(entry, id, at, disclosed.commitments));
	const hash = leafHash(leaf);
	const idx = head.frontier.size;
	const completed = head.frontier.append(hash);
	await context.sql.run('INSERT INTO ledger_entry (idx, leaf, leaf_hash) VALUES (?, ?, ?)', idx, leaf, hash);
	await context.sql.run(
		`INSERT INTO ledger_index (idx, entry_id, ts, act, actor_role, outcome, channel_id, resource_type, resource_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		idx,
		id,
		at,
		entry.act,
		entry.actor.role,
		entry.outcome,
		entry.channel ?? null,
		entry.resource?.type ?? null,
		entry.resource?.id ?? null,
	);
	if (disclosed.count > 0) {
		const subject = entry.subject ?? storeSubject;
		const sealed = context.keys.sealFor(await head.keyOf(subject), `disclosure/${head.origin}/${idx}`, JSON.stringify(disclosed.values));
		await context.sql.run('INSERT INTO disclosure (idx, subject, sealed) VALUES (?, ?, ?)', idx, subject, sealed);
	}
	return completed;
}

function commit(context: CommandContext, details: Record<string, unknown>) {
	const values: Record<string, [string, JsonValue]> = {};
	const commitments: Record<string, string> = {};
	let count = 0;
	for (const [field, value] of Object.entries(details)) {
		if (value === undefined) continue;
		const salt = newSalt(context.random);
		const json = value as JsonValue;
		values[field] = [salt.toString('base64'), json];
		commitments[field] = commitment(field, json, salt);
		count++;
	}
	return { values: values satisfies Disclosures, commitments, count };
}

function header(entry: LedgerEntry, id: string, at: number, commitments: Record<string, string>): LeafHeader {
	return {
		v: 1,
		id,
		ts: new Date(at).toISOString(),
		act: entry.act,
		actor: entry.actor,
		out: entry.outcome,
		...(entry.resource === undefined ? {} : { res: entry.resource }),
		...(entry.channel === undefined ? {} : { ch: entry.channel }),
		...(entry.counts === undefined ? {} : { n: entry.counts }),
		...(entry.refs === undefined ? {} : { ref: entry.refs }),
		...(Object.keys(commitments).length === 0 ? {} : { sd: commitments }),
	};
}
