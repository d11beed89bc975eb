import { invalidParameter } from '../cloudApi/graphError';
import { numberAt, onlyKeys, optionalShortTextAt, textAt } from '../cloudApi/objectShape';
import { isObject, type JsonObject } from '../http/json';
import type { TemplateButton, TemplateComponent } from './template';

const longestLabel = 25;

/** Minutes that the footer may name (Meta, "Copy code authentication templates"). */
const lifetimes = [1, 90] as const;

/**
 * The parts of a template for one-time codes. Its author chooses, Meta writes the words; what is listed afterwards holds them,
 * with a link in place of the button (Meta, "Copy code authentication templates"). English words only, whatever the language.
 * One-tap and zero-tap are refused: they need an app on the phone.
 */
export function readCodeComponents(value: unknown): TemplateComponent[] {
	if (!Array.isArray(value) || !value.every(isObject)) throw invalidParameter('Param components must be an array of objects');
	const parts = new Map(value.map((part): [string, JsonObject] => [textAt(part, 'type', 'components.type').toUpperCase(), part]));
	const [body, footer, buttons] = [parts.get('BODY'), parts.get('FOOTER'), parts.get('BUTTONS')];
	const known = [body, footer, buttons].filter((part) => part !== undefined).length;
	if (body === undefined || buttons === undefined || parts.size !== value.length || parts.size !== known) {
		throw invalidParameter('An authentication template has a body, one button and at most a footer');
	}
	const minutes = footer === undefined ? undefined : lifetimeOf(footer);
	return [bodyOf(body), ...(minutes === undefined ? [] : [{ type: 'FOOTER' as const, text: `This code expires in ${minutes} minutes.`, code_expiration_minutes: minutes }]), { type: 'BUTTONS', buttons: [buttonOf(buttons, minutes)] }];
}

function bodyOf(body: JsonObject): TemplateComponent {
	onlyKeys(body, new Set(['type', 'add_security_recommendation']), 'components');
	const warns = body.add_security_recommendation === true;
	const text = `*{{1}}* is your verification code.${warns ? ' For your security, do not share this code.' : ''}`;
	return { type: 'BODY', text, ...(warns && { add_security_recommendation: true }), example: { body_text: [['123456']] } };
}

function lifetimeOf(footer: JsonObject): number {
	onlyKeys(footer, new Set(['type', 'code_expiration_minutes']), 'components');
	return numberAt(footer, 'code_expiration_minutes', 'components.code_expiration_minutes', lifetimes);
}

function buttonOf(component: JsonObject, minutes: number | undefined): TemplateButton {
	onlyKeys(component, new Set(['type', 'buttons']), 'components');
	const [button, second] = Array.isArray(component.buttons) ? component.buttons : [];
	if (!isObject(button) || second !== undefined) throw invalidParameter('An authentication template has one button');
	onlyKeys(button, new Set(['type', 'otp_type', 'text']), 'components.buttons');
	const kind = textAt(button, 'otp_type', 'components.buttons.otp_type').toUpperCase();
	if (textAt(button, 'type', 'components.buttons.type').toUpperCase() !== 'OTP' || kind !== 'COPY_CODE') throw invalidParameter('Param otp_type must be COPY_CODE; the sandbox knows no other');
	const stem = `https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE${minutes === undefined ? '' : `&code_expiration_minutes=${minutes}`}&code=otp`;
	return { type: 'URL', text: optionalShortTextAt(button, 'text', 'components.buttons.text', longestLabel) ?? 'Copy code', url: `${stem}{{1}}`, example: [`${stem}123456`] };
}
