import { createHash } from 'node:crypto';
import { CivicError } from '../errors';
import type { WeeklyCap } from '../channel/caps';
import type { CommandContext } from '../store/command';
import type { AudienceQuery } from './audienceQuery';
import { knownAudience, type KnownAudience } from './knownAudience';
import { countByArea, countByStanding, withStanding, type AudienceCounts } from './standing';

export interface AudienceSnapshot extends Pick<AudienceCounts, 'matching' | 'byArea' | 'leftOut'> {
	/** How many people are in the snapshot. */
	count: number;
	/** SHA-256, hex, of the contact ids in ascending order, joined by line feeds. */
	root: string;
	/** The query as it was understood: codes and names in a fixed order. */
	audience: KnownAudience;
}

/**
 * Fixes for a draft who may get it: everyone who matches now, is reachable and has not opted out. For use inside the
 * command that makes the draft.
 * @throws CivicError `input.invalid` for a topic or area that nobody has, `audience.empty` when nobody is left
 */
export async function snapshotAudience(context: CommandContext, query: AudienceQuery, draftId: string, capFor: (topic: string | undefined) => WeeklyCap | null = () => null): Promise<AudienceSnapshot> {
	const audience = await knownAudience(context, query);
	const standing = withStanding(audience, capFor(audience.topic));
	const { matching, reachable, leftOut } = await countByStanding(context, standing);
	if (reachable === 0) throw nobody(matching, leftOut);
	await context.sql.run(
		`${standing.sql} INSERT INTO draft_recipient (draft_id, contact_id) SELECT ?, id FROM standing WHERE standing = 'reachable'`,
		...standing.values,
		draftId,
	);
	const recipients = { sql: '(SELECT contact_id AS id FROM draft_recipient WHERE draft_id = ?) AS people', values: [draftId] };
	return {
		count: reachable,
		root: await snapshotRoot(context, draftId),
		matching,
		byArea: await countByArea(context, audience, recipients),
		leftOut,
		audience,
	};
}

const idsAtOnce = 5000;

/** The root of a draft's recipients as they are stored now; compare it with the one in the draft's digest. */
export async function snapshotRoot({ sql }: CommandContext, draftId: string): Promise<string> {
	const hash = createHash('sha256');
	let last = '';
	for (;;) {
		const rows = await sql.all<{ contact_id: string }>(
			'SELECT contact_id FROM draft_recipient WHERE draft_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ?',
			draftId,
			last,
			idsAtOnce,
		);
		for (const { contact_id } of rows) {
			hash.update(last === '' ? contact_id : `\n${contact_id}`);
			last = contact_id;
		}
		if (rows.length < idsAtOnce) return hash.digest('hex');
	}
}

function nobody(matching: number, { optedOut, unreachable, capped = 0 }: AudienceCounts['leftOut']): CivicError {
	return new CivicError(
		'audience.empty',
		matching === 0 ? 'Nobody matches this audience.' : `Nobody in this audience can be messaged: of ${matching}, ${optedOut} opted out, ${unreachable} cannot be reached${capped === 0 ? '' : ` and ${capped} had as many messages this week as one person may`}.`,
		'Choose another topic or other areas, or import contacts. Nothing was drafted.',
	);
}
