import type { JsonObject } from '../jsonReading';
import { type Problem, checkMessageId, problem } from './problem';

/** An emoji on a message of the other side, at most 30 days old and no reaction itself. */
export interface ReactionContent {
	type: 'reaction';
	messageId: string;
	/** One emoji, or nothing to take the reaction back. */
	emoji: string;
}

/** As Unicode lists them for general interchange; built from text because the `v` flag is younger than our compile target. */
const oneEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');
const emojiStyle = '\uFE0F';

/** Meta: "Reaction messages". */
export function checkReactionContent({ messageId, emoji }: ReactionContent): Problem[] {
	return [...checkMessageId({ field: 'messageId', name: 'The message to react to' }, messageId), ...(isReaction(emoji) ? [] : [problem({ field: 'emoji', name: 'The reaction' }, 'is not exactly one emoji')])];
}

/** Some emoji count as emoji only with an invisible mark after them, which keyboards leave out. */
function isReaction(emoji: unknown): boolean {
	return typeof emoji === 'string' && (emoji === '' || oneEmoji.test(emoji) || oneEmoji.test(emoji + emojiStyle));
}

export function reactionPayload({ messageId, emoji }: ReactionContent): JsonObject {
	return { type: 'reaction', reaction: { message_id: messageId, emoji } };
}
