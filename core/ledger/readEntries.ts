import { defineQuery, type CommandContext } from '../store/command';
import { existingPersonKey } from '../store/personKey';
import type { Disclosures } from './commitment';
import { parseLeaf, type LeafHeader } from './leaf';

export interface ReadEntry {
	index: number;
	entry: LeafHeader;
	/** Opened details by field; null when they were erased; absent when not asked for. */
	details?: Record<string, unknown> | null;
}

/** Entries by act and time, newest first. The projection finds them; what is shown comes from the leaf. */
export const readEntries = defineQuery(
	'ledger.entries',
	async (
		context,
		input: { act: string | null; resourceId: string | null; before: number | null; limit: number; withDetails: boolean },
	): Promise<ReadEntry[]> => {
		let query = context.db.selectFrom('ledger_index').innerJoin('ledger_entry', 'ledger_entry.idx', 'ledger_index.idx');
		if (input.act !== null) query = query.where('ledger_index.act', 'like', `${input.act.replace(/[%_]/g, '')}%`);
		if (input.resourceId !== null) query = query.where('ledger_index.resource_id', '=', input.resourceId);
		if (input.before !== null) query = query.where('ledger_index.idx', '<', input.before);
		const rows = await query.select(['ledger_index.idx', 'ledger_entry.leaf']).orderBy('ledger_index.idx', 'desc').limit(input.limit).execute();
		const entries: ReadEntry[] = [];
		for (const { idx, leaf } of rows) {
			const entry: ReadEntry = { index: idx, entry: parseLeaf(leaf) };
			if (input.withDetails) entry.details = plain(await openDisclosures(context, idx));
			entries.push(entry);
		}
		return entries;
	},
);

/** @returns null when there are no details, or they or their key are gone */
export async function openDisclosures(context: CommandContext, idx: number): Promise<Disclosures | null> {
	const row = await context.db.selectFrom('disclosure').selectAll().where('idx', '=', idx).executeTakeFirst();
	const key = row === undefined ? undefined : await existingPersonKey(context, row.subject);
	if (row === undefined || key === undefined) return null;
	const { origin } = await context.db.selectFrom('store_identity').select('origin').executeTakeFirstOrThrow();
	return JSON.parse(context.keys.openFor(key, `disclosure/${origin}/${idx}`, row.sealed).toString('utf8')) as Disclosures;
}

function plain(disclosures: Disclosures | null): Record<string, unknown> | null {
	if (disclosures === null) return null;
	return Object.fromEntries(Object.entries(disclosures).map(([field, [, value]]) => [field, value]));
}
