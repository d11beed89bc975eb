import type { MediaKind } from './messages/media';
import { placeholdersIn } from './placeholders';
import { type Template, type TemplateButton, type TemplateComponent, buttonsOf, componentOf } from './template';

/** Headers that show a file. */
export type HeaderMediaKind = Extract<MediaKind, 'image' | 'video' | 'document'>;

const fileHeaders: Readonly<Record<string, HeaderMediaKind>> = { IMAGE: 'image', VIDEO: 'video', DOCUMENT: 'document' };
const headerFormats = new Set(['TEXT', 'LOCATION', ...Object.keys(fileHeaders)]);
const partKinds = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS']);
const buttonKinds = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE']);

/** What the kinds that are not sent from here are for, in the words of whoever chose the template. */
const purposes: Readonly<Record<string, string>> = {
	CAROUSEL: 'cards to leaf through',
	LIMITED_TIME_OFFER: 'an offer that runs out',
	PRODUCT: 'goods of a catalogue',
	CATALOG: 'goods of a catalogue',
	MPM: 'goods of a catalogue',
	SPM: 'goods of a catalogue',
	ORDER_DETAILS: 'payments',
	ORDER_STATUS: 'payments',
	FLOW: 'forms (Flows)',
	VOICE_CALL: 'calls',
	CALL_PERMISSION_REQUEST: 'calls',
	REQUEST_CONTACT_INFO: 'asking for a phone number',
};

/**
 * Why this template cannot be sent from here, one sentence a reason; empty when it can. Covered are headers with text, a
 * file or a place, body, footer, quick replies, links, phone and copy-code buttons, and one-time codes that are copied.
 */
export function unsupportedParts(template: Template): string[] {
	return [
		...template.components.flatMap((component) => reasonsOfPart(component)),
		...buttonsOf(template).flatMap((button) => reasonsOfButton(template, button)),
		...(componentOf(template, 'BODY')?.text === undefined ? ['It has no text.'] : []),
	];
}

function reasonsOfPart(component: TemplateComponent): string[] {
	const type = component.type.toUpperCase();
	if (!partKinds.has(type)) return [`It has a part of the kind ${named(type)}, which cannot be filled in here.`];
	const format = headerFormatOf(component);
	return type !== 'HEADER' || headerFormats.has(format) ? [] : [`Its header is of the kind ${named(format)}, which cannot be filled in here.`];
}

function reasonsOfButton(template: Template, button: TemplateButton): string[] {
	const label = `Its button “${button.text ?? ''}”`;
	const type = button.type.toUpperCase();
	if (isCodeTemplate(template)) {
		return copiesCode(button) ? [] : [`${label} hands the code to an app by itself (one-tap or zero-tap), which is not done from here.`];
	}
	if (!buttonKinds.has(type)) return [`${label} is of the kind ${named(type)}, which cannot be sent from here.`];
	return button.url !== undefined && !hasFixedHost(button.url) ? [`${label} leaves the website open, so it could lead anywhere.`] : [];
}

function named(kind: string): string {
	const purpose = purposes[kind];
	return purpose === undefined ? kind : `${kind}, for ${purpose}`;
}

/** A template for one-time codes: Meta writes its words, and one code fills text and button. */
export function isCodeTemplate(template: Template): boolean {
	return template.category.toUpperCase() === 'AUTHENTICATION';
}

/** Once approved, Meta lists the button of a code as `OTP`, or as a link that names the kind of tap. */
function copiesCode(button: TemplateButton): boolean {
	const kind = String(button.otp_type ?? (/[?&]otp_type=([A-Za-z_]+)/.exec(button.url ?? '')?.[1] ?? 'COPY_CODE'));
	return ['OTP', 'URL', 'COPY_CODE'].includes(button.type.toUpperCase()) && kind.toUpperCase() === 'COPY_CODE';
}

export function headerFormatOf(header: TemplateComponent): string {
	return (header.format ?? 'TEXT').toUpperCase();
}

/** The kind of file that the header shows; undefined for text, a place, or no header. */
export function headerMediaKind(template: Template): HeaderMediaKind | undefined {
	const header = componentOf(template, 'HEADER');
	return header === undefined ? undefined : fileHeaders[headerFormatOf(header)];
}

/** Whether host and port are complete before the first placeholder, so that no value can move them. */
function hasFixedHost(url: string): boolean {
	return placeholdersIn(url).length === 0 || /^https?:\/\/[^/?#{@\\]+[/?#]/i.test(url.slice(0, url.indexOf('{{')));
}
