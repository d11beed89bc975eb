import type { Place } from './messages/location';
import type { MediaSource } from './messages/media';
import { fillPlaceholders } from './placeholders';
import { type Template, type TemplateButton, buttonsOf, componentOf } from './template';
import { cardValues, cardsOf } from './templateCards';
import { contactRequestLabel } from './templateFlow';
import { offerEnd, offerOf } from './templateOffer';
import { type TemplateValues, fieldKey, parameterFields } from './templateParameters';
import { type HeaderMediaKind, headerFormatOf, headerMediaKind, isCodeTemplate } from './templateScope';
import { isGiven, mediaSource, placeOf, valueOf } from './templateValues';

export interface RenderedButton {
	/**
	 * `copy_code` puts `code` on the person's clipboard, `flow` opens a form, `request_contact` asks for the person's number;
	 * `other` for the kinds that are not sent from here.
	 */
	kind: 'quick_reply' | 'url' | 'phone_number' | 'copy_code' | 'flow' | 'request_contact' | 'other';
	text: string;
	url?: string;
	phone?: string;
	code?: string;
}

/** What stands on top. */
export interface RenderedHeader {
	/** Text. */
	header?: string;
	/** A file in place of the text. */
	headerMedia?: { kind: HeaderMediaKind; media: MediaSource; filename?: string };
	/** A map in place of the text. */
	headerPlace?: Place;
}

/** One of the cards to leaf through. Its body is empty where it has no words. */
export interface RenderedCard extends RenderedHeader {
	body: string;
	buttons: RenderedButton[];
}

/** A message as the resident's phone shows it, in plain text: WhatsApp's own marks (`*bold*`) stay as they are. */
export interface RenderedTemplate extends RenderedHeader {
	/** Shown between header and body. `ends` is ms since 1970, for an offer that runs out. */
	offer?: { text: string; ends?: number };
	body: string;
	footer?: string;
	buttons: RenderedButton[];
	/** In their order; absent where there are none. */
	cards?: RenderedCard[];
}

/** @throws CivicError `template.parameters` when a value is missing; `checkParameters` says it better and earlier */
export function renderTemplate(template: Template, values: TemplateValues): RenderedTemplate {
	const footer = componentOf(template, 'FOOTER')?.text;
	const offer = offerOf(template);
	const ends = offerEnd(template, values);
	const cards = cardsOf(template);
	return {
		...renderCard(template, values),
		...(offer === undefined ? {} : { offer: { text: offer.text, ...(ends === undefined ? {} : { ends }) } }),
		...(footer === undefined ? {} : { footer }),
		...(cards.length === 0 ? {} : { cards: cards.map((card, index) => renderCard(card, cardValues(values, index))) }),
	};
}

/** What a message and a card have in common. */
function renderCard(template: Template, values: TemplateValues): RenderedCard {
	return {
		...renderHeader(template, values),
		body: filled(template, values, 'body', componentOf(template, 'BODY')?.text ?? ''),
		buttons: buttonsOf(template).map((button, index) => renderButton(template, button, () => valueOf(template, values, buttonKey(template, index)))),
	};
}

function filled(template: Template, values: TemplateValues, where: 'header' | 'body', text: string): string {
	return fillPlaceholders(text, (name) => valueOf(template, values, fieldKey(where, name)));
}

function renderHeader(template: Template, values: TemplateValues): RenderedHeader {
	const header = componentOf(template, 'HEADER');
	if (header === undefined) return {};
	const kind = headerMediaKind(template);
	if (kind !== undefined) {
		const filename = fieldKey('header', 'filename');
		return { headerMedia: { kind, media: mediaSource(valueOf(template, values, fieldKey('header', kind))), ...(isGiven(values, filename) ? { filename: valueOf(template, values, filename) } : {}) } };
	}
	if (headerFormatOf(header) === 'LOCATION') return { headerPlace: placeOf(template, values) };
	return header.text === undefined ? {} : { header: filled(template, values, 'header', header.text) };
}

/** The one code of a template for codes fills its button, too. */
function buttonKey(template: Template, index: number): string {
	return isCodeTemplate(template) ? (parameterFields(template)[0]?.key ?? '') : fieldKey('button', index);
}

function renderButton(template: Template, button: TemplateButton, value: () => string): RenderedButton {
	const text = button.text ?? '';
	if (isCodeTemplate(template)) return { kind: 'copy_code', text, code: value() };
	switch (button.type.toUpperCase()) {
		case 'QUICK_REPLY':
			return { kind: 'quick_reply', text };
		case 'URL':
			return { kind: 'url', text, url: fillPlaceholders(button.url ?? '', value) };
		case 'PHONE_NUMBER':
			return { kind: 'phone_number', text, phone: button.phone_number ?? '' };
		case 'COPY_CODE':
			return { kind: 'copy_code', text, code: value() };
		case 'FLOW':
			return { kind: 'flow', text };
		case 'REQUEST_CONTACT_INFO':
			return { kind: 'request_contact', text: text === '' ? contactRequestLabel : text };
		default:
			return { kind: 'other', text };
	}
}
