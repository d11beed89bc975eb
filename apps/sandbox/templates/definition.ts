import { GraphError, invalidParameter } from '../cloudApi/graphError';
import { objectAt, onlyKeys, optionalTextAt, textAt } from '../cloudApi/objectShape';
import { isObject, type JsonObject } from '../http/json';
import { readButtons } from './buttonDefinition';
import { partsOf, variablesOf, type BodyComponent, type FooterComponent, type HeaderComponent, type NamedExample, type ParameterFormat, type TemplateCategory, type TemplateComponent, type TemplateDefinition } from './template';

const definitionKeys = new Set(['name', 'language', 'category', 'parameter_format', 'components', 'message_send_ttl_seconds', 'allow_category_change']);
const categories: readonly string[] = ['UTILITY', 'MARKETING', 'AUTHENTICATION'] satisfies TemplateCategory[];
const headerFormats: readonly string[] = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'] satisfies Array<HeaderComponent['format']>;

/** Seconds a message of the category may wait for its phone; -1 stands for 30 days (Meta, "Time-to-live"). */
const ttlRange: Record<TemplateCategory, readonly [number, number]> = {
	AUTHENTICATION: [30, 900],
	UTILITY: [30, 43_200],
	MARKETING: [43_200, 2_592_000],
};

/** A creation that Graph refuses with code 100 and a subcode (Meta, "Error codes": 2388…). */
export function refusedDefinition(subcode: number, message: string): GraphError {
	return new GraphError(100, undefined, { subcode, message: 'Invalid parameter', userTitle: 'Template not created', userMessage: message });
}

/** Reads the body of a template creation by Meta's limits ("Templates: components"). */
export function readDefinition(body: unknown): TemplateDefinition {
	if (!isObject(body)) throw invalidParameter('The body must be a JSON object');
	onlyKeys(body, definitionKeys, 'message_template');
	const name = textAt(body, 'name', 'name');
	if (!/^[a-z0-9_]{1,512}$/.test(name)) throw invalidParameter('Param name can have lower-case letters, digits and underscores only, at most 512');
	const language = textAt(body, 'language', 'language');
	if (!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language) || language === 'cy') throw invalidParameter(`Param language: ${language} is not a supported language code`);
	const category = readCategory(body);
	const format = readFormat(body);
	const ttl = readTtl(body.message_send_ttl_seconds, category);
	return { name, language, category, parameter_format: format, components: readComponents(body.components, format), ...(ttl !== undefined && { message_send_ttl_seconds: ttl }) };
}

/** @throws GraphError 100 or 131008 */
export function readCategory(body: JsonObject): TemplateCategory {
	const category = textAt(body, 'category', 'category');
	if (!isCategory(category)) throw invalidParameter(`Param category must be one of {${categories.join(', ')}} - got "${category}"`);
	return category;
}

/** By position where nothing is said. @throws GraphError 100 */
export function readFormat(body: JsonObject): ParameterFormat {
	const format = (optionalTextAt(body, 'parameter_format', 'parameter_format') ?? 'POSITIONAL').toUpperCase();
	if (!isFormat(format)) throw invalidParameter('Param parameter_format must be one of {NAMED, POSITIONAL}');
	return format;
}

export function readComponents(value: unknown, format: ParameterFormat): TemplateComponent[] {
	if (!Array.isArray(value) || !value.every(isObject)) throw invalidParameter('Param components must be an array of objects');
	const components = value.map((component) => readComponent(component, format));
	const kinds = components.map(({ type }) => type);
	if (!kinds.includes('BODY')) throw refusedDefinition(2388043, 'A template needs a body.');
	if (new Set(kinds).size < kinds.length) throw refusedDefinition(2388043, 'A template has at most one header, body, footer and set of buttons.');
	return components;
}

function readComponent(component: JsonObject, format: ParameterFormat): TemplateComponent {
	const type = textAt(component, 'type', 'components.type').toUpperCase();
	if (type === 'HEADER') return readHeader(component, format);
	if (type === 'BODY') return readBody(component, format);
	if (type === 'FOOTER') return readFooter(component);
	if (type === 'BUTTONS') {
		onlyKeys(component, new Set(['type', 'buttons']), 'components');
		return { type: 'BUTTONS', buttons: readButtons(component.buttons) };
	}
	throw invalidParameter(`Param components.type must be one of {HEADER, BODY, FOOTER, BUTTONS} - got "${type}"`);
}

function readHeader(component: JsonObject, format: ParameterFormat): HeaderComponent {
	onlyKeys(component, new Set(['type', 'format', 'text', 'example']), 'components');
	const kind = textAt(component, 'format', 'components.format').toUpperCase();
	if (!isHeaderFormat(kind)) throw invalidParameter(`Param components.format must be one of {${headerFormats.join(', ')}}`);
	if (kind !== 'TEXT') return { type: 'HEADER', format: kind };
	const text = textAt(component, 'text', 'components.text');
	if (text.length > 60) throw refusedDefinition(2388040, 'The header has more than 60 characters.');
	const variables = checkVariables(text, format);
	if (variables.length > 1) throw refusedDefinition(2388047, 'The header has more than one variable.');
	const example = readExample(component, variables, format, 'header_text_named_params', 'header_text');
	return { type: 'HEADER', format: 'TEXT', text, ...(example && { example }) };
}

function readBody(component: JsonObject, format: ParameterFormat): BodyComponent {
	onlyKeys(component, new Set(['type', 'text', 'example', 'add_security_recommendation']), 'components');
	const text = textAt(component, 'text', 'components.text');
	if (text.length > 1024) throw refusedDefinition(2388040, 'The body has more than 1024 characters.');
	const variables = checkVariables(text, format);
	const trimmed = partsOf(text.trim());
	if (typeof trimmed[0] === 'object' || typeof trimmed.at(-1) === 'object') {
		throw refusedDefinition(2388299, 'Variables can’t be at the start or end of the body.');
	}
	const example = readExample(component, variables, format, 'body_text_named_params', 'body_text');
	return { type: 'BODY', text, ...(example && { example }) };
}

function readFooter(component: JsonObject): FooterComponent {
	onlyKeys(component, new Set(['type', 'text']), 'components');
	const text = textAt(component, 'text', 'components.text');
	if (text.length > 60) throw refusedDefinition(2388040, 'The footer has more than 60 characters.');
	if (partsOf(text).some((part) => typeof part === 'object')) throw refusedDefinition(2388073, 'The footer can’t have variables.');
	return { type: 'FOOTER', text };
}

/** Names as the format wants them, none directly after another, not more than the text can carry. */
function checkVariables(text: string, format: ParameterFormat): string[] {
	const parts = partsOf(text);
	const variables = variablesOf(parts);
	const wellNamed = format === 'NAMED' ? variables.every((name) => /^[a-z_][a-z0-9_]*$/.test(name)) : variables.every((name, index) => name === String(index + 1));
	if (!wellNamed) throw refusedDefinition(2388072, `The variables do not follow the format ${format}.`);
	const adjacent = parts.some((part, index) => typeof part === 'object' && typeof parts[index + 1] === 'object');
	if (adjacent) throw refusedDefinition(2388072, 'Two variables stand directly next to each other.');
	const words = parts.filter((part) => typeof part === 'string').join(' ').trim().split(/\s+/).length;
	if (words < variables.length * 2 + 1 && variables.length > 1) throw refusedDefinition(2388293, 'There are too many variables for the length of the text.');
	return variables;
}

type Example<Named extends string, Positional extends string> = { [key in Named]?: NamedExample[] } & { [key in Positional]?: never };

function readExample<Named extends string, Positional extends string>(
	component: JsonObject,
	variables: readonly string[],
	format: ParameterFormat,
	named: Named,
	positional: Positional,
): Example<Named, Positional> | undefined {
	if (variables.length === 0) return undefined;
	if (component.example === undefined) throw refusedDefinition(2388043, 'Every variable needs an example.');
	const example = objectAt(component, 'example', 'components.example');
	onlyKeys(example, new Set([named, positional]), 'components.example');
	const given = example[format === 'NAMED' ? named : positional];
	const fits = Array.isArray(given) && (format === 'NAMED' ? haveNames(given, variables) : areTexts(given.flat(), variables.length));
	if (!fits) throw refusedDefinition(2388043, 'Every variable needs an example, which is a text.');
	return example as Example<Named, Positional>;
}

function areTexts(examples: unknown[], count: number): boolean {
	return examples.length === count && examples.every((example) => typeof example === 'string' && example !== '');
}

function haveNames(examples: unknown[], variables: readonly string[]): boolean {
	const names = new Set(examples.map((one) => (isObject(one) && typeof one.example === 'string' && one.example !== '' ? one.param_name : undefined)));
	return !names.has(undefined) && variables.every((name) => names.has(name));
}

/** Seconds as a number, or as the text of one: a form knows nothing else. @throws GraphError 100 */
export function readTtl(value: unknown, category: TemplateCategory): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const [least, most] = ttlRange[category];
	const seconds = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
	if (typeof seconds !== 'number' || !Number.isInteger(seconds) || (seconds !== -1 && (seconds < least || seconds > most))) {
		throw invalidParameter(`Param message_send_ttl_seconds must be between ${least} and ${most} for ${category}`);
	}
	return seconds;
}

function isCategory(text: string): text is TemplateCategory {
	return categories.includes(text);
}

function isFormat(text: string): text is ParameterFormat {
	return text === 'NAMED' || text === 'POSITIONAL';
}

function isHeaderFormat(text: string): text is HeaderComponent['format'] {
	return headerFormats.includes(text);
}
