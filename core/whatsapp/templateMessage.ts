import { CivicError } from '../errors';
import type { LocationParameter, MediaParameter, MessageComponent, TextParameter } from './messages/template';
import type { Recipient } from './recipient';
import { type Template, buttonsOf } from './template';
import { type ParameterField, type TemplateValues, fieldKey, parameterFields } from './templateParameters';
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
	const fields = parameterFields(template);
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
		...(isCodeTemplate(template) ? codeButtons(template, values, fields) : fields.flatMap((field) => buttonComponent(template, values, field))),
	];
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

function buttonComponent(template: Template, values: TemplateValues, { kind, key, buttonIndex, required }: ParameterField): MessageComponent[] {
	if (buttonIndex === undefined || (!required && !isGiven(values, key))) return [];
	const value = valueOf(template, values, key);
	const index = String(buttonIndex);
	switch (kind) {
		case 'linkEnd':
			return [{ type: 'button', sub_type: 'url', index, parameters: [{ type: 'text', text: value }] }];
		case 'code':
			return [{ type: 'button', sub_type: 'copy_code', index, parameters: [{ type: 'coupon_code', coupon_code: value }] }];
		case 'payload':
			return [{ type: 'button', sub_type: 'quick_reply', index, parameters: [{ type: 'payload', payload: value }] }];
		default:
			return [];
	}
}

/** The button of a one-time code gets the code as a link does its end, although it copies it (Meta: "Authentication templates"). */
function codeButtons(template: Template, values: TemplateValues, [code]: readonly ParameterField[]): MessageComponent[] {
	return code === undefined
		? []
		: buttonsOf(template).map((_, index) => ({ type: 'button', sub_type: 'url', index: String(index), parameters: [{ type: 'text', text: valueOf(template, values, code.key) }] }));
}
