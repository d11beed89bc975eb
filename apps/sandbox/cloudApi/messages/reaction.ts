import { GraphError, invalidParameter } from '../graphError';
import { objectAt, onlyKeys, optionalTextAt, textAt } from '../objectShape';
import type { ReadFamily, SendContext } from './family';

const keys = new Set(['message_id', 'emoji']);
const longestAgeMs = 30 * 24 * 60 * 60 * 1000;
/** What emoji are made of: pictures, digits of keycaps, skin tones, letters of flags, joiners, selectors and tags. */
const emojiParts = /^(?:\p{Emoji}|\u200d|\ufe0e|\ufe0f|\u20e3|[\u{e0020}-\u{e007f}])+$/u;
const picture = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|\u20e3/u;
const longestEmoji = 40;

/**
 * `type: reaction` (Meta, "Reaction messages"). An empty emoji takes the reaction back. A target that is too old, unknown
 * or itself a reaction is refused after acceptance.
 */
export const readReaction: ReadFamily = (body) => {
	if (body.context !== undefined && body.context !== null) throw invalidParameter('Param context is not allowed on a reaction');
	const reaction = objectAt(body, 'reaction', 'reaction');
	onlyKeys(reaction, keys, 'reaction');
	const target = textAt(reaction, 'message_id', 'reaction.message_id');
	const emoji = optionalTextAt(reaction, 'emoji', 'reaction.emoji') ?? '';
	if (emoji !== '' && (emoji.length > longestEmoji || !emojiParts.test(emoji) || !picture.test(emoji))) throw new GraphError(131009, 'Param reaction.emoji is not an emoji');
	return (context) => ({
		content: { body: '', buttons: [], reaction: { emoji, to: target } },
		...(!canBeReactedTo(target, context) && { failure: 131009 as const }),
	});
};

function canBeReactedTo(id: string, { resident, now, wasReceived }: SendContext): boolean {
	const message = resident.find(id);
	if (!message) return wasReceived(id);
	return now - message.at <= longestAgeMs && message.content.reaction === undefined;
}
