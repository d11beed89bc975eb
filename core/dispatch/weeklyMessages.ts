import type { WeeklyCap } from '../channel/caps';
import type { CommandContext } from '../store/command';

/** Always this many places in the statement, so that it is prepared once. */
const peopleAtOnce = 100;

/**
 * Who of these people has had as many broadcast messages of late as the cap allows, on whatever channel. What may have
 * been accepted counts.
 */
export async function atWeeklyCap({ sql }: CommandContext, cap: WeeklyCap | null, contactIds: readonly string[]): Promise<Set<string>> {
	const capped = new Set<string>();
	if (cap === null) return capped;
	for (let from = 0; from < contactIds.length; from += peopleAtOnce) {
		const ids = Array.from({ length: peopleAtOnce }, (_, i) => contactIds[from + i] ?? null);
		const rows = await sql.all<{ contact_id: string }>(
			`SELECT contact_id FROM delivery
				WHERE contact_id IN (${ids.map(() => '?').join(', ')}) AND intent_at > ? AND state IN ('intent', 'accepted', 'uncertain')
				GROUP BY contact_id HAVING count(*) >= ?`,
			...ids,
			cap.since,
			cap.most,
		);
		for (const { contact_id } of rows) capped.add(contact_id);
	}
	return capped;
}
