import { html } from 'hono/html';
import type { RenderedMessage } from '../../message/draftSummary';
import type { Markup } from '../page';
import type { PageView } from './pageView';
import { languageName } from './words';
import { whatsAppText } from './whatsAppText';

/** The message in every language that goes out, as it looks on a resident's phone. */
export function messages(view: PageView): Markup {
	const { messages: shown } = view;
	return html`<h2 class="govuk-heading-m">${heading(view)}</h2>
${shown.map(({ language, message }) => html`${shown.length === 1 ? '' : html`<h3 class="govuk-heading-s"><bdi>${languageName(language)}</bdi></h3>`}
<div class="desk-chat">${bubble(message, language)}</div>`)}`;
}

function heading({ content, state, timeUp }: PageView): string {
	if (state === 'approved' || (state === 'pending' && !timeUp)) return content.mode === 'training' ? 'What the approvers get' : 'What residents get';
	return 'The message';
}

function bubble({ header, body, footer, buttons }: RenderedMessage, language: string): Markup {
	return html`<div class="desk-bubble" lang="${language}">
<div class="desk-bubble__text">${header === null ? '' : html`<bdi class="desk-bubble__head">${header}</bdi>`}<bdi>${whatsAppText(body)}</bdi>${footer === null ? '' : html`<bdi class="desk-bubble__foot">${footer}</bdi>`}</div>
${buttons.length === 0 ? '' : html`<ul aria-label="Buttons">${buttons.map(({ text, url, phone }) => html`<li><bdi class="desk-bubble__label">${text}</bdi>${leadsTo(url ?? phone)}</li>`)}</ul>`}
</div>`;
}

/** Where a tap leads: an address, or a number that is dialled. */
function leadsTo(place: string | undefined): Markup | '' {
	return place === undefined ? '' : html`<bdi class="desk-bubble__place">${place}</bdi>`;
}
