import { html } from 'hono/html';
import type { Markup } from '../page';

const elements: Record<string, (inner: Markup | string) => Markup> = {
	'*': (inner) => html`<strong>${inner}</strong>`,
	_: (inner) => html`<em>${inner}</em>`,
	'~': (inner) => html`<s>${inner}</s>`,
	'```': (inner) => html`<code>${inner}</code>`,
};

/** A mark counts where a word starts, and its twin where one ends, on the same line. */
const marked = /(?<![\p{L}\p{N}])(?:(```)(?=\S)([\s\S]*?\S)```|([*_~])(?=\S)(?!\3)([^\n]*?\S)\3)(?![\p{L}\p{N}])/u;

/** Meta's longest body has 1,024 characters; what is far longer is shown as it stands. */
const longest = 8192;

/**
 * Text with the marks that WhatsApp turns into type: `*bold*`, `_italic_`, `~struck through~`, three backticks for
 * fixed width (WhatsApp: "How to format your messages").
 */
export function whatsAppText(text: string): Markup | string {
	const match = text.length > longest ? null : marked.exec(text);
	if (match === null) return text;
	const [whole, ticks, code, mark = '', inner = ''] = match;
	const element = elements[ticks ?? mark];
	if (element === undefined) return text;
	const after = text.slice(match.index + whole.length);
	return html`${text.slice(0, match.index)}${element(code ?? whatsAppText(inner))}${whatsAppText(after)}`;
}
