import type { MediaKind, MessageContact, MessageContent, MessageLocation } from './messageContent';
import { textContent } from './messageContent';

/** A medium that a resident sends. Inbound ids live seven days (Meta, "Media"). */
export interface SentMedia {
	readonly kind: MediaKind;
	readonly id: string;
	readonly mime: string;
	/** Of the bytes, in base64, as media webhooks carry it. */
	readonly sha256: string;
	readonly caption?: string;
	readonly filename?: string;
	/** Recorded with the microphone. */
	readonly voice?: boolean;
	readonly animated?: boolean;
}

interface Answering {
	/** Id of the message that this one quotes. */
	readonly answers?: string;
}

/** What a resident does in the chat with the council, and how it reaches the council (Meta, webhooks: `messages`). */
export type ResidentAct = Answering &
	(
		| { readonly kind: 'text'; readonly text: string }
		/** A quick reply of a template. */
		| { readonly kind: 'button'; readonly text: string; readonly payload: string }
		/** A reply button of an interactive message. */
		| { readonly kind: 'button_reply'; readonly id: string; readonly title: string }
		/** A row of an interactive list. */
		| { readonly kind: 'list_reply'; readonly id: string; readonly title: string; readonly description?: string }
		| { readonly kind: 'location'; readonly location: MessageLocation }
		| { readonly kind: 'media'; readonly media: SentMedia }
		| { readonly kind: 'contacts'; readonly contacts: readonly MessageContact[]; readonly asked: boolean }
		/** Without an emoji, the reaction is taken back. */
		| { readonly kind: 'reaction'; readonly to: string; readonly emoji?: string }
		/** What WhatsApp cannot pass on: 131051, or 131060 for what is not there any more. */
		| { readonly kind: 'unsupported'; readonly code: 131051 | 131060; readonly type: string }
	);

/** What the phone of the resident shows of it. */
export function shownContent(act: ResidentAct): MessageContent {
	switch (act.kind) {
		case 'text':
		case 'button':
			return textContent(act.text);
		case 'button_reply':
			return textContent(act.title);
		case 'list_reply':
			return textContent(act.description === undefined ? act.title : `${act.title}\n${act.description}`);
		case 'location':
			return { ...textContent(''), location: act.location };
		case 'contacts':
			return { ...textContent(''), contacts: act.contacts };
		case 'reaction':
			return { ...textContent(''), reaction: { to: act.to, emoji: act.emoji ?? '' } };
		case 'unsupported':
			return textContent(`(${act.type}: not passed on)`);
		case 'media': {
			const { sha256: _sha256, ...media } = act.media;
			return { ...textContent(''), media };
		}
	}
}

/** Which of the offered answers the resident took: a template button by its text, a reply button or row by its id. */
export function choiceOf(act: ResidentAct): string | undefined {
	if (act.kind === 'button') return act.text;
	return act.kind === 'button_reply' || act.kind === 'list_reply' ? act.id : undefined;
}

/** `type` and the object of that name in a webhook (Meta, webhooks: `messages`). */
export function webhookContent(act: ResidentAct): object {
	switch (act.kind) {
		case 'text':
			return { type: 'text', text: { body: act.text } };
		case 'button':
			return { type: 'button', button: { payload: act.payload, text: act.text } };
		case 'button_reply':
			return { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: act.id, title: act.title } } };
		case 'list_reply':
			return { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: act.id, title: act.title, ...(act.description !== undefined && { description: act.description }) } } };
		case 'location':
			return { type: 'location', location: act.location };
		case 'contacts':
			return { type: 'contacts', contacts: act.contacts.map((contact) => ({ ...contactCard(contact), origin: act.asked ? 'contact_request' : 'other' })) };
		case 'reaction':
			// A removal has no `emoji` key.
			return { type: 'reaction', reaction: { message_id: act.to, ...(act.emoji !== undefined && { emoji: act.emoji }) } };
		case 'unsupported': {
			const title = act.code === 131051 ? 'Message type unknown' : 'Message unavailable';
			return { type: 'unsupported', errors: [{ code: act.code, title, message: title, error_data: { details: 'Message type is currently not supported.' } }], unsupported: { type: act.type } };
		}
		case 'media': {
			const { kind, mime, ...medium } = act.media;
			return { type: kind, [kind]: { ...medium, mime_type: mime } };
		}
	}
}

function contactCard({ name, organisation, phones, emails, urls, addresses }: MessageContact): object {
	return {
		name: { formatted_name: name, first_name: name },
		...(organisation !== undefined && { org: { company: organisation } }),
		phones: phones.map(({ type = 'CELL', ...phone }) => ({ ...phone, type })),
		...(emails.length > 0 && { emails: emails.map((email) => ({ email, type: 'HOME' })) }),
		...(urls.length > 0 && { urls: urls.map((url) => ({ url, type: 'HOME' })) }),
		...(addresses.length > 0 && { addresses: addresses.map((street) => ({ street, type: 'HOME' })) }),
	};
}
