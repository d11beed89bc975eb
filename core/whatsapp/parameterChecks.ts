import { locationLimits } from './messages/location';
import { checkFilename, isMediaId } from './messages/media';
import { checkWebAddress, lengthOf } from './messages/problem';
import { oddityOf, templateLimits } from './messages/template';
import { fillPlaceholders } from './placeholders';
import { typed } from './redaction';
import { type Template, buttonsOf, componentOf } from './template';
import { type ParameterField, type TemplateValues, fieldKey, parameterFields } from './templateParameters';
import { isCodeTemplate } from './templateScope';
import { isGiven } from './templateValues';

export interface ParameterRefusal {
	/** The field's key; for a text that is too long as a whole, the key of its longest value. */
	key: string;
	label: string;
	/** What is wrong and what the limit is, beginning with the label. */
	message: string;
}

/** What RFC 3986 allows in path, query and fragment; everything else has to be percent-encoded by the sender. */
const linkEnd = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})+$/;

/** Everything that Meta would refuse about the values, before anything is sent. An empty list means they fit. */
export function checkParameters(template: Template, values: TemplateValues): ParameterRefusal[] {
	const fields = parameterFields(template);
	const single = fields.flatMap((field) => {
		const what = refusalOfValue(template, field, values);
		return what === undefined ? [] : [refusal(field, what)];
	});
	const known = new Set(fields.map(({ key }) => key));
	const extra = Object.keys(values)
		.filter((key) => !known.has(key))
		.map((key) => ({ key, label: key, message: `“${typed(key)}” is not a field of the template ${template.name}.` }));
	// Lengths are of the whole text, so they mean something only when all its values are there.
	const lengths = single.length > 0 ? [] : [...lengthRefusals(template, values, fields), ...linkRefusals(template, values, fields)];
	return [...single, ...extra, ...lengths];
}

function refusal(field: ParameterField, what: string): ParameterRefusal {
	return { key: field.key, label: field.label, message: `'${field.label}' ${what}.` };
}

function refusalOfValue(template: Template, field: ParameterField, values: TemplateValues): string | undefined {
	if (!field.required && !isGiven(values, field.key)) return refusalOfAbsence(field, values);
	if (!Object.hasOwn(values, field.key)) return 'has no value';
	const value: unknown = values[field.key];
	if (typeof value !== 'string') return 'is not a text';
	if (value.trim() === '') return 'is empty';
	switch (field.kind) {
		case 'linkEnd':
			return linkEnd.test(value) ? undefined : `holds a character that a link cannot carry; write it as ${encoded(value)}`;
		case 'media':
			return isMediaId(value) || checkWebAddress({ field: field.key, name: field.label }, value).length === 0 ? undefined : 'is neither the ID of an upload nor a whole web address';
		case 'filename':
			return checkFilename(value).length === 0 ? undefined : 'holds a slash or a character that no file name has';
		case 'latitude':
		case 'longitude':
			return degreesRefusal(value, locationLimits[field.kind]);
		case 'code':
			return oddityOf(value) ?? tooLong(value, isCodeTemplate(template) ? templateLimits.authenticationCode : templateLimits.couponCode);
		case 'payload':
			return oddityOf(value) ?? tooLong(value, templateLimits.payload);
		case 'placeName':
		case 'placeAddress':
			return oddityOf(value) ?? tooLong(value, locationLimits.name);
		case 'text':
			return oddityOf(value);
	}
}

function refusalOfAbsence({ kind }: ParameterField, values: TemplateValues): string | undefined {
	const alone = kind === 'placeName' && isGiven(values, fieldKey('header', 'place_address'));
	return alone ? 'is empty, and an address is shown only together with a name' : undefined;
}

function tooLong(value: string, limit: number): string | undefined {
	return lengthOf(value) <= limit ? undefined : `has ${lengthOf(value)} characters; the limit is ${limit}`;
}

/** Forms give numbers as text; a comma or a degree sign would be read as something else. */
function degreesRefusal(value: string, limit: number): string | undefined {
	const degrees = /^[+-]?\d{1,3}(\.\d{1,15})?$/.test(value) ? Number(value) : Number.NaN;
	return Math.abs(degrees) <= limit ? undefined : `is not a number between -${limit} and ${limit}, such as 53.2837`;
}

function encoded(value: string): string {
	return encodeURIComponent(value.replace(/\p{Cs}/gu, '')).slice(0, 80);
}

function lengthRefusals(template: Template, values: TemplateValues, fields: ParameterField[]): ParameterRefusal[] {
	const texts = [
		{ where: 'header', limit: templateLimits.headerText, name: 'header', text: componentOf(template, 'HEADER')?.text },
		{ where: 'body', limit: templateLimits.body, name: 'text', text: componentOf(template, 'BODY')?.text },
	] as const;
	return texts.flatMap(({ where, limit, name, text }) => {
		const filled = fillPlaceholders(text ?? '', (placeholder) => values[fieldKey(where, placeholder)] ?? '');
		const longest = longestField(fields.filter((field) => field.where === where), values);
		if (lengthOf(filled) <= limit || longest === undefined) return [];
		return [refusal(longest, `makes the ${name} ${lengthOf(filled)} characters long; the limit is ${limit}`)];
	});
}

function linkRefusals(template: Template, values: TemplateValues, fields: ParameterField[]): ParameterRefusal[] {
	return fields.filter(({ kind }) => kind === 'linkEnd').flatMap((field) => {
		const url = fillPlaceholders(buttonsOf(template)[field.buttonIndex ?? 0]?.url ?? '', () => values[field.key] ?? '');
		return url.length <= templateLimits.url ? [] : [refusal(field, `makes the link ${url.length} characters long; the limit is ${templateLimits.url}`)];
	});
}

function longestField(fields: ParameterField[], values: TemplateValues): ParameterField | undefined {
	const size = (field: ParameterField) => lengthOf(values[field.key] ?? '');
	return fields.reduce<ParameterField | undefined>((longest, field) => (longest === undefined || size(field) > size(longest) ? field : longest), undefined);
}
