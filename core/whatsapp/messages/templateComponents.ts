import { z } from 'zod';

import type { JsonObject } from '../jsonReading';
import type { Place } from './location';
import type { MediaSource } from './media';

export interface TextParameter {
	type: 'text';
	/** For templates with named parameters only. */
	parameter_name?: string;
	text: string;
}

/** An amount that the phone writes as its owner's region does; the fallback is what is shown where it cannot. */
export interface CurrencyParameter {
	type: 'currency';
	parameter_name?: string;
	/** `amount_1000`: thousandths of the unit. */
	currency: { fallback_value: string; code: string; amount_1000: number };
}

export interface DateTimeParameter {
	type: 'date_time';
	parameter_name?: string;
	date_time: { fallback_value: string };
}

/** What fills a gap in the words. */
export type WordsParameter = TextParameter | CurrencyParameter | DateTimeParameter;

export type MediaParameter = { type: 'image'; image: MediaSource } | { type: 'video'; video: MediaSource } | { type: 'document'; document: MediaSource & { filename?: string } };

export interface LocationParameter {
	type: 'location';
	location: Place;
}

/** A part of a template with the values that fill it, as the Cloud API takes it ("Template messages"). */
export type MessageComponent =
	| CardComponent
	/** Milliseconds since 1970 (Meta: "Limited-time offer templates"). */
	| { type: 'limited_time_offer'; parameters: Array<{ type: 'limited_time_offer'; limited_time_offer: { expiration_time_ms: number } }> }
	| { type: 'button'; sub_type: 'copy_code'; index: string; parameters: Array<{ type: 'coupon_code'; coupon_code: string }> }
	| { type: 'button'; sub_type: 'flow'; index: string; parameters: Array<{ type: 'action'; action: { flow_token?: string; flow_action_data?: JsonObject } }> }
	| { type: 'carousel'; cards: MessageCard[] };

/** Every card of the template, in their order (Meta: "Media card carousel templates"). */
export interface MessageCard {
	card_index: number;
	components: CardComponent[];
}

/** What stands on cards as well as on the message itself. */
export type CardComponent =
	| { type: 'header'; parameters: Array<WordsParameter | MediaParameter | LocationParameter> }
	| { type: 'body'; parameters: WordsParameter[] }
	| { type: 'button'; sub_type: 'url'; index: string; parameters: TextParameter[] }
	| { type: 'button'; sub_type: 'quick_reply'; index: string; parameters: Array<{ type: 'payload'; payload: string }> };

const words = z.unknown();
const name = z.string().optional();
const text = z.object({ type: z.literal('text'), parameter_name: name, text: words }).strict();
const currency = z.object({ type: z.literal('currency'), parameter_name: name, currency: z.object({ fallback_value: words, code: z.string(), amount_1000: z.number() }).strict() }).strict();
const dateTime = z.object({ type: z.literal('date_time'), parameter_name: name, date_time: z.object({ fallback_value: words }).strict() }).strict();
const file = z.object({ id: words, link: words }).partial().strict();
const image = z.object({ type: z.literal('image'), image: file }).strict();
const video = z.object({ type: z.literal('video'), video: file }).strict();
const document = z.object({ type: z.literal('document'), document: file.extend({ filename: z.string().optional() }) }).strict();
const location = z.object({ type: z.literal('location'), location: z.object({ latitude: words, longitude: words, name: words, address: words }).partial().strict() }).strict();
const payload = z.object({ type: z.literal('payload'), payload: words }).strict();
const coupon = z.object({ type: z.literal('coupon_code'), coupon_code: words }).strict();
const action = z.object({ type: z.literal('action'), action: z.object({ flow_token: words, flow_action_data: words }).partial().strict() }).strict();
const offer = z.object({ type: z.literal('limited_time_offer'), limited_time_offer: z.object({ expiration_time_ms: z.number() }).strict() }).strict();

const headerPart = z.object({ type: z.literal('header'), parameters: z.array(z.discriminatedUnion('type', [text, currency, dateTime, image, video, document, location])) }).strict();
const bodyPart = z.object({ type: z.literal('body'), parameters: z.array(z.discriminatedUnion('type', [text, currency, dateTime])) }).strict();
const buttonPart = (subTypes: [string, ...string[]]) =>
	z
		.object({
			type: z.literal('button'),
			sub_type: z.enum(subTypes),
			index: z.string().regex(/^\d$/, 'is not a digit'),
			parameters: z.array(z.discriminatedUnion('type', [text, payload, coupon, action])).length(1, 'holds not exactly one entry'),
		})
		.strict();
const card = z
	.object({
		card_index: z.number(),
		components: z.array(z.discriminatedUnion('type', [headerPart, bodyPart, buttonPart(['url', 'quick_reply'])])),
	})
	.strict();

/**
 * The parts of a template message as far as they are built of objects and lists. Leaves are looked at where their limits
 * are; nothing else may be there, because the parts go to Meta as they are.
 */
export const componentsShape = z.array(
	z.discriminatedUnion('type', [
		headerPart,
		bodyPart,
		z.object({ type: z.literal('limited_time_offer'), parameters: z.array(offer).length(1, 'holds not exactly one entry') }).strict(),
		buttonPart(['url', 'quick_reply', 'copy_code', 'flow']),
		z.object({ type: z.literal('carousel'), cards: z.array(card) }).strict(),
	]),
);

/** The kind of parameter that each kind of button takes. */
export const buttonParameters: Readonly<Record<string, string>> = { url: 'text', quick_reply: 'payload', copy_code: 'coupon_code', flow: 'action' };
