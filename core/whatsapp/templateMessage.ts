import type { MessageComponent, TextParameter } from './messages/template';
import type { Recipient } from './recipient';
import type { Template } from './template';
import { type TemplateValues, parameterFields } from './templateParameters';
import { valueOf } from './templateRendering';

export type { MessageComponent } from './messages/template';

export interface TemplateMessage {
	to: Recipient;
	template: { name: string; language: string; components: MessageComponent[] };
}

/** @throws CivicError `template.parameters` when a value is missing */
export function templateMessage(to: Recipient, template: Template, values: TemplateValues): TemplateMessage {
	return { to, template: { name: template.name, language: template.language, components: toComponents(template, values) } };
}

/** The parts of a template that take values; a template without any gives an empty list. */
export function toComponents(template: Template, values: TemplateValues): MessageComponent[] {
	const fields = parameterFields(template);
	const named = template.parameterFormat === 'NAMED';
	const texts = (['header', 'body'] as const).flatMap((type): MessageComponent[] => {
		const parameters = fields
			.filter(({ where }) => where === type)
			.map((field): TextParameter => ({ type: 'text', ...(named ? { parameter_name: field.name } : {}), text: valueOf(template, values, field.key) }));
		return parameters.length === 0 ? [] : [{ type, parameters }];
	});
	const links = fields
		.filter(({ where }) => where === 'button')
		.map((field): MessageComponent => ({
			type: 'button',
			sub_type: 'url',
			index: String(field.buttonIndex),
			parameters: [{ type: 'text', text: valueOf(template, values, field.key) }],
		}));
	return [...texts, ...links];
}
