import type { MediaKind } from './messages/media';
import { placeholdersIn } from './placeholders';
import { type Template, type TemplateButton, type TemplateComponent, buttonsOf, componentOf } from './template';
import { cardsOf } from './templateCards';
import { offerOf } from './templateOffer';

/** Headers that show a file. */
export type HeaderMediaKind = Extract<MediaKind, 'image' | 'video' | 'document'>;

const fileHeaders: Readonly<Record<string, HeaderMediaKind>> = { IMAGE: 'image', VIDEO: 'video', DOCUMENT: 'document' };
const headerFormats = new Set(['TEXT', 'LOCATION', ...Object.keys(fileHeaders)]);
const partKinds = new Set(['HEADER', 'LIMITED_TIME_OFFER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL']);
const buttonKinds = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'FLOW', 'REQUEST_CONTACT_INFO']);
const cardParts = new Set(['HEADER', 'BODY', 'BUTTONS']);
const cardHeaders = new Set(['IMAGE', 'VIDEO']);
const cardButtons = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER']);

/** What the kinds that are not sent from here are for, in the words of whoever chose the template. */
const purposes: Readonly<Record<string, string>> = {
	PRODUCT: 'goods of a catalogue',
	CATALOG: 'goods of a catalogue',
	MPM: 'goods of a catalogue',
	SPM: 'goods of a catalogue',
	ORDER_DETAILS: 'payments',
	ORDER_STATUS: 'payments',
	OTP: 'one-time codes',
	VOICE_CALL: 'calls',
	CALL_PERMISSION_REQUEST: 'calls',
};

/**
 * Why this template cannot be sent from here, one sentence a reason; empty when it can. Covered are headers with text, a
 * file or a place, offers that end, body, footer, all buttons but those for goods, payments and calls, cards with a picture
 * or film, and one-time codes that are copied.
 */
export function unsupportedParts(template: Template): string[] {
	return [
		...template.components.flatMap((component) => reasonsOfPart(component)),
		...buttonsOf(template).flatMap((button) => reasonsOfButton(template, button)),
		...(componentOf(template, 'BODY')?.text === undefined ? ['It has no text.'] : []),
		...(componentOf(template, 'LIMITED_TIME_OFFER') !== undefined && offerOf(template) === undefined ? ['Its offer has no words.'] : []),
		...(componentOf(template, 'CAROUSEL') !== undefined && cardsOf(template).length === 0 ? ['Its carousel has no cards.'] : []),
		...cardsOf(template).flatMap((card, index) => reasonsOfCard(card, `card ${index + 1}`)),
	];
}

function reasonsOfCard(card: Template, name: string): string[] {
	const header = componentOf(card, 'HEADER');
	const format = header === undefined ? 'none' : headerFormatOf(header);
	const strange = [
		...card.components.map(({ type }) => type.toUpperCase()).filter((type) => !cardParts.has(type)),
		...buttonsOf(card).map(({ type }) => type.toUpperCase()).filter((type) => !cardButtons.has(type)),
	];
	return [
		...(cardHeaders.has(format) ? [] : [`Its ${name} shows neither a picture nor a film, but ${named(format)}.`]),
		...strange.map((kind) => `Its ${name} has a part of the kind ${named(kind)}, which cannot be sent from here.`),
		...buttonsOf(card).filter(leavesHostOpen).map((button) => openHost(`The button “${button.text ?? ''}” of its ${name}`)),
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
	return leavesHostOpen(button) ? [openHost(label)] : [];
}

function leavesHostOpen({ url }: TemplateButton): boolean {
	return url !== undefined && !hasFixedHost(url);
}

function openHost(label: string): string {
	return `${label} leaves the website open, so it could lead anywhere.`;
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
