import { placeholdersIn } from './placeholders';
import { type Template, type TemplateButton, type TemplateComponent, buttonsOf, componentOf } from './template';
import { cardKey, cardsOf } from './templateCards';
import { offerEndKey, offerOf } from './templateOffer';
import { headerFormatOf, headerMediaKind, isCodeTemplate } from './templateScope';

export { unsupportedParts } from './templateScope';

/** Values by `ParameterField.key`. */
export type TemplateValues = Readonly<Record<string, string>>;

/**
 * - `text`: fills a gap in the words. `linkEnd`: the end of a link, percent-encoded.
 * - `media`: the id of an upload, or a web address. `filename`: what the phone shows for a document.
 * - `latitude`, `longitude`: degrees with a decimal point. `placeName`, `placeAddress`: words for the map.
 * - `code`: a one-time code, or a code to copy. `payload`: comes back when a quick reply is tapped; nobody sees it.
 * - `moment`: when an offer ends, ISO 8601 with an offset. `flowToken`: comes back with the answers to a form; nobody sees
 *   it. `flowData`: what the form begins with, a JSON object.
 */
export type FieldKind = 'text' | 'linkEnd' | 'media' | 'filename' | 'latitude' | 'longitude' | 'placeName' | 'placeAddress' | 'code' | 'payload' | 'moment' | 'flowToken' | 'flowData';

export interface ParameterField {
	/** `header_city`, `body_route`, `body_1`, `header_image`, `button_0` or `card_1_body_price`: no dots, so that it can name a field in a form. */
	key: string;
	where: 'header' | 'offer' | 'body' | 'button';
	kind: FieldKind;
	/** What stands in the template: `route`, `1`. */
	name: string;
	/** For people: “Route”, “Image: ID or link”. */
	label: string;
	/** The value given when the template was submitted; empty when there is none. */
	example: string;
	/** False only for what Meta fills in or leaves out by itself. */
	required: boolean;
	/** Position of the button among all buttons of its message or card, for `where: 'button'`. */
	buttonIndex?: number;
	/** Position of the card that the field belongs to; absent for the message itself. */
	cardIndex?: number;
}

/** The values that can be given for each message, in the order in which a phone shows them. */
export function parameterFields(template: Template): ParameterField[] {
	if (isCodeTemplate(template)) return [codeField(template)];
	return [...partFields(template), ...cardsOf(template).flatMap((card, index) => partFields(card).map((field) => onCard(field, index)))];
}

/** The values of a message without its cards, or of one card. */
export function partFields(template: Template): ParameterField[] {
	return [...headerFields(template), ...offerFields(template), ...textFields(template, 'body', componentOf(template, 'BODY')), ...buttonsOf(template).flatMap(buttonField)];
}

/** “Card 2: image …”, “Card 2: route”, “Card 2: button “See map”: …” */
function onCard(field: ParameterField, cardIndex: number): ParameterField {
	const words = field.label.replace(/^(Header|Text): /, '').replace(/^Button/, 'button');
	return { ...field, key: cardKey(cardIndex, field.key), label: `Card ${cardIndex + 1}: ${words}`, cardIndex };
}

function offerFields(template: Template): ParameterField[] {
	if (offerOf(template)?.expires !== true) return [];
	return [{ key: offerEndKey, where: 'offer', kind: 'moment', name: 'offer_ends', label: 'Offer ends: date and time', example: '2026-12-24T18:00', required: true }];
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
		case 'FLOW':
			return [
				...field('flowToken', 'token', 'hidden mark that comes back with the answers (optional)', '', false),
				...field('flowData', 'data', 'what the form begins with, as JSON (optional)', '', false).map((one) => ({ ...one, key: flowDataKey(buttonIndex) })),
			];
		default:
			return [];
	}
}

export function flowDataKey(buttonIndex: number): string {
	return `${fieldKey('button', buttonIndex)}_data`;
}

/** Meta takes the whole address as the example of a link; what is filled in is its end. */
function linkExample(url: string, example: string): string {
	const stem = url.slice(0, url.indexOf('{{'));
	return example.startsWith(stem) ? example.slice(stem.length) : example;
}
