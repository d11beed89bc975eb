import type { KeyObject } from 'node:crypto';
import { isCivicError } from '../errors';
import { defineQuery, type CommandContext } from '../store/command';
import type { Disclosures } from './commitment';
import { Findings } from './finding';
import { signerOf } from './head';
import { StoredTree, type StoredEntry } from './storedTree';
import { formatVerifierKey } from './verifierKey';
import { verifyLog, type LogEntry, type LogVerification } from './verifyLog';

export interface StoreVerification extends LogVerification {
	/** Give it to the auditor once: everything is verified against it. */
	verifierKey: string;
	/** The newest signed checkpoint, as a C2SP signed note; empty when there is none. */
	checkpoint: string;
}

/** Recomputes this store's whole ledger and compares it with its newest checkpoint, any older ones given, and what is kept beside the entries. */
export const verifyStore = defineQuery('ledger.verify', async (context, input: { earlier: string[] }): Promise<StoreVerification> => {
	const { origin } = await context.db.selectFrom('store_identity').select('origin').executeTakeFirstOrThrow();
	const newest = await context.db.selectFrom('ledger_checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
	const checkpoint = newest?.note ?? '';
	const verifierKey = formatVerifierKey(signerOf(context.keys, origin).verifier);
	const findings = new Findings();
	const tree = new StoredTree(context, origin, findings);
	const verification = await verifyLog({ entries: storedEntries(context, origin, tree, findings), checkpoint, vkey: verifierKey, earlier: input.earlier });
	await tree.finish();
	return {
		...verification,
		ok: verification.ok && findings.total === 0,
		findings: [...verification.findings, ...findings.list()],
		notProven: [...verification.notProven, heldKey],
		verifierKey,
		checkpoint,
	};
});

const heldKey = 'The key is the one this store holds. That it is the right one is proven only by comparing it with the copy given to the auditor.';

const readAtOnce = 500;

interface EntryRow extends StoredEntry {
	subject: string | null;
	sealed: Buffer | null;
	wrapped: Buffer | null;
}

async function* storedEntries(context: CommandContext, origin: string, tree: StoredTree, findings: Findings): AsyncGenerator<LogEntry> {
	for (let from = 0; ; ) {
		const rows = await context.sql.all<EntryRow>(
			`SELECT entry.idx, entry.leaf, entry.leaf_hash, disclosure.subject, disclosure.sealed, subject_key.wrapped
				FROM ledger_entry AS entry
				LEFT JOIN disclosure ON disclosure.idx = entry.idx
				LEFT JOIN subject_key ON subject_key.subject = disclosure.subject
				WHERE entry.idx >= ? ORDER BY entry.idx LIMIT ?`,
			from,
			readAtOnce,
		);
		await tree.add(rows);
		const keys = new Map<string, KeyObject>();
		for (const row of rows) yield { index: row.idx, leaf: row.leaf, disclosures: disclosuresOf(context, origin, row, keys, findings) };
		const last = rows.at(-1);
		if (last === undefined || rows.length < readAtOnce) return;
		from = last.idx + 1;
	}
}

/** @returns null when the values or their key are gone; undefined when they cannot be opened, which is then a finding */
function disclosuresOf(context: CommandContext, origin: string, row: EntryRow, keys: Map<string, KeyObject>, findings: Findings): Disclosures | null | undefined {
	const { idx, subject, sealed, wrapped } = row;
	if (subject === null || sealed === null || wrapped === null) return null;
	try {
		const key = keys.get(subject) ?? context.keys.unwrapPersonKey(subject, wrapped);
		keys.set(subject, key);
		return JSON.parse(context.keys.openFor(key, `disclosure/${origin}/${idx}`, sealed).toString('utf8')) as Disclosures;
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		// Tampering is what verification is there to report, so it does not end it.
		findings.add('DISCLOSURE_MISMATCH', idx, 'The personal fields of the entry cannot be opened: they, their place or their key were changed.');
		return undefined;
	}
}
