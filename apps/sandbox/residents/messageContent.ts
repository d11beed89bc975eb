/**
 * What a message looks like on a phone, whichever side wrote it: the one shape between what the API accepted and what the
 * phones page, the admin plane and tests show. A part that a message does not have is absent; `body` is then empty, and
 * `buttons` an empty list.
 */
export interface MessageContent {
	readonly header?: MessageHeader;
	/** Between header and text (template component `LIMITED_TIME_OFFER`). */
	readonly offer?: MessageOffer;
	/** The text of the bubble; empty for a message without one. A medium's text is its caption. */
	readonly body: string;
	readonly footer?: string;
	/** In the order in which they are shown. */
	readonly buttons: readonly MessageButton[];
	/** To leaf through, below the text (template component `CAROUSEL`). */
	readonly cards?: readonly MessageCard[];
	/** Opens a sheet with rows to choose from (interactive list). */
	readonly list?: MessageList;
	/** A button that opens a web address (interactive `cta_url`). */
	readonly link?: MessageLink;
	/** A button that asks the resident for something (interactive `location_request_message` and `contact_request`). */
	readonly asksFor?: 'location' | 'contact';
	/** A button that opens a form (interactive `flow`), which this sandbox shows but does not run. */
	readonly flow?: { readonly button: string };
	readonly location?: MessageLocation;
	readonly contacts?: readonly MessageContact[];
	readonly media?: MessageMedia;
	/** A reaction is no bubble of its own: it belongs to the message that it names. */
	readonly reaction?: MessageReaction;
}

export type MessageHeader =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'image' | 'video' | 'document'; readonly media: MessageMedia }
	| { readonly kind: 'location'; readonly location: MessageLocation };

export type MessageButton =
	/** Of a template; a tap comes back as a `button` message with the payload. */
	| { readonly kind: 'quick_reply'; readonly text: string; readonly payload: string }
	| { readonly kind: 'url'; readonly text: string; readonly url: string }
	| { readonly kind: 'phone_number'; readonly text: string; readonly phone: string }
	| { readonly kind: 'copy_code'; readonly text: string; readonly code: string }
	/** Asks for the resident's contact card (template button `REQUEST_CONTACT_INFO`). */
	| { readonly kind: 'request_contact'; readonly text: string }
	| { readonly kind: 'flow'; readonly text: string }
	/** Of an interactive message; a tap comes back as an `interactive` message with a `button_reply`. */
	| { readonly kind: 'reply'; readonly text: string; readonly id: string };

/** An offer, and when it runs out (milliseconds since the epoch) where it does. */
export interface MessageOffer {
	readonly text: string;
	readonly endsAt?: number;
}

/** A card of a carousel. Its body is empty where it has no text. */
export interface MessageCard {
	readonly header?: MessageHeader;
	readonly body: string;
	readonly buttons: readonly MessageButton[];
}

export interface MessageList {
	/** The label of the button that opens the sheet. */
	readonly button: string;
	readonly sections: ReadonlyArray<{ readonly title?: string; readonly rows: readonly ListRow[] }>;
}

/** A choice comes back as an `interactive` message with a `list_reply`. */
export interface ListRow {
	readonly id: string;
	readonly title: string;
	readonly description?: string;
}

export interface MessageLink {
	readonly text: string;
	readonly url: string;
}

export interface MessageLocation {
	readonly latitude: number;
	readonly longitude: number;
	readonly name?: string;
	/** Shown only where there is a name. */
	readonly address?: string;
}

/** A contact card, as far as a phone shows it. */
export interface MessageContact {
	readonly name: string;
	readonly organisation?: string;
	readonly phones: ReadonlyArray<{ readonly phone: string; readonly type?: string; readonly wa_id?: string }>;
	readonly emails: readonly string[];
	readonly urls: readonly string[];
	readonly addresses: readonly string[];
}

export type MediaKind = 'image' | 'video' | 'document' | 'audio' | 'sticker';

/** A medium by the id of an upload, or by an address that Meta would fetch (this sandbox does not). */
export interface MessageMedia {
	readonly kind: MediaKind;
	readonly id?: string;
	readonly link?: string;
	/** MIME type; unknown for links. */
	readonly mime?: string;
	readonly filename?: string;
	readonly caption?: string;
	/** Recorded with the microphone rather than picked as a file; only these become `played`. */
	readonly voice?: boolean;
	readonly animated?: boolean;
}

export interface MessageReaction {
	/** Empty when a reaction is taken back. */
	readonly emoji: string;
	/** The id of the message reacted to. */
	readonly to: string;
}

/** The content of a message that is nothing but text. */
export function textContent(body: string): MessageContent {
	return { body, buttons: [] };
}

/** What a blind person would be read, and what a list of messages shows in one line. */
export function contentInWords(content: MessageContent): string {
	const { header, offer, body, footer, cards = [], media, location, contacts, reaction } = content;
	if (reaction) return reaction.emoji === '' ? 'took a reaction back' : `reacted with ${reaction.emoji}`;
	const parts = [
		headerInWords(header),
		offer?.text,
		media && [`[${media.voice ? 'voice message' : media.kind}]`, media.filename, media.caption].filter(Boolean).join(' '),
		location && ['[location]', location.name, location.address].filter(Boolean).join(' '),
		contacts && `[contact] ${contacts.map(({ name }) => name).join(', ')}`,
		body,
		footer,
		...cards.map((card, index) => [`[card ${index + 1}]`, headerInWords(card.header), card.body].filter(Boolean).join(' ')),
	];
	return parts.filter(Boolean).join('\n');
}

function headerInWords(header: MessageHeader | undefined): string | undefined {
	return header && (header.kind === 'text' ? header.text : `[${header.kind}]`);
}
