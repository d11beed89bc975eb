export type ActorRole = 'system' | 'requester' | 'approver' | 'staff' | 'resident' | 'operator' | 'provider';

/**
 * What a command tells the ledger. Everything but `disclose` ends up readable in the leaf for ever, so it holds no
 * personal data: typed ids, counts and digests only. `disclose` is committed to with a salt and can be erased.
 */
export interface LedgerEntry {
	/** What happened, as `noun.verb`: `draft.create`, `approval.decide`. */
	act: string;
	actor: { role: ActorRole; id?: string };
	outcome: 'ok' | 'refused' | 'held' | 'expired';
	/** What it happened to. */
	resource?: { type: string; id: string };
	channel?: string;
	counts?: Record<string, number>;
	/** Ids and digests that are not personal. */
	refs?: Record<string, string>;
	/** Personal or free-text details, by field. */
	disclose?: Record<string, unknown>;
	/** Whose key seals the details; the store's own when it is about no single person. */
	subject?: string;
}
