/** A message template as the Cloud API lists it (Meta, "Message templates: components"). */

export type TemplateStatus = 'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED' | 'DISABLED' | 'IN_APPEAL' | 'PENDING_DELETION' | 'DELETED' | 'ARCHIVED' | 'LIMIT_EXCEEDED';
export type QualityScore = 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';
export type TemplateCategory = 'UTILITY' | 'MARKETING' | 'AUTHENTICATION';
export type ParameterFormat = 'NAMED' | 'POSITIONAL';

export interface NamedExample {
	param_name: string;
	example: string;
}

export interface HeaderComponent {
	type: 'HEADER';
	format: 'TEXT' | 'IMAGE' | 'VIDEO' | 'DOCUMENT' | 'LOCATION';
	text?: string;
	example?: { header_text?: string[]; header_text_named_params?: NamedExample[]; header_handle?: string[] };
}

export interface BodyComponent {
	type: 'BODY';
	text: string;
	example?: { body_text?: string[][]; body_text_named_params?: NamedExample[] };
	/** For codes: Meta's own warning is part of the text. */
	add_security_recommendation?: boolean;
}

export interface FooterComponent {
	type: 'FOOTER';
	text: string;
	/** For codes: how long the text says that they last. */
	code_expiration_minutes?: number;
}

export type TemplateButton =
	| { type: 'QUICK_REPLY'; text: string }
	| { type: 'URL'; text: string; url: string; example?: string[] }
	| { type: 'PHONE_NUMBER'; text: string; phone_number: string }
	/** Its label is Meta's own. */
	| { type: 'COPY_CODE'; text: string; example: string }
	/** Opens a form. */
	| { type: 'FLOW'; text: string; flow_id: string; flow_action: 'NAVIGATE' | 'DATA_EXCHANGE'; navigate_screen?: string }
	/** Its label is Meta's own. */
	| { type: 'REQUEST_CONTACT_INFO'; text: string };

export interface ButtonsComponent {
	type: 'BUTTONS';
	buttons: TemplateButton[];
}

/** Meta, "Limited-time offer templates". */
export interface OfferComponent {
	type: 'LIMITED_TIME_OFFER';
	limited_time_offer: { text: string; has_expiration: boolean };
}

export type CardComponent = HeaderComponent | BodyComponent | ButtonsComponent;

/** Meta, "Media card carousel templates". */
export interface CarouselComponent {
	type: 'CAROUSEL';
	cards: Array<{ components: CardComponent[] }>;
}

export type TemplateComponent = HeaderComponent | OfferComponent | BodyComponent | FooterComponent | ButtonsComponent | CarouselComponent;

/** What an author decides. */
export interface TemplateDefinition {
	name: string;
	language: string;
	category: TemplateCategory;
	parameter_format: ParameterFormat;
	components: TemplateComponent[];
	message_send_ttl_seconds?: number;
}

/** What Meta adds. */
export interface TemplateState {
	id: string;
	status: TemplateStatus;
	sub_category: 'CUSTOM';
	previous_category?: TemplateCategory;
	correct_category?: TemplateCategory | undefined;
	rejected_reason: string;
	quality_score: { score: QualityScore; date: number };
}

/**
 * Never changed in place: an edit replaces the object, so that a message keeps the template it was sent with. `createdAt`
 * (milliseconds since the epoch) is missing for those that the sandbox starts with, which count as old.
 */
export type Template = Readonly<TemplateDefinition & TemplateState & { layout: TemplateLayout; createdAt?: number }>;

/** Fixed text, or the name of the variable that fills the place. */
export type TextPart = string | { readonly variable: string };

/** What a message and a card have in common, taken apart. */
export interface CardLayout {
	readonly header?: { readonly format: HeaderComponent['format']; readonly parts: readonly TextPart[]; readonly variables: readonly string[] };
	/** Without parts where a card has no text. */
	readonly body: { readonly parts: readonly TextPart[]; readonly variables: readonly string[] };
	readonly buttons: readonly TemplateButton[];
}

/** A template taken apart once, so that sending looks nothing up by text. */
export interface TemplateLayout extends CardLayout {
	readonly offer?: { readonly text: string; readonly expires: boolean };
	readonly footer?: string;
	readonly cards: readonly CardLayout[];
}

const variable = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

export function partsOf(text: string): TextPart[] {
	const parts: TextPart[] = [];
	let end = 0;
	for (const match of text.matchAll(variable)) {
		if (match.index > end) parts.push(text.slice(end, match.index));
		parts.push({ variable: match[1] ?? '' });
		end = match.index + match[0].length;
	}
	if (end < text.length) parts.push(text.slice(end));
	return parts;
}

/** Names in the order of their first appearance, each once. */
export function variablesOf(parts: readonly TextPart[]): string[] {
	return [...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.variable])))];
}

export function layOut({ components }: TemplateDefinition): TemplateLayout {
	const offer = components.find((component) => component.type === 'LIMITED_TIME_OFFER')?.limited_time_offer;
	const footer = components.find((component) => component.type === 'FOOTER');
	const carousel = components.find((component) => component.type === 'CAROUSEL');
	return {
		...layOutCard(components),
		...(offer && { offer: { text: offer.text, expires: offer.has_expiration } }),
		...(footer && { footer: footer.text }),
		cards: (carousel?.cards ?? []).map((card) => layOutCard(card.components)),
	};
}

function layOutCard(components: readonly TemplateComponent[]): CardLayout {
	const header = components.find((component) => component.type === 'HEADER');
	const body = components.find((component) => component.type === 'BODY');
	const buttons = components.find((component) => component.type === 'BUTTONS');
	const headerParts = partsOf(header?.text ?? '');
	const bodyParts = partsOf(body?.text ?? '');
	return {
		...(header && { header: { format: header.format, parts: headerParts, variables: variablesOf(headerParts) } }),
		body: { parts: bodyParts, variables: variablesOf(bodyParts) },
		buttons: buttons?.buttons ?? [],
	};
}
