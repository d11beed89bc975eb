import type { Template } from '../whatsapp/template';
import { cardKey } from '../whatsapp/templateCards';
import type { TemplateValues } from '../whatsapp/templateParameters';
import { type RenderedHeader, renderTemplate } from '../whatsapp/templateRendering';
import type { DraftMedia } from './draftMedia';
import type { RenderedMessage } from './draftSummary';
import { headerInWords } from './headerInWords';

/**
 * The message as residents would get it; nothing is stored.
 * @param media files of the draft that are fixed by their content; others are only named by their kind
 * @throws CivicError `template.parameters` when a value is missing
 */
export function renderMessage(template: Template, values: TemplateValues, media: readonly DraftMedia[] = []): RenderedMessage {
	const { body, footer = null, buttons, offer, cards, ...top } = renderTemplate(template, values);
	return {
		header: inWords(top, 'header_', media),
		body,
		footer,
		buttons,
		...(offer === undefined ? {} : { offer: { text: offer.text, ends: offer.ends === undefined ? null : new Date(offer.ends).toISOString() } }),
		...(cards === undefined ? {} : { cards: cards.map((card, index) => ({ header: inWords(card, cardKey(index, 'header_'), media), body: card.body, buttons: card.buttons })) }),
	};
}

function inWords(top: RenderedHeader, prefix: string, media: readonly DraftMedia[]): string | null {
	const { headerPlace: place } = top;
	// A preview may have no numbers yet.
	if (place !== undefined && !Number.isFinite(place.latitude + place.longitude)) return '[Map]';
	return headerInWords(top, media.find(({ field }) => field.startsWith(prefix)));
}
