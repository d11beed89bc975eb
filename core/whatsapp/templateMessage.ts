import { CivicError } from '../errors';
import type { JsonObject } from './jsonReading';
import type { LocationParameter, MediaParameter, MessageComponent, TextParameter } from './messages/template';
import type { CardComponent } from './messages/templateComponents';
import type { Recipient } from './recipient';
import { type Template, buttonsOf } from './template';
import { cardValues, cardsOf } from './templateCards';
import { flowDataOf, noFlowToken } from './templateFlow';
import { offerEnd, offerOf } from './templateOffer';
import { type ParameterField, type TemplateValues, fieldKey, flowDataKey, parameterFields, partFields } from './templateParameters';
import { headerMediaKind, isCodeTemplate } from './templateScope';
import { isGiven, mediaSource, optionalValue, placeOf, valueOf } from './templateValues';
import { isUserId } from './userId';

export type { MessageComponent } from './messages/template';

export interface TemplateMessage {
	to: Recipient;
	template: { name: string; language: string; components: MessageComponent[] };
}

/** @throws CivicError `template.parameters` when a value is missing, or when a code would go to a user id */
export function templateMessage(to: Recipient, template: Template, values: TemplateValues): TemplateMessage {
	// Meta refuses it with code 131062: a code proves that somebody holds a number ("Business-scoped user IDs").
	if (isCodeTemplate(template) && isUserId(to)) {
		throw new CivicError('template.parameters', `The template ${template.name} is for one-time codes, and those go to phone numbers only, not to user ids.`, 'Send it to the phone number of this person.');
	}
	return { to, template: { name: template.name, language: template.language, components: toComponents(template, values) } };
}

/** The parts of a template that take values; a template without any gives an empty list. */
export function toComponents(template: Template, values: TemplateValues): MessageComponent[] {
	if (isCodeTemplate(template)) {
		const fields = parameterFields(template);
		return [...wordsComponents(template, values, fields), ...codeButtons(template, values, fields)];
	}
	const fields = partFields(template);
	return [...wordsComponents(template, values, fields), ...offerComponent(template, values), ...fields.flatMap((field) => buttonComponent(template, values, field)), ...carouselComponent(template, values)];
}

/** Header and body of a message or of a card. */
function wordsComponents(template: Template, values: TemplateValues, fields: readonly ParameterField[]): CardComponent[] {
	const named = template.parameterFormat === 'NAMED' && !isCodeTemplate(template);
	const texts = (where: 'header' | 'body') =>
		fields
			.filter((field) => field.where === where && (field.kind === 'text' || field.kind === 'code'))
			.map((field): TextParameter => ({ type: 'text', ...(named ? { parameter_name: field.name } : {}), text: valueOf(template, values, field.key) }));
	const header = [...texts('header'), ...headerMedia(template, values), ...headerPlace(template, values, fields)];
	const body = texts('body');
	return [
		...(header.length === 0 ? [] : [{ type: 'header' as const, parameters: header }]),
		...(body.length === 0 ? [] : [{ type: 'body' as const, parameters: body }]),
	];
}

/** Only an offer that ends takes a value (Meta: "Limited-time offer templates"). */
function offerComponent(template: Template, values: TemplateValues): MessageComponent[] {
	if (offerOf(template)?.expires !== true) return [];
	const ends = offerEnd(template, values);
	if (ends === undefined) throw new CivicError('template.parameters', `The template ${template.name} needs to know when its offer ends.`, 'Fill in every field of the template.');
	return [{ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: ends } }] }];
}

/** Every card that the template has, also one that takes no value but its picture. */
function carouselComponent(template: Template, values: TemplateValues): MessageComponent[] {
	const cards = cardsOf(template);
	if (cards.length === 0) return [];
	return [{ type: 'carousel', cards: cards.map((card, index) => ({ card_index: index, components: cardComponents(card, cardValues(values, index)) })) }];
}

function cardComponents(card: Template, values: TemplateValues): CardComponent[] {
	const fields = partFields(card);
	return [...wordsComponents(card, values, fields), ...fields.flatMap((field) => cardButton(card, values, field))];
}

function headerMedia(template: Template, values: TemplateValues): MediaParameter[] {
	const kind = headerMediaKind(template);
	if (kind === undefined) return [];
	const media = mediaSource(valueOf(template, values, fieldKey('header', kind)));
	switch (kind) {
		case 'image':
			return [{ type: kind, image: media }];
		case 'video':
			return [{ type: kind, video: media }];
		case 'document':
			return [{ type: kind, document: { ...media, ...optionalValue('filename', values, fieldKey('header', 'filename')) } }];
	}
}

function headerPlace(template: Template, values: TemplateValues, fields: readonly ParameterField[]): LocationParameter[] {
	return fields.some(({ kind }) => kind === 'latitude') ? [{ type: 'location', location: placeOf(template, values) }] : [];
}

function buttonComponent(template: Template, values: TemplateValues, field: ParameterField): MessageComponent[] {
	const { kind, key, buttonIndex } = field;
	if (buttonIndex === undefined) return [];
	const index = String(buttonIndex);
	switch (kind) {
		case 'code':
			return [{ type: 'button', sub_type: 'copy_code', index, parameters: [{ type: 'coupon_code', coupon_code: valueOf(template, values, key) }] }];
		case 'flowToken':
			return [{ type: 'button', sub_type: 'flow', index, parameters: [{ type: 'action', action: flowAction(values, key, flowDataKey(buttonIndex)) }] }];
		default:
			return cardButton(template, values, field);
	}
}

/** The buttons that a card can have as well. */
function cardButton(template: Template, values: TemplateValues, { kind, key, buttonIndex, required }: ParameterField): CardComponent[] {
	if (buttonIndex === undefined || (!required && !isGiven(values, key))) return [];
	const index = String(buttonIndex);
	switch (kind) {
		case 'linkEnd':
			return [{ type: 'button', sub_type: 'url', index, parameters: [{ type: 'text', text: valueOf(template, values, key) }] }];
		case 'payload':
			return [{ type: 'button', sub_type: 'quick_reply', index, parameters: [{ type: 'payload', payload: valueOf(template, values, key) }] }];
		default:
			return [];
	}
}

function flowAction(values: TemplateValues, tokenKey: string, dataKey: string): { flow_token: string; flow_action_data?: JsonObject } {
	const data = isGiven(values, dataKey) ? flowDataOf(String(values[dataKey])) : undefined;
	return { flow_token: isGiven(values, tokenKey) ? String(values[tokenKey]) : noFlowToken, ...(data === undefined ? {} : { flow_action_data: data }) };
}

/** The button of a one-time code gets the code as a link does its end, although it copies it (Meta: "Authentication templates"). */
function codeButtons(template: Template, values: TemplateValues, [code]: readonly ParameterField[]): MessageComponent[] {
	return code === undefined
		? []
		: buttonsOf(template).map((_, index) => ({ type: 'button', sub_type: 'url', index: String(index), parameters: [{ type: 'text', text: valueOf(template, values, code.key) }] }));
}
