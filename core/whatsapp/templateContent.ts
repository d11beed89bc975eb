import { asObject } from './jsonReading';
import type { Template, TemplateButton, TemplateComponent } from './template';

export interface TemplateContent {
	name: string;
	language: string;
	category: string;
	parameter_format: string;
	components: Array<Record<string, unknown>>;
}

/**
 * The part of a template that a sign-off is about, as plain JSON for a digest: what a resident sees or can tap, and the
 * category, which decides on consent and price. Status, quality and time to live are left out, because they change
 * without the message changing; examples too, because they are never sent.
 *
 * Of header, body, footer and buttons only the known fields are taken, so a field that Meta adds to them does not void a
 * sign-off. A component or button of another kind is taken whole: what is not understood here counts as content.
 */
export function templateContent(template: Template): TemplateContent {
	return {
		name: template.name,
		language: template.language,
		category: template.category,
		parameter_format: template.parameterFormat,
		components: template.components.map(componentContent),
	};
}

function componentContent(component: TemplateComponent): Record<string, unknown> {
	const type = component.type.toUpperCase();
	switch (type) {
		case 'HEADER':
			return present({ type, format: component.format, text: component.text });
		case 'BODY':
		case 'FOOTER':
			return present({ type, text: component.text });
		case 'BUTTONS':
			return present({ type, buttons: (component.buttons ?? []).map(buttonContent) });
		case 'LIMITED_TIME_OFFER': {
			const { text, has_expiration } = component.limited_time_offer ?? {};
			return { type, limited_time_offer: present({ text, has_expiration }) };
		}
		case 'CAROUSEL':
			return { type, cards: (component.cards ?? []).map(({ components }) => ({ components: components.map(componentContent) })) };
		default:
			return asObject(withoutExamples(component)) ?? {};
	}
}

function buttonContent(button: TemplateButton): Record<string, unknown> {
	const type = button.type.toUpperCase();
	switch (type) {
		case 'QUICK_REPLY':
			return present({ type, text: button.text });
		case 'URL':
			return present({ type, text: button.text, url: button.url });
		case 'PHONE_NUMBER':
			return present({ type, text: button.text, phone_number: button.phone_number });
		default:
			return asObject(withoutExamples(button)) ?? {};
	}
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function withoutExamples(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutExamples);
	const object = asObject(value);
	if (object === undefined) return value;
	return Object.fromEntries(
		Object.entries(object)
			.filter(([name, inner]) => name !== 'example' && inner !== undefined)
			.map(([name, inner]) => [name, withoutExamples(inner)]),
	);
}
