import type { JsonValue } from '../../ledger/canonicalJson';
import type { ContactCard } from '../../whatsapp/messages/contacts';
import type { MessageContent } from '../../whatsapp/messages/content';
import type { InteractiveFrame } from '../../whatsapp/messages/interactiveFrame';
import type { Place } from '../../whatsapp/messages/location';
import type { MediaSource } from '../../whatsapp/messages/media';
import type { MessageComponent } from '../../whatsapp/messages/template';

/** What stands for a file: the same for the same file, under whichever id. */
export type FileName = (media: MediaSource) => Promise<string>;

/** Undefined fields are left out. */
type Seen = { [field: string]: Seen } | Seen[] | string | undefined;

/**
 * What a person sees of a message, and nothing else: not what comes back when a button or a row is tapped, not where a button
 * leads, not whether a link gets a card or a sound a player. Whatever of a message can be changed without the person seeing
 * it would otherwise make one content into many, and a broadcast into single messages.
 */
export async function visibleContent(content: MessageContent, fileName: FileName): Promise<JsonValue> {
	return JSON.parse(JSON.stringify({ type: content.type, ...(await seenOf(content, fileName)) })) as JsonValue;
}

async function seenOf(content: MessageContent, fileName: FileName): Promise<Record<string, Seen>> {
	switch (content.type) {
		case 'text':
		case 'locationRequest':
			return { body: content.body };
		case 'image':
		case 'video':
			return { file: await fileName(content.media), caption: content.caption };
		case 'document':
			return { file: await fileName(content.media), caption: content.caption, filename: content.filename };
		case 'audio':
		case 'sticker':
			return { file: await fileName(content.media) };
		case 'location':
			return placeOf(content);
		case 'contacts':
			return { contacts: content.contacts.map(cardOf) };
		case 'reaction':
			// It stands on one message of one person, so it is no content of anybody else's.
			return { emoji: content.emoji, on: content.messageId };
		case 'buttons':
			return { ...(await frameOf(content, fileName)), buttons: content.buttons.map(({ title }) => title) };
		case 'list':
			return {
				...(await frameOf(content, fileName)),
				button: content.button,
				sections: content.sections.map(({ title, rows }) => ({ title, rows: rows.map((row) => ({ title: row.title, description: row.description })) })),
			};
		case 'link':
			return { ...(await frameOf(content, fileName)), button: content.displayText };
		case 'template':
			return { name: content.name, language: content.language, values: (await Promise.all(content.components.map((component) => valuesOf(component, fileName)))).flat() };
	}
}

async function frameOf({ header, body, footer }: InteractiveFrame, fileName: FileName): Promise<Record<string, Seen>> {
	const shown = header === undefined || header.type === 'text' ? header?.text : { [header.type]: await fileName(header.media) };
	return { header: shown, body, footer };
}

/** To some ten metres: a pin that is moved by less looks the same. */
function placeOf({ latitude, longitude, name, address }: Place): Record<string, Seen> {
	return { at: `${degrees(latitude, 'north', 'south')}, ${degrees(longitude, 'east', 'west')}`, name, address };
}

/** The side in words, because a minus is a sign like others, and those are not compared. */
function degrees(value: number, positive: string, negative: string): string {
	const rounded = Math.round(value * 1e4);
	return `${Math.abs(rounded)} ${rounded < 0 ? negative : positive}`;
}

/** As a phone shows it: the parts of a name, the WhatsApp account and the code of a country stay behind it. */
function cardOf({ name, phones, emails, urls, addresses, org, birthday }: ContactCard): Seen {
	return {
		name: name.formattedName,
		phones: phones?.map(({ phone, type }) => ({ phone, type })),
		emails: emails?.map(({ email, type }) => ({ email, type })),
		urls: urls?.map(({ url, type }) => ({ url, type })),
		addresses: addresses?.map(({ street, city, state, zip, country, type }) => ({ street, city, state, zip, country, type })),
		org: org === undefined ? undefined : { company: org.company, department: org.department, title: org.title },
		birthday,
	};
}

/** The values in order; the payload of a quick reply and the end of a link are never shown. */
async function valuesOf(component: MessageComponent, fileName: FileName): Promise<Seen[]> {
	if (component.type === 'button') {
		return component.sub_type === 'copy_code' ? component.parameters.map(({ coupon_code }) => ({ button: component.index, code: coupon_code })) : [];
	}
	return Promise.all(
		component.parameters.map(async (parameter): Promise<Seen> => {
			const where = component.type;
			switch (parameter.type) {
				case 'text':
					return { [where]: parameter.text };
				case 'image':
					return { [where]: { image: await fileName(parameter.image) } };
				case 'video':
					return { [where]: { video: await fileName(parameter.video) } };
				case 'document':
					return { [where]: { document: await fileName(parameter.document), filename: parameter.document.filename } };
				case 'location':
					return { [where]: placeOf(parameter.location) };
			}
		}),
	);
}
