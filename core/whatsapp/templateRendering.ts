import { CivicError } from '../errors';
import { fillPlaceholders } from './placeholders';
import { type Template, type TemplateButton, buttonsOf, componentOf } from './template';
import { type TemplateValues, fieldKey } from './templateParameters';

export interface RenderedButton {
	/** `other` for the kinds that are not sent from here. */
	kind: 'quick_reply' | 'url' | 'phone_number' | 'other';
	text: string;
	url?: string;
	phone?: string;
}

/** A message as the resident's phone shows it, in plain text: WhatsApp's own marks (`*bold*`) stay as they are. */
export interface RenderedTemplate {
	header?: string;
	body: string;
	footer?: string;
	buttons: RenderedButton[];
}

/** @throws CivicError `template.parameters` when a value is missing; `checkParameters` says it better and earlier */
export function renderTemplate(template: Template, values: TemplateValues): RenderedTemplate {
	const filled = (where: 'header' | 'body', text: string) => fillPlaceholders(text, (name) => valueOf(template, values, fieldKey(where, name)));
	const header = componentOf(template, 'HEADER')?.text;
	const footer = componentOf(template, 'FOOTER')?.text;
	return {
		...(header === undefined ? {} : { header: filled('header', header) }),
		body: filled('body', componentOf(template, 'BODY')?.text ?? ''),
		...(footer === undefined ? {} : { footer }),
		buttons: buttonsOf(template).map((button, index) => renderButton(button, () => valueOf(template, values, fieldKey('button', index)))),
	};
}

/** @throws CivicError `template.parameters` */
export function valueOf(template: Template, values: TemplateValues, key: string): string {
	const value = Object.hasOwn(values, key) ? values[key] : undefined;
	if (value !== undefined) return value;
	throw new CivicError('template.parameters', `The template ${template.name} needs a value for “${key}”, and there is none.`, 'Fill in every field of the template.');
}

function renderButton(button: TemplateButton, linkEnd: () => string): RenderedButton {
	const text = button.text ?? '';
	switch (button.type.toUpperCase()) {
		case 'QUICK_REPLY':
			return { kind: 'quick_reply', text };
		case 'URL':
			return { kind: 'url', text, url: fillPlaceholders(button.url ?? '', linkEnd) };
		case 'PHONE_NUMBER':
			return { kind: 'phone_number', text, phone: button.phone_number ?? '' };
		default:
			return { kind: 'other', text };
	}
}
