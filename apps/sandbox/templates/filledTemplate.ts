import { GraphError, invalidParameter, type GraphCode } from '../cloudApi/graphError';
import type { ReadingContext } from '../cloudApi/messages/family';
import type { JsonObject } from '../http/json';
import type { MessageButton, MessageCard, MessageContent, MessageHeader, MessageOffer } from '../residents/messageContent';
import { longestCardBody } from './carouselDefinition';
import { longestOfferBody } from './offerDefinition';
import { readParameters, type ButtonParameters, type SentCard, type SentComponents, type SentParameter } from './sentComponents';
import type { CardLayout, ParameterFormat, Template, TemplateButton, TextPart } from './template';

const longestBody = 1024;
const longestHeader = 60;
const longestOneTimeCode = 15;

/** A template with its parameters, and why it will fail for certain, if so. */
export interface FilledTemplate {
	readonly content: MessageContent;
	readonly failure?: GraphCode;
}

/**
 * Puts the parameters of a send into a template, refusing what Meta refuses (Meta, "Send message templates", "Media card
 * carousel templates", "Limited-time offer templates"; codes 132000, 132005, 132012, 132018, 131008, 131009).
 *
 * @param components the `template.components` of the call, as sent
 * @param now milliseconds since the epoch by the sandbox's clock
 */
export function fillTemplate(template: Template, components: readonly JsonObject[], context: ReadingContext, now: number): FilledTemplate {
	const { layout, parameter_format: format } = template;
	const sent = readParameters(components, context);
	if (template.category === 'AUTHENTICATION') checkCode(sent);
	const offer = fillOffer(layout.offer, sent.offerEnds, context.knobs.expiredOffer, now);
	const cards = fillCards(layout.cards, sent.cards, format, context);
	const failure = [sent, ...(sent.cards?.values() ?? [])].map(({ header }) => header[0]?.media?.failure).find((code) => code !== undefined);
	const filled = fillCard(layout, sent, { format, where: '', longest: layout.offer ? longestOfferBody : longestBody, knobs: context.knobs });
	return {
		content: {
			...filled,
			...(template.category === 'AUTHENTICATION' && { buttons: filled.buttons.map(({ text }, index) => copiesCode(text, sent, index)) }),
			...(offer && { offer }),
			...(layout.footer !== undefined && { footer: layout.footer }),
			...(cards.length > 0 && { cards }),
		},
		...(failure !== undefined && { failure }),
	};
}

interface Filling {
	readonly format: ParameterFormat;
	/** Of what the parameters are, for refusals: `` or `carousel: card 0: `. */
	readonly where: string;
	/** How long the body may be once it is filled. */
	readonly longest: number;
	readonly knobs: ReadingContext['knobs'];
}

/** What a message and a card have in common. */
function fillCard(layout: CardLayout, sent: SentCard, filling: Filling): MessageCard {
	const { where, longest } = filling;
	const header = fillHeader(layout, sent.header, filling);
	const body = join(layout.body.parts, valuesFor(filling, layout.body.variables, sent.body, `${where}body`));
	if (body.length > longest) throw tooLong(`${where}body`, body.length, longest);
	return { ...(header !== undefined && { header }), body, buttons: fillButtons(layout.buttons, sent.buttons, filling) };
}

/** Only an offer that runs out is told when; the code of a refusal is that of other missing and extra parameters [assumed]. */
function fillOffer(offer: Template['layout']['offer'], ends: number | undefined, expired: ReadingContext['knobs']['expiredOffer'], now: number): MessageOffer | undefined {
	if (ends !== undefined && offer?.expires !== true) throw wrongCount('limited_time_offer', 1, 0);
	if (!offer) return undefined;
	if (!offer.expires) return { text: offer.text };
	if (ends === undefined) throw new GraphError(131008, 'limited_time_offer: The parameter expiration_time_ms is required, because the offer has an expiration');
	if (ends <= now && expired === 'refused') throw new GraphError(131009, 'limited_time_offer: Param expiration_time_ms is in the past');
	return { text: offer.text, endsAt: ends };
}

/** A send has exactly the cards of its template (Meta, "Media card carousel templates"; that this is 132000 is assumed). */
function fillCards(cards: readonly CardLayout[], sent: ReadonlyMap<number, SentCard> | undefined, format: ParameterFormat, { knobs }: ReadingContext): MessageCard[] {
	if ((sent?.size ?? 0) !== cards.length) throw wrongCount('carousel: cards', sent?.size ?? 0, cards.length);
	return cards.map((card, index) => {
		const given = sent?.get(index);
		if (!given) throw invalidParameter(`carousel: There is no card with the card_index ${index}`);
		return fillCard(card, given, { format, where: `carousel: card ${index}: `, longest: longestCardBody, knobs });
	});
}

function fillHeader({ header }: CardLayout, sent: readonly SentParameter[], filling: Filling): MessageHeader | undefined {
	const where = `${filling.where}header`;
	if (!header) {
		if (sent.length > 0) throw wrongCount(where, sent.length, 0);
		return undefined;
	}
	if (header.format !== 'TEXT') return fillRichHeader(header.format, sent, where);
	const text = join(header.parts, valuesFor(filling, header.variables, sent, where));
	if (text.length > longestHeader) throw tooLong(where, text.length, longestHeader);
	return { kind: 'text', text };
}

function fillRichHeader(format: string, sent: readonly SentParameter[], where: string): MessageHeader {
	const [parameter] = sent;
	if (sent.length !== 1 || !parameter) throw wrongCount(where, sent.length, 1);
	if (parameter.type.toUpperCase() !== format) throw new GraphError(132012, `${where}: Format mismatch, expected ${format}, received ${parameter.type.toUpperCase()}`);
	const { type, media, location } = parameter;
	if (location) return { kind: 'location', location };
	if (media && (type === 'image' || type === 'video' || type === 'document')) return { kind: type, media: media.media };
	throw new GraphError(132012, `${where}: Format mismatch, expected ${format}`);
}

/** What may fill a variable of a text. */
const textTypes = new Set(['text', 'currency', 'date_time']);

function valuesFor({ format }: Filling, variables: readonly string[], sent: readonly SentParameter[], where: string): ReadonlyMap<string, string> {
	if (sent.length !== variables.length) throw wrongCount(where, sent.length, variables.length);
	const values = new Map<string, string>();
	sent.forEach((parameter, index) => {
		if (!textTypes.has(parameter.type)) throw new GraphError(132012, `${where}: Format mismatch, expected TEXT, received ${parameter.type.toUpperCase()}`);
		const name = format === 'NAMED' ? parameter.name : positionalName(parameter, index, where);
		if (name === undefined) throw new GraphError(100, `${where}: Parameter name is missing or empty`);
		if (!variables.includes(name) || values.has(name)) throw new GraphError(100, `${where}: Parameter name (${name}) is not expected or is given twice`);
		values.set(name, checkText(parameter.text, `${where}: Param`));
	});
	return values;
}

function positionalName(parameter: SentParameter, index: number, where: string): string {
	if (parameter.name !== undefined) throw new GraphError(100, `${where}: parameter_name is given, but the template takes its parameters by position`);
	return String(index + 1);
}

/** Meta's rule for every text that fills a variable: no newline, no tab, at most four spaces in a row. */
function checkText(text: string | undefined, what: string): string {
	if (text === undefined || text === '') throw new GraphError(131008, 'Parameter of type text is missing text value');
	if (/[\n\r\t]| {5,}/.test(text)) {
		throw new GraphError(132018, `${what} text cannot have new-line/tab characters or more than 4 consecutive spaces`);
	}
	return text;
}

/** One code of at most 15 characters, in the text and in the button (Meta, "Copy code authentication templates"; 132018). */
function checkCode({ body, buttons }: SentComponents): void {
	const code = body[0]?.text ?? '';
	if (code.length > longestOneTimeCode) throw new GraphError(132018, `body: the code has ${code.length} characters; ${longestOneTimeCode} are allowed`);
	// [assumed] that Meta compares the two
	if (buttons.get(0) !== undefined && buttons.get(0)?.value !== code) throw new GraphError(132018, 'buttons: the code of the button is not the one of the body');
}

/** It is listed as a link, and copies all the same. */
function copiesCode(text: string, { buttons }: SentComponents, index: number): MessageButton {
	return { kind: 'copy_code', text, code: buttons.get(index)?.value ?? '' };
}

function fillButtons(buttons: readonly TemplateButton[], sent: ReadonlyMap<number, ButtonParameters>, { where, knobs }: Filling): MessageButton[] {
	for (const [index, { subType }] of sent) {
		const button = buttons[index];
		if (!button || button.type.toLowerCase() !== subType) {
			throw new GraphError(132018, `${where}buttons: Button at index ${index} of type ${subType} does not exist in the template`);
		}
	}
	return buttons.map((button, index) => fillButton(button, index, sent.get(index), knobs));
}

function fillButton(button: TemplateButton, index: number, sent: ButtonParameters | undefined, knobs: Filling['knobs']): MessageButton {
	switch (button.type) {
		case 'PHONE_NUMBER':
			return { kind: 'phone_number', text: button.text, phone: button.phone_number };
		case 'QUICK_REPLY':
			return { kind: 'quick_reply', text: button.text, payload: sent?.value ?? button.text };
		case 'COPY_CODE':
			if (!sent) throw needsParameter(index, 'CopyCode');
			return { kind: 'copy_code', text: button.text, code: sent.value };
		case 'FLOW':
			if (!sent && knobs.flowParameter === 'required') throw needsParameter(index, 'Flow');
			return { kind: 'flow', text: button.text };
		case 'REQUEST_CONTACT_INFO':
			return { kind: 'request_contact', text: button.text };
		case 'URL':
			return fillUrlButton(button, index, sent);
	}
}

function fillUrlButton(button: TemplateButton & { type: 'URL' }, index: number, sent: ButtonParameters | undefined): MessageButton {
	const open = button.url.includes('{{1}}');
	if (!open && sent) throw wrongCount(`buttons: Button at index ${index}`, 1, 0);
	if (!open) return { kind: 'url', text: button.text, url: button.url };
	if (!sent) throw needsParameter(index, 'Url');
	const value = checkText(sent.value, 'buttons: Param');
	if (!/^[\x21-\x7e]+$/.test(value)) throw new GraphError(132018, `buttons: The parameter of the button at index ${index} must be percent-encoded`);
	return { kind: 'url', text: button.text, url: button.url.replace('{{1}}', () => value) };
}

function needsParameter(index: number, type: string): GraphError {
	return new GraphError(131008, `buttons: Button at index ${index} of type ${type} requires a parameter`);
}

function join(parts: readonly TextPart[], values: ReadonlyMap<string, string>): string {
	let text = '';
	for (const part of parts) text += typeof part === 'string' ? part : (values.get(part.variable) ?? '');
	return text;
}

function wrongCount(where: string, sent: number, expected: number): GraphError {
	return new GraphError(132000, `${where}: number of localizable_params (${sent}) does not match the expected number of params (${expected})`);
}

function tooLong(where: string, length: number, limit: number): GraphError {
	return new GraphError(132005, `${where}: text is ${length} characters long after substitution; the limit is ${limit}`);
}
