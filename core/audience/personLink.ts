import type { CommandContext } from '../store/command';

/** Notes that a number and a BSUID were seen together: they are one person's. What was seen is never forgotten. */
export async function linkIds({ sql, now }: CommandContext, phoneLookup: string, bsuidLookup: string): Promise<void> {
	await sql.run('INSERT INTO person_link (phone_lookup, bsuid_lookup, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', phoneLookup, bsuidLookup, now);
}

/** A number that went from hand to hand links its owners; past this many names nobody is meant any more. */
const mostNames = 50;

/**
 * Every hash that was ever seen together with one of these, in any number of steps, the given ones first. An opt-out
 * counts for all of them: of a number that two people have had, both are left alone.
 */
export async function linkedLookups({ sql }: Pick<CommandContext, 'sql'>, lookups: readonly string[]): Promise<string[]> {
	const known = new Set(lookups);
	for (const lookup of known) {
		if (known.size >= mostNames) break;
		const rows = await sql.all<{ other: string }>(
			`SELECT bsuid_lookup AS other FROM person_link WHERE phone_lookup = ? UNION SELECT phone_lookup FROM person_link WHERE bsuid_lookup = ? ORDER BY other`,
			lookup,
			lookup,
		);
		for (const { other } of rows) known.add(other);
	}
	return [...known];
}

/**
 * The one other name of a person, by what was seen together; undefined where there is none, or several: a number that two
 * people have had names neither of them.
 */
export async function otherName({ sql }: Pick<CommandContext, 'sql'>, by: 'phone' | 'bsuid', lookup: string): Promise<string | undefined> {
	const other = by === 'phone' ? 'bsuid' : 'phone';
	const rows = await sql.all<{ name: string }>(`SELECT ${other}_lookup AS name FROM person_link WHERE ${by}_lookup = ? LIMIT 2`, lookup);
	return rows.length === 1 ? rows[0]?.name : undefined;
}

/** Both names of whoever is shown by one of them, as far as they are known. */
export async function bothNames(context: Pick<CommandContext, 'sql'>, shown: { phone?: { lookup: string }; bsuid?: { lookup: string } }): Promise<{ phone?: string; bsuid?: string }> {
	const { phone, bsuid } = shown;
	return {
		phone: phone?.lookup ?? (bsuid && (await otherName(context, 'bsuid', bsuid.lookup))),
		bsuid: bsuid?.lookup ?? (phone && (await otherName(context, 'phone', phone.lookup))),
	};
}
