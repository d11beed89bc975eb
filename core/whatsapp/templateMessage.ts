import { CivicError } from '../errors';
import { type E164, isE164 } from './phoneNumber';
import type { Template } from './template';
import { type TemplateValues, parameterFields } from './templateParameters';
import { valueOf } from './templateRendering';

export interface TextParameter {
	type: 'text';
	/** For templates with named parameters only. */
	parameter_name?: string;
	text: string;
}

/** A part of a template with the values that fill it, as the Cloud API takes it ("Template messages"). */
export type MessageComponent =
	| { type: 'header' | 'body'; parameters: TextParameter[] }
	| { type: 'button'; sub_type: 'url'; index: string; parameters: TextParameter[] };

export interface TemplateMessage {
	to: E164;
	template: { name: string; language: string; components: MessageComponent[] };
}

/** Meta echoes up to this many characters in every status of the message. */
const maxCallbackData = 512;

/** @throws CivicError `template.parameters` when a value is missing */
export function templateMessage(to: E164, template: Template, values: TemplateValues): TemplateMessage {
	return { to, template: { name: template.name, language: template.language, components: toComponents(template, values) } };
}

/** The parts of a template that take values; a template without any gives an empty list. */
export function toComponents(template: Template, values: TemplateValues): MessageComponent[] {
	const fields = parameterFields(template);
	const named = template.parameterFormat === 'NAMED';
	const texts = (['header', 'body'] as const).flatMap((type): MessageComponent[] => {
		const parameters = fields
			.filter(({ where }) => where === type)
			.map((field): TextParameter => ({ type: 'text', ...(named ? { parameter_name: field.name } : {}), text: valueOf(template, values, field.key) }));
		return parameters.length === 0 ? [] : [{ type, parameters }];
	});
	const links = fields
		.filter(({ where }) => where === 'button')
		.map((field): MessageComponent => ({
			type: 'button',
			sub_type: 'url',
			index: String(field.buttonIndex),
			parameters: [{ type: 'text', text: valueOf(template, values, field.key) }],
		}));
	return [...texts, ...links];
}

/**
 * The body of `POST /{phone number}/messages`. The number always goes out with its `+`: without one Meta puts the
 * sender's country code in front, and a stranger gets the message ("Send messages", phone number formats).
 *
 * @param callbackData comes back as `biz_opaque_callback_data` in every status of this message
 * @throws CivicError `phone.invalid`, `input.invalid`
 */
export function templateMessageBody(message: TemplateMessage, callbackData: string): string {
	if (!isE164(message.to)) {
		throw new CivicError('phone.invalid', 'The phone number of this message is not in the form of +44 and so on.', 'Read it with the phone number reader before sending.');
	}
	if (callbackData.length > maxCallbackData) {
		throw new CivicError('input.invalid', `The reference of this message has ${callbackData.length} characters; the limit is ${maxCallbackData}.`, 'Use a shorter reference.');
	}
	const { name, language, components } = message.template;
	return JSON.stringify({
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		to: message.to,
		type: 'template',
		biz_opaque_callback_data: callbackData,
		template: { name, language: { code: language }, ...(components.length === 0 ? {} : { components }) },
	});
}
