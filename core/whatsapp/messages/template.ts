import { z } from 'zod';

import type { JsonObject } from '../jsonReading';
import { carouselLimits } from '../templateCards';
import { flowLimits } from '../templateFlow';
import { checkPlace } from './location';
import { checkFilename, checkMediaSource } from './media';
import { type Part, type Problem, checkLength, checkText, problem } from './problem';
import { type CardComponent, type MessageComponent, type WordsParameter, buttonParameters, componentsShape } from './templateComponents';

export type { LocationParameter, MediaParameter, MessageCard, MessageComponent, TextParameter, WordsParameter } from './templateComponents';

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

/** What the checks above rely on. */
export const templateShape = z.object({ type: z.literal('template'), name: z.string(), language: z.string(), components: componentsShape }).strict();

export function checkLanguage(language: string): Problem[] {
	if (languageCode.test(language)) return [];
	const part = { field: 'language', name: 'The language of the template' };
	const meant = language.trim().replace('-', '_');
	return [problem(part, languageCode.test(meant) ? `is written with a hyphen or spaces; Meta writes it ${meant}` : 'is not a code such as en, en_GB or fil')];
}

type Parameter = MessageComponent extends infer Component ? (Component extends { parameters: Array<infer One> } ? One : never) : never;

function checkComponent(component: MessageComponent, at: string, on = ''): Problem[] {
	if (component.type === 'carousel') return checkCards(component.cards, at);
	const where = component.type === 'button' ? `button ${Number(component.index) + 1}` : component.type === 'body' ? 'the text' : component.type === 'header' ? 'the header' : 'the offer';
	const place = `${where}${on}`;
	const parameters: readonly Parameter[] = component.parameters;
	return [
		...(component.type === 'button' ? checkButtonParameter(component, at, place) : []),
		...parameters.flatMap((parameter, index) => checkParameter(parameter, { field: `${at}.parameters[${index}]`, name: `Value ${index + 1} of ${place}` }, place)),
	];
}

function checkParameter(parameter: Parameter, part: Part, place: string): Problem[] {
	switch (parameter.type) {
		case 'text':
		case 'currency':
		case 'date_time':
			return checkWords(parameter, part);
		case 'image':
			return checkMediaSource({ ...part, name: `The image in ${place}` }, parameter.image);
		case 'video':
			return checkMediaSource({ ...part, name: `The video in ${place}` }, parameter.video);
		case 'document':
			return [...checkMediaSource({ ...part, name: `The document in ${place}` }, parameter.document), ...checkFilename(parameter.document.filename)];
		case 'location':
			return checkPlace(parameter.location, `${part.field}.`);
		case 'payload':
			return checkText({ ...part, name: `The payload of ${place}` }, parameter.payload, templateLimits.payload);
		case 'coupon_code':
			return checkText({ ...part, name: `The code of ${place}` }, parameter.coupon_code, templateLimits.couponCode);
		case 'action':
			return checkAction(parameter.action, part, place);
		case 'limited_time_offer': {
			const at = parameter.limited_time_offer.expiration_time_ms;
			return Number.isSafeInteger(at) && at > 0 ? [] : [problem({ ...part, name: 'The end of the offer' }, 'is not a whole number of milliseconds since 1970')];
		}
	}
}

function checkWords(parameter: WordsParameter, part: Part): Problem[] {
	if (parameter.type === 'text') return checkParameterText(part, parameter.text);
	if (parameter.type === 'date_time') return checkParameterText(part, parameter.date_time.fallback_value);
	const { fallback_value, code, amount_1000 } = parameter.currency;
	return [
		...checkParameterText(part, fallback_value),
		...(/^[A-Z]{3}$/.test(code) ? [] : [problem(part, 'has no currency code of three capitals, such as GBP')]),
		...(Number.isSafeInteger(amount_1000) ? [] : [problem(part, 'has an amount that is not a whole number of thousandths')]),
	];
}

function checkAction({ flow_token: token, flow_action_data: data }: { flow_token?: unknown; flow_action_data?: unknown }, part: Part, place: string): Problem[] {
	return [
		...(token === undefined ? [] : checkText({ ...part, name: `The mark of ${place}` }, token, flowLimits.token)),
		...(data === undefined || isFilledObject(data) ? [] : [problem({ ...part, name: `The data of ${place}` }, 'is not a JSON object with something in it')]),
	];
}

function isFilledObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function checkButtonParameter({ sub_type, parameters }: Extract<MessageComponent, { type: 'button' }>, at: string, place: string): Problem[] {
	const [parameter] = parameters;
	const wanted = buttonParameters[sub_type];
	return parameter === undefined || parameter.type === wanted ? [] : [problem({ field: `${at}.parameters[0]`, name: `The value of ${place}` }, `is of the kind ${parameter.type}; a button of the kind ${sub_type} takes ${wanted}`)];
}

/** Meta takes exactly the cards that the template was approved with, so they are numbered from 0 without a gap. */
function checkCards(cards: ReadonlyArray<{ card_index: number; components: readonly CardComponent[] }>, at: string): Problem[] {
	const whole = { field: `${at}.cards`, name: 'The list of cards' };
	return [
		...(cards.length < carouselLimits.fewestCards || cards.length > carouselLimits.cards ? [problem(whole, `has ${cards.length} cards; WhatsApp takes ${carouselLimits.fewestCards} to ${carouselLimits.cards}`)] : []),
		...(cards.every(({ card_index }, index) => card_index === index) ? [] : [problem(whole, 'is not numbered 0, 1, 2 in its order')]),
		...cards.flatMap(({ components }, index) => components.flatMap((component, one) => checkComponent(component, `${at}.cards[${index}].components[${one}]`, ` of card ${index + 1}`))),
	];
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
