import { placeholdersIn } from './placeholders';
import { type Template, type TemplateComponent, buttonsOf, componentOf } from './template';

/** Values by `ParameterField.key`. */
export type TemplateValues = Readonly<Record<string, string>>;

export interface ParameterField {
	/** `header_city`, `body_route`, `body_1` or `button_0`: no dots, so that it can name a field in a form. */
	key: string;
	where: 'header' | 'body' | 'button';
	/** What stands in the template: `route`, `1`. */
	name: string;
	/** For people: “Text: route”. */
	label: string;
	/** The value given when the template was submitted; empty when there is none. */
	example: string;
	/** Meta knows no optional parameters. */
	required: true;
	/** Position of the button among all buttons, for `where: 'button'`. */
	buttonIndex?: number;
}

/** The values that have to be given for each message: in the text header, in the body, and at the end of link buttons. */
export function parameterFields(template: Template): ParameterField[] {
	const header = componentOf(template, 'HEADER');
	const body = componentOf(template, 'BODY');
	return [
		...(header === undefined || isTextHeader(header) ? textFields(template, 'header', header) : []),
		...textFields(template, 'body', body),
		...linkFields(template),
	];
}

export function fieldKey(where: ParameterField['where'], name: string | number): string {
	return `${where}_${name}`;
}

/**
 * Why this template cannot be sent from here, one sentence a reason; empty when it can. Covered are text headers, body,
 * footer, quick replies, links and phone buttons.
 */
export function unsupportedParts(template: Template): string[] {
	const reasons: string[] = [];
	if (template.category === 'AUTHENTICATION') reasons.push('It is for one-time codes, which are not sent from here.');
	for (const component of template.components) {
		const type = component.type.toUpperCase();
		if (type === 'HEADER' && !isTextHeader(component)) reasons.push(`Its header is of the kind ${component.format ?? 'unknown'}; only text can be filled in here.`);
		else if (!['HEADER', 'BODY', 'FOOTER', 'BUTTONS'].includes(type)) reasons.push(`It has a part of the kind ${type}, which cannot be filled in here.`);
	}
	for (const button of buttonsOf(template)) {
		const known = ['QUICK_REPLY', 'URL', 'PHONE_NUMBER'].includes(button.type.toUpperCase());
		if (!known) reasons.push(`Its button “${button.text ?? ''}” is of the kind ${button.type}, which cannot be sent from here.`);
		else if (button.url !== undefined && !hasFixedHost(button.url)) reasons.push(`Its button “${button.text ?? ''}” leaves the website open, so it could lead anywhere.`);
	}
	if (componentOf(template, 'BODY')?.text === undefined) reasons.push('It has no text.');
	return reasons;
}

function isTextHeader(header: TemplateComponent): boolean {
	return (header.format ?? 'TEXT').toUpperCase() === 'TEXT';
}

function textFields(template: Template, where: 'header' | 'body', component: TemplateComponent | undefined): ParameterField[] {
	const names = placeholdersIn(component?.text ?? '');
	const positional = template.parameterFormat === 'POSITIONAL';
	// Positional values are sent in the order of their numbers, whatever their order in the sentence.
	const ordered = positional ? names.sort((one, other) => Number(one) - Number(other)) : names;
	const part = where === 'header' ? 'Header' : 'Text';
	return ordered.map((name) => ({
		key: fieldKey(where, name),
		where,
		name,
		label: positional ? `${part}: value ${name}` : `${part}: ${name.replaceAll('_', ' ')}`,
		example: exampleOf(component, where, name),
		required: true,
	}));
}

function exampleOf(component: TemplateComponent | undefined, where: 'header' | 'body', name: string): string {
	const examples = component?.example;
	const named = where === 'header' ? examples?.header_text_named_params : examples?.body_text_named_params;
	const inOrder = where === 'header' ? examples?.header_text : examples?.body_text?.[0];
	return named?.find((entry) => entry.param_name === name)?.example ?? inOrder?.[Number(name) - 1] ?? '';
}

function linkFields(template: Template): ParameterField[] {
	return buttonsOf(template).flatMap((button, buttonIndex) => {
		const name = button.type.toUpperCase() === 'URL' ? placeholdersIn(button.url ?? '')[0] : undefined;
		if (name === undefined) return [];
		const field: ParameterField = {
			key: fieldKey('button', buttonIndex),
			where: 'button',
			name,
			label: `Button “${button.text ?? ''}”: end of the link`,
			example: linkExample(button.url ?? '', button.example?.[0] ?? ''),
			required: true,
			buttonIndex,
		};
		return [field];
	});
}

/** Meta takes the whole address as the example of a link; what is filled in is its end. */
function linkExample(url: string, example: string): string {
	const stem = url.slice(0, url.indexOf('{{'));
	return example.startsWith(stem) ? example.slice(stem.length) : example;
}

/** Whether host and port are complete before the first placeholder, so that no value can move them. */
function hasFixedHost(url: string): boolean {
	return placeholdersIn(url).length === 0 || /^https?:\/\/[^/?#{@\\]+[/?#]/i.test(url.slice(0, url.indexOf('{{')));
}
