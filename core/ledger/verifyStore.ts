import { defineQuery, type CommandContext } from '../store/command';
import { openDisclosures } from './readEntries';
import { signingKey } from './signingKey';
import { formatVerifierKey } from './verifierKey';
import { verifyLog, type LogEntry, type LogVerification } from './verifyLog';

export interface StoreVerification extends LogVerification {
	/** Give it to the auditor once: everything is verified against it. */
	verifierKey: string;
	/** The newest signed checkpoint, as a C2SP signed note. */
	checkpoint: string;
}

/** Recomputes this store's whole ledger and compares it with its newest checkpoint and any older ones given. */
export const verifyStore = defineQuery('ledger.verify', async (context, input: { earlier: string[] }): Promise<StoreVerification> => {
	const { origin } = await context.db.selectFrom('store_identity').select('origin').executeTakeFirstOrThrow();
	const newest = await context.db.selectFrom('ledger_checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirstOrThrow();
	const verifierKey = formatVerifierKey(signingKey(origin, context.keys.ledgerSeed()).verifier);
	const verification = await verifyLog({ entries: storedEntries(context), checkpoint: newest.note, vkey: verifierKey, earlier: input.earlier });
	return { ...verification, notProven: [...verification.notProven, heldKey], verifierKey, checkpoint: newest.note };
});

const heldKey = 'The key is the one this store holds. That it is the right one is proven only by comparing it with the copy given to the auditor.';

const readAtOnce = 500;

async function* storedEntries(context: CommandContext): AsyncGenerator<LogEntry> {
	for (let from = 0; ; from += readAtOnce) {
		const rows = await context.sql.all<{ idx: number; leaf: Buffer }>(
			'SELECT idx, leaf FROM ledger_entry WHERE idx >= ? ORDER BY idx LIMIT ?',
			from,
			readAtOnce,
		);
		for (const { idx, leaf } of rows) yield { index: idx, leaf, disclosures: await openDisclosures(context, idx) };
		if (rows.length < readAtOnce) return;
	}
}
