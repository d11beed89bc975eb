import { fillPlaceholders } from './placeholders';
import { type Template, buttonsOf, componentOf } from './template';
import { type ParameterField, type TemplateValues, fieldKey, parameterFields } from './templateParameters';

export interface ParameterRefusal {
	/** The field's key; for a text that is too long as a whole, the key of its longest value. */
	key: string;
	label: string;
	/** What is wrong and what the limit is, beginning with the label. */
	message: string;
}

/** Meta's limits ("Template components"), in UTF-16 units: never fewer than Meta counts, so never too lenient. */
const maxHeader = 60;
const maxBody = 1024;
const maxLink = 2000;
const maxSpaces = 4;

/** What RFC 3986 allows in path, query and fragment; everything else has to be percent-encoded by the sender. */
const linkEnd = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})+$/;

/** Everything that Meta would refuse about the values, before anything is sent. An empty list means they fit. */
export function checkParameters(template: Template, values: TemplateValues): ParameterRefusal[] {
	const fields = parameterFields(template);
	const single = fields.flatMap((field) => {
		const what = refusalOfValue(field, values);
		return what === undefined ? [] : [refusal(field, what)];
	});
	const known = new Set(fields.map(({ key }) => key));
	const extra = Object.keys(values)
		.filter((key) => !known.has(key))
		.map((key) => ({ key, label: key, message: `“${key.slice(0, 60)}” is not a field of the template ${template.name}.` }));
	// Lengths are of the whole text, so they mean something only when all its values are there.
	const lengths = single.length > 0 ? [] : lengthRefusals(template, values, fields);
	return [...single, ...extra, ...lengths];
}

function refusal(field: ParameterField, what: string): ParameterRefusal {
	return { key: field.key, label: field.label, message: `${field.label} ${what}.` };
}

function refusalOfValue(field: ParameterField, values: TemplateValues): string | undefined {
	if (!Object.hasOwn(values, field.key)) return 'has no value';
	const value: unknown = values[field.key];
	if (typeof value !== 'string') return 'is not a text';
	if (value.trim() === '') return 'is empty';
	if (field.where === 'button') return linkEnd.test(value) ? undefined : `holds a character that a link cannot carry; write it as ${encoded(value)}`;
	if (/[\r\n\u2028\u2029\v\f\u0085]/.test(value)) return 'holds a line break; a value is one line';
	if (value.includes('\t')) return 'holds a tab; use a space';
	if (/\p{Cc}|\p{Cs}/u.test(value)) return 'holds an invisible control character';
	if (/\s{5,}/.test(value)) return `holds more than ${maxSpaces} spaces in a row`;
	return undefined;
}

function encoded(value: string): string {
	return encodeURIComponent(value.replace(/\p{Cs}/gu, '')).slice(0, 80);
}

function lengthRefusals(template: Template, values: TemplateValues, fields: ParameterField[]): ParameterRefusal[] {
	const texts = [
		{ where: 'header', limit: maxHeader, name: 'header', text: componentOf(template, 'HEADER')?.text },
		{ where: 'body', limit: maxBody, name: 'text', text: componentOf(template, 'BODY')?.text },
	] as const;
	const tooLong = texts.flatMap(({ where, limit, name, text }) => {
		const filled = fillPlaceholders(text ?? '', (placeholder) => values[fieldKey(where, placeholder)] ?? '');
		const longest = longestField(fields.filter((field) => field.where === where), values);
		if (filled.length <= limit || longest === undefined) return [];
		return [refusal(longest, `makes the ${name} ${filled.length} characters long; the limit is ${limit}`)];
	});
	const links = fields.filter(({ where }) => where === 'button').flatMap((field) => {
		const url = fillPlaceholders(buttonsOf(template)[field.buttonIndex ?? 0]?.url ?? '', () => values[field.key] ?? '');
		return url.length <= maxLink ? [] : [refusal(field, `makes the link ${url.length} characters long; the limit is ${maxLink}`)];
	});
	return [...tooLong, ...links];
}

function longestField(fields: ParameterField[], values: TemplateValues): ParameterField | undefined {
	const lengthOf = (field: ParameterField) => values[field.key]?.length ?? 0;
	return fields.reduce<ParameterField | undefined>((longest, field) => (longest === undefined || lengthOf(field) > lengthOf(longest) ? field : longest), undefined);
}
