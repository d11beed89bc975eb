import type { KeyObject } from 'node:crypto';
import { CivicError, isCivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { Keyring } from '../store/keyring';
import { personKey } from '../store/personKey';
import { verifyCheckpoint } from './checkpoint';
import { parseLeaf } from './leaf';
import { signingKey, type NoteSigner } from './signingKey';
import { Frontier, leafHash, type StoredNode } from './tree';

/** The growing end of the log, as read inside the transaction that extends it. */
export interface Head {
	origin: string;
	frontier: Frontier;
	/** Time of the newest entry, ms; 0 when there is none. */
	newestAt: number;
	signer: NoteSigner;
	/** The key that seals disclosures about a subject. */
	keyOf(subject: string): Promise<KeyObject>;
}

/**
 * Reads the head afresh: another process may have written since. Never kept in memory between transactions.
 *
 * A log must never sign what does not continue what it signed before, so the head is only extended when the newest
 * checkpoint is our own signature over exactly this head, and the newest entry is the one that the head ends with.
 * @throws CivicError ledger.corrupt
 */
export async function openHead(context: CommandContext): Promise<Head> {
	const identity = await context.sql.all<{ origin: string }>('SELECT origin FROM store_identity WHERE id = 1');
	const origin = identity[0]?.origin;
	if (origin === undefined) throw new TypeError('the store has no identity yet');
	const [stored] = await context.sql.all<StoredHead>('SELECT size, frontier, newest_at FROM ledger_head WHERE id = 1');
	const frontier = stored === undefined ? Frontier.empty() : Frontier.parse(stored.size, stored.frontier);
	const signer = signerOf(context.keys, origin);
	await requireSigned(context, frontier, signer);
	await requireNewestEntry(context, frontier.size, stored?.newest_at ?? 0);
	const keys = new Map<string, Promise<KeyObject>>();
	return {
		origin,
		frontier,
		newestAt: stored?.newest_at ?? 0,
		signer,
		keyOf: (subject) => {
			const known = keys.get(subject) ?? personKey(context, subject);
			keys.set(subject, known);
			return known;
		},
	};
}

interface StoredHead {
	size: number;
	frontier: Buffer;
	newest_at: number;
}

/** Growing the key from its seed costs more than a signature, and it is the same for every transaction of a store. */
const signers = new WeakMap<Keyring, NoteSigner>();

export function signerOf(keys: Keyring, origin: string): NoteSigner {
	const known = signers.get(keys);
	if (known?.verifier.name === origin) return known;
	const signer = signingKey(origin, keys.ledgerSeed());
	signers.set(keys, signer);
	return signer;
}

async function requireSigned(context: CommandContext, frontier: Frontier, signer: NoteSigner): Promise<void> {
	const [newest] = await context.sql.all<{ size: number; note: string }>('SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1');
	if ((newest?.size ?? 0) !== frontier.size) throw corrupt(`it holds ${frontier.size} entries, but its newest checkpoint was signed for ${newest?.size ?? 0}`);
	if (newest === undefined) return;
	let signed;
	try {
		signed = verifyCheckpoint(newest.note, [signer.verifier]);
	} catch (cause) {
		throw isCivicError(cause) ? corrupt('its newest checkpoint does not bear the signature of this store', cause) : cause;
	}
	if (signed.size !== frontier.size || !signed.root.equals(frontier.root())) throw corrupt('its head is not the one that its newest checkpoint was signed over');
}

async function requireNewestEntry(context: CommandContext, size: number, newestAt: number): Promise<void> {
	const [newest] = await context.sql.all<{ idx: number; leaf: Buffer; leaf_hash: Buffer }>('SELECT idx, leaf, leaf_hash FROM ledger_entry ORDER BY idx DESC LIMIT 1');
	if ((newest === undefined ? 0 : newest.idx + 1) !== size) throw corrupt(`its head says ${size} entries, and the newest one there is ${newest === undefined ? 'none' : `number ${newest.idx + 1}`}`);
	if (newest === undefined) return;
	if (!leafHash(newest.leaf).equals(newest.leaf_hash)) throw corrupt('its newest entry does not have the hash that was stored with it');
	if (Date.parse(parseLeaf(newest.leaf).ts) !== newestAt) throw corrupt('its head does not bear the time of its newest entry');
}

/** Stores the new end of the log and the tree nodes that became complete with it. */
export async function saveHead(context: CommandContext, head: Head, completed: readonly StoredNode[], at: number): Promise<void> {
	const { frontier } = head;
	for (const { level, n, hash } of completed) {
		await context.sql.run('INSERT INTO ledger_node (level, n, hash) VALUES (?, ?, ?)', level, n, hash);
	}
	await context.sql.run(
		`INSERT INTO ledger_head (id, size, frontier, newest_at) VALUES (1, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier, newest_at = excluded.newest_at`,
		frontier.size,
		frontier.serialise(),
		at,
	);
}

function corrupt(reason: string, cause?: unknown): CivicError {
	return new CivicError(
		'ledger.corrupt',
		`The ledger does not take any more entries: ${reason}.`,
		'Somebody changed the store by hand, or an old copy was put back. Restore the newest backup, or ask whoever looks after the installation to run Audit Log: Verify.',
		{ cause },
	);
}
