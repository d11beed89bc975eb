import type { JsonObject } from '../jsonReading';
import { type Place, checkPlace } from './location';
import { type MediaSource, checkMediaSource } from './media';
import { type Part, type Problem, checkLength, checkText, problem } from './problem';

export interface TextParameter {
	type: 'text';
	/** For templates with named parameters only. */
	parameter_name?: string;
	text: string;
}

export type MediaParameter = { type: 'image'; image: MediaSource } | { type: 'video'; video: MediaSource } | { type: 'document'; document: MediaSource & { filename?: string } };

export interface LocationParameter {
	type: 'location';
	location: Place;
}

/** A part of a template with the values that fill it, as the Cloud API takes it ("Template messages"). */
export type MessageComponent =
	| { type: 'header'; parameters: Array<TextParameter | MediaParameter | LocationParameter> }
	| { type: 'body'; parameters: TextParameter[] }
	| { type: 'button'; sub_type: 'url'; index: string; parameters: TextParameter[] }
	| { type: 'button'; sub_type: 'quick_reply'; index: string; parameters: Array<{ type: 'payload'; payload: string }> }
	| { type: 'button'; sub_type: 'copy_code'; index: string; parameters: Array<{ type: 'coupon_code'; coupon_code: string }> };

export interface TemplateContent {
	type: 'template';
	name: string;
	/** Meta's code, with an underscore: `en_GB`. */
	language: string;
	/** Made by `toComponents`; empty where the template takes no values. */
	components: MessageComponent[];
}

/**
 * Meta: "Template components" and "Template messages". The lengths of the header and the text count after substitution, so
 * they are checked where the template's words are known (parameterChecks.ts).
 */
export const templateLimits = { name: 512, headerText: 60, body: 1024, footer: 60, url: 2000, payload: 128, couponCode: 15, authenticationCode: 15, spaces: 4, buttons: 10 } as const;

/** `en`, `en_GB`, `fil`: case counts, and `en-GB` is no code of Meta's ("Supported languages"). */
const languageCode = /^[a-z]{2,3}(_[A-Z]{2,3})?$/;

export function checkTemplateContent({ name, language, components }: TemplateContent): Problem[] {
	return [
		...(/^[a-z0-9_]+$/.test(name) && name.length <= templateLimits.name ? [] : [problem({ field: 'name', name: 'The name of the template' }, `is not made of at most ${templateLimits.name} small letters, digits and underscores`)]),
		...checkLanguage(language),
		...components.flatMap((component, index) => checkComponent(component, `components[${index}]`)),
	];
}

export function checkLanguage(language: string): Problem[] {
	if (languageCode.test(language)) return [];
	const part = { field: 'language', name: 'The language of the template' };
	const meant = language.trim().replace('-', '_');
	return [problem(part, languageCode.test(meant) ? `is written with a hyphen or spaces; Meta writes it ${meant}` : 'is not a code such as en, en_GB or fil')];
}

function checkComponent(component: MessageComponent, at: string): Problem[] {
	const where = component.type === 'button' ? `button ${Number(component.index) + 1}` : component.type === 'body' ? 'the text' : 'the header';
	return component.parameters.flatMap((parameter, index) => {
		const part: Part = { field: `${at}.parameters[${index}]`, name: `Value ${index + 1} of ${where}` };
		switch (parameter.type) {
			case 'text':
				return checkParameterText(part, parameter.text);
			case 'image':
				return checkMediaSource({ ...part, name: 'The image in the header' }, parameter.image);
			case 'video':
				return checkMediaSource({ ...part, name: 'The video in the header' }, parameter.video);
			case 'document':
				return checkMediaSource({ ...part, name: 'The document in the header' }, parameter.document);
			case 'location':
				return checkPlace(parameter.location, `${part.field}.`);
			case 'payload':
				return checkText({ ...part, name: `The payload of ${where}` }, parameter.payload, templateLimits.payload);
			case 'coupon_code':
				return checkText({ ...part, name: `The code of ${where}` }, parameter.coupon_code, templateLimits.couponCode);
		}
	});
}

/** Meta refuses these marks in a value whichever template it is for (code 132018). */
export function checkParameterText(part: Part, value: unknown): Problem[] {
	const what = oddityOf(value);
	return what === undefined ? checkLength(part, value as string, templateLimits.body) : [problem(part, what)];
}

/** What Meta would refuse about a value that fills a gap in a header or a text; undefined when nothing. */
export function oddityOf(value: unknown): string | undefined {
	if (typeof value !== 'string') return 'is not a text';
	if (value.trim() === '') return 'is empty';
	if (/[\r\n\u2028\u2029\v\f\u0085]/.test(value)) return 'holds a line break; a value is one line';
	if (value.includes('\t')) return 'holds a tab; use a space';
	if (/\p{Cc}|\p{Cs}/u.test(value)) return 'holds an invisible control character';
	if (/\s{5,}/.test(value)) return `holds more than ${templateLimits.spaces} spaces in a row`;
	return undefined;
}

export function templatePayload({ name, language, components }: TemplateContent): JsonObject {
	return { type: 'template', template: { name, language: { code: language }, ...(components.length === 0 ? {} : { components }) } };
}
