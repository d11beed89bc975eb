import type { GraphCode } from '../cloudApi/graphError';
import { contentInWords, type MessageContent, type MessageMedia } from '../residents/messageContent';
import { viewMessage, type MessageView } from '../residents/phoneView';
import type { PhoneMessage, Resident } from '../residents/residents';
import { reasonInWords } from './reasons';

/** A message as a browser shows it. */
export interface ShownMessage extends Omit<MessageView, 'failure' | 'answers' | 'reaction' | 'chose'> {
	/** Whether it is on the phone, rather than on its way or lost. */
	readonly arrived: boolean;
	/** The message in a line, for a list and for screen readers. */
	readonly words: string;
	/** Why it never arrives, with the code of the API. */
	readonly failure?: { readonly code: GraphCode; readonly reason: string };
	readonly quoted?: { readonly from: PhoneMessage['from'] | 'unknown'; readonly words: string };
	/** Emoji by who reacted. */
	readonly reactions?: { readonly council?: string; readonly resident?: string };
	/** What the resident answered: the texts or ids of buttons and rows. */
	readonly chosen?: readonly string[];
}

/** Address of a medium that the sandbox holds, on the phones' server. */
export function mediaPath(id: string): string {
	return `/media/${encodeURIComponent(id)}`;
}

/**
 * Everything that belongs to a chat in the order of its times: what is on the phone, and of the council's messages also what
 * is under way and what failed. Reactions are put on the messages that they belong to.
 */
export function shownMessages(resident: Resident, newest: number): ShownMessage[] {
	const bubbles = resident.thread.filter(({ content }) => !content.reaction);
	const reactions = new Map<string, { council?: string; resident?: string }>();
	const chosen = new Map<string, string[]>();
	for (const { from, content, answers, chose } of resident.thread) {
		if (content.reaction) reactions.set(content.reaction.to, { ...reactions.get(content.reaction.to), [from]: content.reaction.emoji });
		if (answers !== undefined && chose !== undefined) chosen.set(answers, [...(chosen.get(answers) ?? []), chose]);
	}
	const show = (message: PhoneMessage, arrived: boolean): ShownMessage => {
		const { failure, answers, reaction: _reaction, chose: _chose, ...view } = viewMessage(message);
		const answered = chosen.get(message.id);
		return {
			...withPaths(view),
			arrived,
			words: contentInWords(message.content),
			...(failure !== undefined && { failure: { code: failure, reason: reasonInWords(failure) } }),
			...(answers !== undefined && { quoted: quoted(resident, answers) }),
			...(reactions.has(message.id) && { reactions: reactions.get(message.id) as object }),
			...(answered && { chosen: answered }),
		};
	};
	const elsewhere = [...resident.notArrived].filter(({ content }) => !content.reaction);
	const all = [...bubbles.slice(-newest).map((message) => show(message, true)), ...elsewhere.slice(-newest).map((message) => show(message, false))];
	return all.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)).slice(-newest);
}

function quoted(resident: Resident, id: string): NonNullable<ShownMessage['quoted']> {
	const message = resident.find(id);
	return message ? { from: message.from, words: contentInWords(message.content).slice(0, 200) } : { from: 'unknown', words: 'A message that this phone no longer has' };
}

type WithSource = MessageMedia & { readonly src?: string };

/** Media that the sandbox holds get an address; a link elsewhere is never loaded. */
function withPaths<View extends Partial<MessageContent>>(view: View): View {
	const { header, media, cards } = view;
	const located = (medium: MessageMedia): WithSource => (medium.id === undefined ? medium : { ...medium, src: mediaPath(medium.id) });
	return {
		...view,
		...(media && { media: located(media) }),
		...(header && 'media' in header && { header: { ...header, media: located(header.media) } }),
		...(cards && { cards: cards.map(withPaths) }),
	};
}
