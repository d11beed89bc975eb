import { defineQuery } from '../store/command';
import type { Row } from '../store/schema';
import { summaryOf, windowMs, type Conversation } from './conversation';

export interface ConversationQuery {
	channelId: string;
	/** Only those in which a free-form message may be sent now. */
	onlyOpen: boolean;
	/** At most this many, those with the latest message first; `Infinity` for all. */
	limit: number;
}

/** Who has written to a channel: ids and times, no people. */
export type ConversationSummary = Omit<Conversation, 'phone' | 'bsuid'>;

export const listConversations = defineQuery('inbox.conversations', async (context, { channelId, onlyOpen, limit }: ConversationQuery): Promise<ConversationSummary[]> => {
	const rows = await context.sql.all<Row<'conversation'>>(
		'SELECT * FROM conversation WHERE channel_id = ? AND merged_into IS NULL AND last_inbound_at > ? ORDER BY last_inbound_at DESC, id LIMIT ?',
		channelId,
		onlyOpen ? context.now - windowMs : -1,
		Math.min(limit, Number.MAX_SAFE_INTEGER),
	);
	const summaries: ConversationSummary[] = [];
	for (const row of rows) summaries.push(await summaryOf(context, row));
	return summaries;
});
