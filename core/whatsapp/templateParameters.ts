import { placeholdersIn } from './placeholders';
import { type Template, type TemplateButton, type TemplateComponent, buttonsOf, componentOf } from './template';
import { headerFormatOf, headerMediaKind, isCodeTemplate } from './templateScope';

export { unsupportedParts } from './templateScope';

/** Values by `ParameterField.key`. */
export type TemplateValues = Readonly<Record<string, string>>;

/**
 * - `text`: fills a gap in the words. `linkEnd`: the end of a link, percent-encoded.
 * - `media`: the id of an upload, or a web address. `filename`: what the phone shows for a document.
 * - `latitude`, `longitude`: degrees with a decimal point. `placeName`, `placeAddress`: words for the map.
 * - `code`: a one-time code, or a code to copy. `payload`: comes back when a quick reply is tapped; nobody sees it.
 */
export type FieldKind = 'text' | 'linkEnd' | 'media' | 'filename' | 'latitude' | 'longitude' | 'placeName' | 'placeAddress' | 'code' | 'payload';

export interface ParameterField {
	/** `header_city`, `body_route`, `body_1`, `header_image` or `button_0`: no dots, so that it can name a field in a form. */
	key: string;
	where: 'header' | 'body' | 'button';
	kind: FieldKind;
	/** What stands in the template: `route`, `1`. */
	name: string;
	/** For people: “Route”, “Image: ID or link”. */
	label: string;
	/** The value given when the template was submitted; empty when there is none. */
	example: string;
	/** False only for what Meta fills in or leaves out by itself. */
	required: boolean;
	/** Position of the button among all buttons, for `where: 'button'`. */
	buttonIndex?: number;
}

/** The values that can be given for each message, in the order in which a phone shows them. */
export function parameterFields(template: Template): ParameterField[] {
	if (isCodeTemplate(template)) return [codeField(template)];
	return [...headerFields(template), ...textFields(template, 'body', componentOf(template, 'BODY')), ...buttonsOf(template).flatMap(buttonField)];
}

export function fieldKey(where: ParameterField['where'], name: string | number): string {
	return `${where}_${name}`;
}

/** Meta: "Authentication templates". One code goes into the text and into the button. */
function codeField(template: Template): ParameterField {
	const body = componentOf(template, 'BODY');
	const name = placeholdersIn(body?.text ?? '')[0] ?? '1';
	return { key: fieldKey('body', name), where: 'body', kind: 'code', name, label: 'Code', example: exampleOf(body, 'body', name), required: true };
}

function headerFields(template: Template): ParameterField[] {
	const header = componentOf(template, 'HEADER');
	if (header === undefined) return [];
	const one = (kind: FieldKind, name: string, label: string, required: boolean): ParameterField => ({ key: fieldKey('header', name), where: 'header', kind, name, label, example: '', required });
	const media = headerMediaKind(template);
	if (media !== undefined) {
		return [one('media', media, `${capitalised(media)}: ID or link`, true), ...(media === 'document' ? [one('filename', 'filename', 'Document: file name', false)] : [])];
	}
	if (headerFormatOf(header) === 'LOCATION') {
		return [
			one('latitude', 'latitude', 'Place: latitude', true),
			one('longitude', 'longitude', 'Place: longitude', true),
			one('placeName', 'place_name', 'Place: name', false),
			one('placeAddress', 'place_address', 'Place: address', false),
		];
	}
	return textFields(template, 'header', header);
}

function textFields(template: Template, where: 'header' | 'body', component: TemplateComponent | undefined): ParameterField[] {
	const names = placeholdersIn(component?.text ?? '');
	const positional = template.parameterFormat === 'POSITIONAL';
	// Positional values are sent in the order of their numbers, whatever their order in the sentence.
	const ordered = positional ? names.sort((one, other) => Number(one) - Number(other)) : names;
	const said = (name: string) => (positional ? `value ${name}` : name.replaceAll('_', ' '));
	return ordered.map((name) => ({
		key: fieldKey(where, name),
		where,
		kind: 'text',
		name,
		label: where === 'header' ? `Header: ${said(name)}` : capitalised(said(name)),
		example: exampleOf(component, where, name),
		required: true,
	}));
}

function capitalised(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

function exampleOf(component: TemplateComponent | undefined, where: 'header' | 'body', name: string): string {
	const examples = component?.example;
	const named = where === 'header' ? examples?.header_text_named_params : examples?.body_text_named_params;
	const inOrder = where === 'header' ? examples?.header_text : examples?.body_text?.[0];
	return named?.find((entry) => entry.param_name === name)?.example ?? inOrder?.[Number(name) - 1] ?? '';
}

/** Phone buttons dial what the template says, and so take no value. */
function buttonField(button: TemplateButton, buttonIndex: number): ParameterField[] {
	const field = (kind: FieldKind, name: string, words: string, example: string, required: boolean): ParameterField[] => [
		{ key: fieldKey('button', buttonIndex), where: 'button', kind, name, label: `Button “${button.text ?? ''}”: ${words}`, example, required, buttonIndex },
	];
	switch (button.type.toUpperCase()) {
		case 'URL': {
			const name = placeholdersIn(button.url ?? '')[0];
			return name === undefined ? [] : field('linkEnd', name, 'end of the link', linkExample(button.url ?? '', button.example?.[0] ?? ''), true);
		}
		case 'COPY_CODE':
			return field('code', 'code', 'code to copy', button.example?.[0] ?? '', true);
		case 'QUICK_REPLY':
			return field('payload', 'payload', 'hidden answer (optional)', '', false);
		default:
			return [];
	}
}

/** Meta takes the whole address as the example of a link; what is filled in is its end. */
function linkExample(url: string, example: string): string {
	const stem = url.slice(0, url.indexOf('{{'));
	return example.startsWith(stem) ? example.slice(stem.length) : example;
}
