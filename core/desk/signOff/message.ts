import { html } from 'hono/html';
import type { RenderedMessage, ShownButton } from '../../message/draftSummary';
import { momentInWords } from '../../message/momentInWords';
import type { Markup } from '../page';
import type { PageView } from './pageView';
import { languageName } from './words';
import { whatsAppText } from './whatsAppText';

/** The message in every language that goes out, as it looks on a resident's phone. */
export function messages(view: PageView): Markup {
	const { messages: shown } = view;
	return html`<h2 class="govuk-heading-m">${heading(view)}</h2>
${shown.map(({ language, message }) => html`${shown.length === 1 ? '' : html`<h3 class="govuk-heading-s"><bdi>${languageName(language)}</bdi></h3>`}
<div class="desk-chat">${bubble(message, language, view.channel.zone)}${cardList(message, language)}</div>`)}`;
}

function heading({ content, state, timeUp }: PageView): string {
	if (state === 'approved' || (state === 'pending' && !timeUp)) return content.mode === 'training' ? 'What the approvers get' : 'What residents get';
	return 'The message';
}

function bubble({ header, offer, body, footer, buttons }: RenderedMessage, language: string, zone: string): Markup {
	return html`<div class="desk-bubble" lang="${language}">
<div class="desk-bubble__text">${header === null ? '' : html`<bdi class="desk-bubble__head">${header}</bdi>`}${offer === undefined ? '' : html`<bdi class="desk-bubble__head">${offer.text}</bdi>${offer.ends === null ? '' : html`<bdi class="desk-bubble__place">Offer ends ${momentInWords(offer.ends, zone)}</bdi>`}`}<bdi>${whatsAppText(body)}</bdi>${footer === null ? '' : html`<bdi class="desk-bubble__foot">${footer}</bdi>`}</div>
${buttonList(buttons)}
</div>`;
}

function cardList({ cards = [] }: RenderedMessage, language: string): Markup | '' {
	if (cards.length === 0) return '';
	return html`<p class="govuk-body desk-cards">${cards.length} cards to leaf through</p><ol class="desk-cards">${cards.map(
		({ header, body, buttons }) => html`<li><div class="desk-bubble" lang="${language}">
<div class="desk-bubble__text">${header === null ? '' : html`<bdi class="desk-bubble__head">${header}</bdi>`}${body === '' ? '' : html`<bdi>${whatsAppText(body)}</bdi>`}</div>
${buttonList(buttons)}
</div></li>`,
	)}</ol>`;
}

/** What each button says, and what a tap does. */
function buttonList(buttons: readonly ShownButton[]): Markup | '' {
	if (buttons.length === 0) return '';
	return html`<ul aria-label="Buttons">${buttons.map(({ kind, text, url, phone, code }) => html`<li><bdi class="desk-bubble__label">${text}</bdi>${leadsTo(url ?? phone ?? code ?? asks(kind))}</li>`)}</ul>`;
}

function asks(kind: string): string | undefined {
	if (kind === 'flow') return 'opens a form';
	return kind === 'request_contact' ? 'asks for their phone number' : undefined;
}

/** Where a tap leads: an address, a number that is dialled, a code that is copied. */
function leadsTo(place: string | undefined): Markup | '' {
	return place === undefined ? '' : html`<bdi class="desk-bubble__place">${place}</bdi>`;
}
