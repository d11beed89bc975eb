import { checkParameters } from '../whatsapp/parameterChecks';
import type { Template } from '../whatsapp/template';
import { type TemplateValues, parameterFields, unsupportedParts } from '../whatsapp/templateParameters';
import { isCodeTemplate } from '../whatsapp/templateScope';
import type { RenderedMessage, ShownButton } from './draftSummary';
import { momentInWords } from './momentInWords';
import { renderMessage } from './renderMessage';

export interface TemplatePreview {
	/** Whether a draft with these values would be taken. */
	ok: boolean;
	/** What stands in the way, one sentence each, with the names of the fields. */
	problems: string[];
	/** What a person should know all the same. */
	warnings: string[];
	message: RenderedMessage;
	/** The message as lines of plain text. A gap without a value shows its name in square brackets. */
	text: string;
}

/**
 * The message as an approver would see it, with what Draft would say about it. Nothing is stored.
 * @param zone of the channel, for the end of an offer
 */
export function previewTemplate(template: Template, values: TemplateValues, zone = 'Europe/London'): TemplatePreview {
	const codes = isCodeTemplate(template) ? ['It is for one-time codes, and everybody would get the same one.'] : [];
	const problems = [...standingProblems(template), ...unsupportedParts(template), ...codes, ...checkParameters(template, values).map(({ message }) => message)];
	const message = renderMessage(template, filledIn(template, values));
	return { ok: problems.length === 0, problems, warnings: standingWarnings(template), message, text: messageText(message, zone) };
}

/** Header, offer, body, footer, buttons and cards as lines; a button stands in square brackets. */
export function messageText({ header, offer, body, footer, buttons, cards = [] }: RenderedMessage, zone: string): string {
	const timed = offer === undefined ? null : `${offer.text}${offer.ends === null ? '' : ` (ends ${momentInWords(offer.ends, zone)})`}`;
	const leaves = cards.map((card, index) => [`Card ${index + 1}: ${card.header ?? ''}`.trim(), card.body, buttonLines(card.buttons)].filter((part) => part !== '').join('\n'));
	return [header, timed, body, footer, buttonLines(buttons), ...leaves].filter((part) => part !== null && part !== '').join('\n\n');
}

/** Each with what a tap leads to: an address, a number, a code to paste. */
export function buttonLines(buttons: readonly ShownButton[], between = '\n'): string {
	return buttons.map(({ text, url, phone, code }) => [`[${text}]`, url, phone, code].filter((part) => part !== undefined).join(' ')).join(between);
}

/** What a person should know of a template before using it, apart from its words. */
export function standingWarnings({ correctCategory, category, quality }: Template): string[] {
	const warnings: string[] = [];
	if (correctCategory !== undefined) warnings.push(`Meta intends to move this template from ${category} to ${correctCategory}, which changes consent and price.`);
	if (category === 'MARKETING') warnings.push('This is a marketing template: only people who consented to marketing may get it, and it costs more.');
	if (quality === 'RED') warnings.push('Meta rates this template red: many people blocked or reported it, and it may be paused.');
	return warnings;
}

function standingProblems({ name, language, status, rejectedReason }: Template): string[] {
	if (status === 'APPROVED') return [];
	return [`Template "${name}" (${language}) is ${status.toLowerCase()} at Meta${rejectedReason === undefined ? '' : ` (${rejectedReason})`}, so it cannot be sent.`];
}

/** What was given, and the name of each gap where something has to be given still. */
function filledIn(template: Template, values: TemplateValues): TemplateValues {
	return Object.fromEntries(
		parameterFields(template).flatMap(({ key, name, required }) => {
			const value = valueIn(values, key) ?? (required ? `[${name.replaceAll('_', ' ')}]` : undefined);
			return value === undefined ? [] : [[key, value]];
		}),
	);
}

function valueIn(values: TemplateValues, key: string): string | undefined {
	const value = Object.hasOwn(values, key) ? values[key] : undefined;
	return value === undefined || value === '' ? undefined : value;
}
