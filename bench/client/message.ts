import { isE164 } from '../../core/whatsapp/phoneNumber';
import type { TemplateMessage } from '../../core/whatsapp/templateMessage';

/** The nth of a broadcast about gritting: everybody gets the same, to a number of Ofcom's range for drama. */
export function grittingMessage(nth: number): TemplateMessage {
	const to = `+447700900${String(nth % 1000).padStart(3, '0')}`;
	if (!isE164(to)) throw new Error(`${to} is not a number.`);
	return { to, template: { name: 'gritting_notice', language: 'en_GB', components: [{ type: 'body', parameters }] } };
}

const parameters = [
	{ type: 'text' as const, parameter_name: 'routes', text: 'Harbour Road and Mill Lane' },
	{ type: 'text' as const, parameter_name: 'time', text: '18:00' },
	{ type: 'text' as const, parameter_name: 'note', text: 'Pavements are not treated.' },
];

export const callbackData = (nth: number): string => `delivery-${String(nth).padStart(26, '0')}`;

/** The same message as the Cloud API takes it, for the clients that are told nothing more than an address and a body. */
export function graphBody(nth: number): object {
	const { to, template } = grittingMessage(nth);
	return {
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		to,
		type: 'template',
		biz_opaque_callback_data: callbackData(nth),
		template: { name: template.name, language: { code: template.language }, components: template.components },
	};
}

/** The id in an answer of the Cloud API. */
export function messageIdIn(answer: unknown): string {
	const { messages } = answer as { messages?: Array<{ id?: string }> };
	return messages?.[0]?.id ?? JSON.stringify(answer);
}
