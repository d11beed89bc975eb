import type { Channel } from '../../channel/channel';
import { CivicError } from '../../errors';
import type { CommandContext, SqlValue } from '../../store/command';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * What makes a message to one person a broadcast: too many people in an hour, or the same content to too many in a day.
 * Counted in the store, over every flow and node that uses the channel. What certainly did not leave does not count.
 * @param lookups of the person who would get the next one; somebody who was written to already is not counted twice
 * @returns the refusal, or undefined when there is room
 */
export async function overLimit(context: CommandContext, channel: Channel, { lookups, contentLookup }: { lookups: string[]; contentLookup: string }): Promise<CivicError | undefined> {
	const { peoplePerHour, peoplePerContent } = channel.rules.directMessages;
	const others = `person_lookup NOT IN (${lookups.map(() => '?').join(', ')})`;
	const count = async (sinceMs: number, and = '', ...values: SqlValue[]): Promise<number> => {
		const [row] = await context.sql.all<{ n: number }>(
			`SELECT count(DISTINCT person_lookup) AS n FROM direct_message
				WHERE channel_id = ? AND created_at > ? AND counted = 1 AND state <> 'not-sent' AND ${others} ${and}`,
			channel.id,
			context.now - sinceMs,
			...lookups,
			...values,
		);
		return Number(row?.n ?? 0);
	};
	const inHour = await count(hourMs);
	if (inHour >= peoplePerHour) {
		return tooMany(`${inHour} people were written to on channel "${channel.name}" in the last hour, and its rules allow ${peoplePerHour} without sign-off.`);
	}
	const sameContent = await count(dayMs, 'AND content_lookup = ?', contentLookup);
	if (sameContent >= peoplePerContent) {
		return tooMany(`${sameContent} people got this content on channel "${channel.name}" in the last 24 hours, and its rules allow ${peoplePerContent} without sign-off.`);
	}
	return undefined;
}

function tooMany(what: string): CivicError {
	return new CivicError('direct.limit', `${what} One more would make it a broadcast.`, 'Nothing was sent. Use Broadcast: Draft, have it signed off, and send that. IT sets the limits in the credential "Civic WhatsApp API".');
}
