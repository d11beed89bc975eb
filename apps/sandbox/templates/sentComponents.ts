import { invalidParameter } from '../cloudApi/graphError';
import type { ReadingContext } from '../cloudApi/messages/family';
import { locationOf } from '../cloudApi/messages/location';
import { mediaOf, type SentMedia } from '../cloudApi/messages/media';
import { missing, numberAt, objectAt, objectsAt, onlyKeys, optionalObjectAt, optionalTextAt, textAt } from '../cloudApi/objectShape';
import type { JsonObject } from '../http/json';
import type { MessageLocation } from '../residents/messageContent';

/** What a message and a card have in common. */
export interface SentCard {
	readonly header: readonly SentParameter[];
	readonly body: readonly SentParameter[];
	/** By button index. */
	readonly buttons: ReadonlyMap<number, ButtonParameters>;
}

/** `template.components` of a send, read and checked for shape but not yet against the template. */
export interface SentComponents extends SentCard {
	/** When a limited-time offer ends, milliseconds since the epoch. */
	readonly offerEnds?: number;
	/** By card index; absent where no carousel was sent. */
	readonly cards?: ReadonlyMap<number, SentCard>;
}

export interface SentParameter {
	readonly type: string;
	readonly name?: string;
	/** What is shown: the text, or the fallback of an amount or a date. */
	readonly text?: string;
	readonly media?: SentMedia;
	readonly location?: MessageLocation;
}

export type ButtonSubType = 'quick_reply' | 'url' | 'copy_code' | 'flow';

export interface ButtonParameters {
	readonly subType: ButtonSubType;
	readonly value: string;
}

const componentKeys = new Set(['type', 'parameters']);
const buttonKeys = new Set(['type', 'sub_type', 'index', 'parameters']);
const mediaKeys = new Set(['id', 'link']);
const documentKeys = new Set(['id', 'link', 'filename']);
const longestPayload = 128;
const longestCode = 15;

/** The type of the parameter that each kind of button takes. */
const parameterTypes: Readonly<Record<ButtonSubType, string>> = { quick_reply: 'payload', url: 'text', copy_code: 'coupon_code', flow: 'action' };

export function readParameters(components: readonly JsonObject[], context: ReadingContext): SentComponents {
	let offerEnds: number | undefined;
	let cards: Map<number, SentCard> | undefined;
	const message = readCard(components, context, (component, type) => {
		if (type === 'limited_time_offer') offerEnds = once(offerEnds, type, readOfferEnd(component));
		else if (type === 'carousel') cards = once(cards, type, readCards(component, context));
		else throw invalidParameter(`Param template.components.type must be one of {HEADER, BODY, BUTTON, LIMITED_TIME_OFFER, CAROUSEL} - got "${type}"`);
	});
	return { ...message, ...(offerEnds !== undefined && { offerEnds }), ...(cards && { cards }) };
}

/** @param readOther reads, or refuses, what only a message can have */
function readCard(components: readonly JsonObject[], context: ReadingContext, readOther: (component: JsonObject, type: string) => void): SentCard {
	let header: SentParameter[] | undefined;
	let body: SentParameter[] | undefined;
	const buttons = new Map<number, ButtonParameters>();
	for (const component of components) {
		const type = textAt(component, 'type', 'template.components.type').toLowerCase();
		if (type === 'header') header = once(header, type, readTexts(component, context));
		else if (type === 'body') body = once(body, type, readTexts(component, undefined));
		else if (type === 'button') readButton(component, buttons);
		else readOther(component, type);
	}
	return { header: header ?? [], body: body ?? [], buttons };
}

/** Meta, "Limited-time offer templates": a UNIX timestamp in milliseconds. */
function readOfferEnd(component: JsonObject): number {
	onlyKeys(component, componentKeys, 'template.components');
	const parameters = objectsAt(component, 'parameters', 'template.components.parameters');
	const [parameter] = parameters;
	if (parameters.length !== 1 || !parameter) throw missing('template.components.parameters');
	const key = 'limited_time_offer';
	const path = `template.components.parameters.${key}`;
	const type = textAt(parameter, 'type', 'template.components.parameters.type');
	if (type !== key) throw invalidParameter(`A limited-time offer takes a parameter of type ${key}, not ${type}`);
	onlyKeys(parameter, new Set(['type', key]), 'template.components.parameters');
	const offer = objectAt(parameter, key, path);
	onlyKeys(offer, new Set(['expiration_time_ms']), path);
	const ends = numberAt(offer, 'expiration_time_ms', `${path}.expiration_time_ms`, [1, 253_402_300_799_000]);
	if (!Number.isInteger(ends)) throw invalidParameter(`Param ${path}.expiration_time_ms must be an integer`);
	return ends;
}

/** Meta, "Media card carousel templates": each card under its `card_index`, counted from 0, in any order [assumed]. */
function readCards(component: JsonObject, context: ReadingContext): Map<number, SentCard> {
	onlyKeys(component, new Set(['type', 'cards']), 'template.components');
	const path = 'template.components.cards';
	const cards = new Map<number, SentCard>();
	for (const card of objectsAt(component, 'cards', path)) {
		onlyKeys(card, new Set(['card_index', 'components']), path);
		const index = readIndex(card.card_index, `${path}.card_index`);
		const parts = readCard(objectsAt(card, 'components', `${path}.components`), context, (_part, type) => {
			throw invalidParameter(`Param ${path}.components.type must be one of {HEADER, BODY, BUTTON} - got "${type}"`);
		});
		cards.set(index, once(cards.get(index), `the card at index ${index}`, parts));
	}
	return cards;
}

function once<Part>(earlier: Part | undefined, what: string, part: Part): Part {
	if (earlier !== undefined) throw invalidParameter(`Param template.components has ${what} twice`);
	return part;
}

/** @param context absent where a medium does not belong anyhow, so that it need not be looked up */
function readTexts(component: JsonObject, context: ReadingContext | undefined): SentParameter[] {
	onlyKeys(component, componentKeys, 'template.components');
	return objectsAt(component, 'parameters', 'template.components.parameters').map((parameter) => {
		const type = textAt(parameter, 'type', 'template.components.parameters.type');
		const value = readValue(parameter, type, context);
		onlyKeys(parameter, new Set(['type', 'parameter_name', type]), 'template.components.parameters');
		const name = optionalTextAt(parameter, 'parameter_name', 'parameter_name');
		return { type, ...(name !== undefined && { name }), ...value };
	});
}

function readValue(parameter: JsonObject, type: string, context: ReadingContext | undefined): Omit<SentParameter, 'type' | 'name'> {
	const path = `template.components.parameters.${type}`;
	switch (type) {
		case 'text':
			return { text: optionalTextAt(parameter, 'text', path) };
		case 'image':
		case 'video':
			return context ? { media: mediaOf(objectAt(parameter, type, path), type, path, context, mediaKeys) } : {};
		case 'document':
			return context ? { media: mediaOf(objectAt(parameter, type, path), type, path, context, documentKeys) } : {};
		case 'location':
			return { location: locationOf(objectAt(parameter, type, path), path) };
		case 'currency': {
			const amount = objectAt(parameter, type, path);
			onlyKeys(amount, new Set(['fallback_value', 'code', 'amount_1000']), path);
			if (!/^[A-Z]{3}$/.test(textAt(amount, 'code', `${path}.code`))) throw invalidParameter(`Param ${path}.code must be a currency code such as GBP`);
			numberAt(amount, 'amount_1000', `${path}.amount_1000`, [-1e15, 1e15]);
			return { text: textAt(amount, 'fallback_value', `${path}.fallback_value`) };
		}
		case 'date_time':
			return { text: textAt(objectAt(parameter, type, path), 'fallback_value', `${path}.fallback_value`) };
		default:
			throw invalidParameter(`Param template.components.parameters.type must be one of {TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION, CURRENCY, DATE_TIME} - got "${type}"`);
	}
}

function readButton(component: JsonObject, buttons: Map<number, ButtonParameters>): void {
	onlyKeys(component, buttonKeys, 'template.components');
	const subType = textAt(component, 'sub_type', 'template.components.sub_type').toLowerCase();
	if (!isSubType(subType)) throw invalidParameter(`Button type "${subType}" is not supported by the sandbox`);
	const index = readIndex(component.index, 'template.components.index');
	const parameters = objectsAt(component, 'parameters', 'template.components.parameters');
	const [parameter] = parameters;
	if (parameters.length !== 1 || !parameter) throw missing('template.components.parameters');
	const key = parameterTypes[subType];
	const type = textAt(parameter, 'type', 'template.components.parameters.type');
	if (type !== key) throw invalidParameter(`A ${subType} button takes a parameter of type ${key}, not ${type}`);
	onlyKeys(parameter, new Set(['type', key]), 'template.components.parameters');
	buttons.set(index, once(buttons.get(index), `the button at index ${index}`, { subType, value: readButtonValue(parameter, subType, key) }));
}

function readButtonValue(parameter: JsonObject, subType: ButtonSubType, key: string): string {
	const path = `template.components.parameters.${key}`;
	if (subType === 'flow') {
		const action = objectAt(parameter, key, path);
		onlyKeys(action, new Set(['flow_token', 'flow_action_data']), path);
		const data = optionalObjectAt(action, 'flow_action_data', `${path}.flow_action_data`);
		if (data && Object.keys(data).length === 0) throw invalidParameter(`Param ${path}.flow_action_data must not be empty`);
		return optionalTextAt(action, 'flow_token', `${path}.flow_token`) ?? 'unused';
	}
	const value = textAt(parameter, key, path);
	if (subType === 'quick_reply' && value.length > longestPayload) throw invalidParameter(`A button payload has at most ${longestPayload} characters`);
	if (subType === 'copy_code' && value.length > longestCode) throw invalidParameter(`A coupon code has at most ${longestCode} characters`);
	return value;
}

/** A digit, as number or text: Meta's samples write it both ways. */
function readIndex(index: unknown, path: string): number {
	if (index === undefined || index === null || index === '') throw missing(path);
	if ((typeof index !== 'string' && typeof index !== 'number') || !/^\d$/.test(String(index))) throw invalidParameter(`Param ${path} must be between 0 and 9`);
	return Number(index);
}

function isSubType(text: string): text is ButtonSubType {
	return Object.hasOwn(parameterTypes, text);
}
