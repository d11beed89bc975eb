import type { KeyObject } from 'node:crypto';
import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import { personKey } from '../store/personKey';
import { signingKey, type NoteSigner } from './signingKey';
import { Frontier, type StoredNode } from './tree';

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
 * @throws CivicError ledger.corrupt when head and newest checkpoint disagree
 */
export async function openHead(context: CommandContext): Promise<Head> {
	const identity = await context.sql.all<{ origin: string }>('SELECT origin FROM store_identity WHERE id = 1');
	const origin = identity[0]?.origin;
	if (origin === undefined) throw new TypeError('the store has no identity yet');
	const head = (await context.sql.all<{ size: number; frontier: Buffer; newest_at: number }>('SELECT size, frontier, newest_at FROM ledger_head WHERE id = 1'))[0];
	const checkpoint = (await context.sql.all<{ size: number }>('SELECT max(size) AS size FROM ledger_checkpoint'))[0];
	const signedSize = checkpoint?.size ?? 0;
	const size = head?.size ?? 0;
	if (signedSize !== size) throw corrupt(size, signedSize);
	const keys = new Map<string, Promise<KeyObject>>();
	return {
		origin,
		frontier: head === undefined ? Frontier.empty() : Frontier.parse(head.size, head.frontier),
		newestAt: head?.newest_at ?? 0,
		signer: signingKey(origin, context.keys.ledgerSeed()),
		keyOf: (subject) => {
			const known = keys.get(subject) ?? personKey(context, subject);
			keys.set(subject, known);
			return known;
		},
	};
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

function corrupt(size: number, signedSize: number): CivicError {
	return new CivicError(
		'ledger.corrupt',
		`The ledger holds ${size} entries, but its newest checkpoint was signed for ${signedSize}.`,
		'Somebody changed the store by hand, or an old copy was put back. Restore the newest backup, or ask whoever looks after the installation to run Audit Log: Verify.',
	);
}
