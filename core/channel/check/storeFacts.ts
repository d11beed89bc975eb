import { defineQuery } from '../../store/command';
import { isDeskOn } from '../deskAddress';

/** What the store knows about a channel that a check looks at. */
export interface StoreFacts {
	/** Where Meta should send webhooks; null before a desk was ever switched on. */
	desk: { webhookAddress: string; isOn: boolean } | null;
	adoptedAt: number | null;
	/** People messaged outside their 24-hour window in the last 24 hours, each once, on every channel of this store. */
	peopleReached: number;
	/** Templates of the drafts of the last 30 days. */
	templates: Array<{ name: string; language: string }>;
	/** How many times in the last 30 days statuses came for messages that this product did not send. */
	unmatchedStatuses: number;
}

const day = 24 * 3600_000;
const mostDrafts = 500;

/**
 * People count as Meta counts them ("Messaging limits"): once, and only outside the window. Somebody whose last word came
 * after our message counts, because the window at that moment is no longer known.
 */
const reachedSql = `
	SELECT count(DISTINCT person) AS people FROM (
		SELECT coalesce(contact.phone_lookup, contact.bsuid_lookup, contact.id) AS person, broadcast.channel_id, delivery.intent_at AS at, contact.phone_lookup, contact.bsuid_lookup
			FROM delivery JOIN broadcast ON broadcast.id = delivery.broadcast_id JOIN contact ON contact.id = delivery.contact_id
			WHERE delivery.intent_at > ? AND delivery.state IN ('intent', 'accepted', 'uncertain') AND delivery.failed_at IS NULL
		UNION ALL
		SELECT person_lookup, channel_id, created_at, person_lookup, person_lookup FROM direct_message
			WHERE created_at > ? AND state IN ('intent', 'accepted', 'uncertain') AND failed_at IS NULL
		UNION ALL
		SELECT person_lookup, channel_id, created_at, person_lookup, person_lookup FROM staff_notice
			WHERE created_at > ? AND state IN ('intent', 'accepted', 'uncertain') AND failed_at IS NULL
	) AS sent WHERE NOT EXISTS (
		SELECT 1 FROM conversation WHERE conversation.channel_id = sent.channel_id
			AND (conversation.phone_lookup = sent.phone_lookup OR conversation.bsuid_lookup = sent.bsuid_lookup)
			AND conversation.last_inbound_at BETWEEN sent.at - ${day} AND sent.at
	)`;

export const readStoreFacts = defineQuery('channel.check', async (context, input: { channelId: string }): Promise<StoreFacts> => {
	const { db, sql, now } = context;
	const desk = await db.selectFrom('desk').selectAll().executeTakeFirst();
	const channel = await db.selectFrom('channel').select('adopted_at').where('id', '=', input.channelId).executeTakeFirst();
	const [reached] = await sql.all<{ people: number }>(reachedSql, now - day, now - day, now - day);
	const drafts = await db
		.selectFrom('draft')
		.select('content')
		.where('channel_id', '=', input.channelId)
		.where('created_at', '>', now - 30 * day)
		.orderBy('created_at', 'desc')
		.limit(mostDrafts)
		.execute();
	const [unmatched] = await sql.all<{ times: number }>(
		"SELECT count(*) AS times FROM ledger_index WHERE act = 'delivery.unmatched' AND channel_id = ? AND ts > ?",
		input.channelId,
		now - 30 * day,
	);
	return {
		desk: desk === undefined ? null : { webhookAddress: desk.webhook_address, isOn: isDeskOn(context, desk) },
		adoptedAt: channel?.adopted_at ?? null,
		peopleReached: reached?.people ?? 0,
		templates: templatesOf(drafts.map(({ content }) => content)),
		unmatchedStatuses: unmatched?.times ?? 0,
	};
});

function templatesOf(contents: string[]): StoreFacts['templates'] {
	const found = new Map<string, { name: string; language: string }>();
	for (const content of contents) {
		const { variants } = JSON.parse(content) as { variants: Array<{ template: string; templateLanguage: string }> };
		for (const { template: name, templateLanguage: language } of variants) found.set(`${name}|${language}`, { name, language });
	}
	return [...found.values()];
}
