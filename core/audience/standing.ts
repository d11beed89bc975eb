import type { CommandContext, SqlValue } from '../store/command';
import type { WeeklyCap } from '../channel/caps';
import type { KnownAudience } from './knownAudience';
import { allTopics } from './optOut';

/** How many people there are and who of them may be messaged. A person counts once, however many areas they are in. */
export interface AudienceCounts {
	/** Everyone the query describes: the reachable and the left out. */
	matching: number;
	reachable: number;
	/** The reachable, by area; once in each area they are in. */
	byArea: Array<{ area: string; name: string; count: number }>;
	/** `capped`: had as many messages this week as the channel allows one person; absent where there is no cap. */
	leftOut: { optedOut: number; unreachable: number; capped?: number };
}

/** SQL with the values for its question marks. */
export interface Fragment {
	sql: string;
	values: SqlValue[];
}

/**
 * A WITH clause that ends in the table `standing (id, standing)`: one row for each matching person, `reachable`,
 * `opted-out`, `unreachable` or, where there is a cap, `capped`. Who opted out is found from the opt-outs, of which there are few, not from the people.
 */
export function withStanding(audience: KnownAudience, cap: WeeklyCap | null = null): Fragment {
	const matching = matchingPeople(audience);
	const topics = audience.topic === undefined ? [allTopics] : [allTopics, audience.topic];
	// CROSS JOIN keeps SQLite to this order; it would otherwise walk through all contacts.
	const optedOutBy = (lookup: 'phone_lookup' | 'bsuid_lookup') =>
		`SELECT contact.id FROM opt_out CROSS JOIN contact WHERE contact.${lookup} = opt_out.person_lookup AND opt_out.topic IN (${marks(topics)})`;
	return {
		sql: `WITH
			matching AS MATERIALIZED (${matching.sql}),
			opted_out AS MATERIALIZED (${optedOutBy('phone_lookup')} UNION ALL ${optedOutBy('bsuid_lookup')}),
			standing AS MATERIALIZED (
				SELECT matching.id AS id, CASE
					WHEN matching.id IN (SELECT id FROM opted_out) THEN 'opted-out'
					WHEN contact.status = 'unreachable' THEN 'unreachable'
					${cap === null ? '' : cappedCase}
					ELSE 'reachable' END AS standing
				FROM matching JOIN contact ON contact.id = matching.id
			)`,
		values: [...matching.values, ...topics, ...topics, ...(cap === null ? [] : [cap.since, cap.most])],
	};
}

/** By index, a person at a time, so that it costs nothing where there is no cap. */
const cappedCase = `WHEN (SELECT count(*) FROM delivery
						WHERE delivery.contact_id = matching.id AND delivery.intent_at > ? AND delivery.state IN ('intent', 'accepted', 'uncertain')) >= ? THEN 'capped'`;

/** Starts from the areas where there are any, which are smaller than topics. */
function matchingPeople({ topic, areas }: KnownAudience): Fragment {
	if (areas === undefined) {
		return topic === undefined
			? { sql: 'SELECT id FROM contact WHERE merged_into IS NULL', values: [] }
			: { sql: 'SELECT contact_id AS id FROM contact_topic WHERE topic = ?', values: [topic] };
	}
	const codes = areas.map(({ code }) => code);
	const follows = 'JOIN contact_topic ON contact_topic.topic = ? AND contact_topic.contact_id = contact_area.contact_id';
	return {
		sql: `SELECT DISTINCT contact_area.contact_id AS id FROM contact_area ${topic === undefined ? '' : follows} WHERE contact_area.area IN (${marks(codes)})`,
		values: [...(topic === undefined ? [] : [topic]), ...codes],
	};
}

export async function countByStanding({ sql }: CommandContext, standing: Fragment): Promise<Omit<AudienceCounts, 'byArea'>> {
	const rows = await sql.all<{ standing: string; n: number }>(
		`${standing.sql} SELECT standing, count(*) AS n FROM standing GROUP BY standing`,
		...standing.values,
	);
	const of = (name: string) => Number(rows.find((row) => row.standing === name)?.n ?? 0);
	const capped = of('capped');
	const leftOut = { optedOut: of('opted-out'), unreachable: of('unreachable'), ...(capped === 0 ? {} : { capped }) };
	const reachable = of('reachable');
	return { matching: reachable + leftOut.optedOut + leftOut.unreachable + capped, reachable, leftOut };
}

/**
 * People by area, for the areas that were asked for, or for all.
 * @param people SQL after `FROM` that offers `id`
 */
export async function countByArea(
	{ sql }: CommandContext,
	{ areas }: KnownAudience,
	people: Fragment & { before?: Fragment },
): Promise<AudienceCounts['byArea']> {
	const codes = areas?.map(({ code }) => code) ?? [];
	const rows = await sql.all<{ area: string; name: string; n: number }>(
		`${people.before?.sql ?? ''} SELECT area.code AS area, area.name AS name, count(*) AS n
			FROM ${people.sql} JOIN contact_area ON contact_area.contact_id = people.id JOIN area ON area.code = contact_area.area
			${codes.length === 0 ? '' : `WHERE area.code IN (${marks(codes)})`}
			GROUP BY area.code, area.name ORDER BY area.name, area.code`,
		...(people.before?.values ?? []),
		...people.values,
		...codes,
	);
	const counted = rows.map(({ area, name, n }) => ({ area, name, count: Number(n) }));
	if (areas === undefined) return counted;
	return areas.map(({ code, name }) => counted.find(({ area }) => area === code) ?? { area: code, name, count: 0 });
}

function marks(values: readonly unknown[]): string {
	return values.map(() => '?').join(', ');
}
