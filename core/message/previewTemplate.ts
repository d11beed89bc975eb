import { checkParameters } from '../whatsapp/parameterChecks';
import type { Template } from '../whatsapp/template';
import { type TemplateValues, parameterFields, unsupportedParts } from '../whatsapp/templateParameters';
import { renderTemplate } from '../whatsapp/templateRendering';
import { isCodeTemplate } from '../whatsapp/templateScope';
import type { RenderedMessage } from './draftSummary';
import { headerInWords } from './headerInWords';

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

/** The message as an approver would see it, with what Draft would say about it. Nothing is stored. */
export function previewTemplate(template: Template, values: TemplateValues): TemplatePreview {
	const codes = isCodeTemplate(template) ? ['It is for one-time codes, and everybody would get the same one.'] : [];
	const problems = [...standingProblems(template), ...unsupportedParts(template), ...codes, ...checkParameters(template, values).map(({ message }) => message)];
	const { footer = null, body, buttons, ...top } = renderTemplate(template, filledIn(template, values));
	const placed = top.headerPlace === undefined || Number.isFinite(top.headerPlace.latitude + top.headerPlace.longitude);
	const message = { header: placed ? headerInWords({ ...top, body, buttons }) : '[Map]', body, footer, buttons };
	return { ok: problems.length === 0, problems, warnings: standingWarnings(template), message, text: messageText(message) };
}

/** Header, body, footer and buttons as lines; a button stands in square brackets. */
export function messageText({ header, body, footer, buttons }: RenderedMessage): string {
	const labels = buttons.map(({ text, url, phone }) => `[${text}]${url === undefined ? '' : ` ${url}`}${phone === undefined ? '' : ` ${phone}`}`);
	return [header, body, footer, labels.join('\n')].filter((part) => part !== null && part !== '').join('\n\n');
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
