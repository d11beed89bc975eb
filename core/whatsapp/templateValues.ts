import { CivicError } from '../errors';
import type { Place } from './messages/location';
import { type MediaSource, isMediaId } from './messages/media';
import type { Template } from './template';
import { type TemplateValues, fieldKey } from './templateParameters';

/** @throws CivicError `template.parameters` */
export function valueOf(template: Template, values: TemplateValues, key: string): string {
	const value = Object.hasOwn(values, key) ? values[key] : undefined;
	if (value !== undefined) return value;
	throw new CivicError('template.parameters', `The template ${template.name} needs a value for “${key}”, and there is none.`, 'Fill in every field of the template.');
}

/** A value that can be left out may also be given as an empty text, as forms do. */
export function isGiven(values: TemplateValues, key: string): boolean {
	return Object.hasOwn(values, key) && values[key] !== '';
}

/** A value that can be left out, under a name of its own; an object without it when it is. */
export function optionalValue<Name extends string>(name: Name, values: TemplateValues, key: string): { [K in Name]?: string } {
	return (isGiven(values, key) ? { [name]: values[key] } : {}) as { [K in Name]?: string };
}

/** A row of digits is the id of an upload; anything else an address on the web. */
export function mediaSource(value: string): MediaSource {
	return isMediaId(value) ? { id: value } : { link: value };
}

/** The place in a header. @throws CivicError `template.parameters` */
export function placeOf(template: Template, values: TemplateValues): Place {
	return {
		latitude: Number(valueOf(template, values, fieldKey('header', 'latitude'))),
		longitude: Number(valueOf(template, values, fieldKey('header', 'longitude'))),
		...optionalValue('name', values, fieldKey('header', 'place_name')),
		...optionalValue('address', values, fieldKey('header', 'place_address')),
	};
}
