import type { Template, TemplateButton } from './template';
import { buttonsOf, componentOf } from './template';
import { cardsOf } from './templateCards';
import type { DefinedButton, DefinedComponent, TemplateDefinition } from './templateDefinition';
import { type TemplateOffer, offerOf } from './templateOffer';

/**
 * How a template at Meta differs from a definition, one sentence a difference; empty when residents would get the same.
 * Examples do not count: they are never sent, and Meta gives them back in other shapes.
 */
export function templateDifferences(template: Template, definition: TemplateDefinition): string[] {
	const differences: string[] = [];
	const compare: Compare = (what, atMeta, here) => {
		if ((atMeta ?? '') !== (here ?? '')) differences.push(`${what}: Meta has ${quoted(atMeta)}, the definition has ${quoted(here)}.`);
	};
	compare('Category', template.category, definition.category);
	compare('Parameter format', template.parameterFormat, definition.parameter_format);
	if (definition.category === 'AUTHENTICATION') {
		compareCodes(template, definition, compare);
		return differences;
	}
	compare('Offer', offerWords(offerOf(template)), offerWords(offerIn(definition)));
	compareParts(template, definition.components, compare);
	const [cards, wanted] = [cardsOf(template), partOf(definition.components, 'CAROUSEL')?.cards ?? []];
	for (let at = 0; at < Math.max(cards.length, wanted.length); at++) {
		compareParts(cards[at] ?? { ...template, components: [] }, wanted[at]?.components ?? [], (what, ...both) => compare(`Card ${at + 1}, ${what.toLowerCase()}`, ...both));
	}
	compareTtl(template, definition, compare);
	return differences;
}

type Compare = (what: string, atMeta: string | undefined, here: string | undefined) => void;

/** What a message and a card have in common. */
function compareParts(template: Template, components: readonly DefinedComponent[], compare: Compare): void {
	compare('Header kind', componentOf(template, 'HEADER')?.format ?? (componentOf(template, 'HEADER') ? 'TEXT' : undefined), partOf(components, 'HEADER')?.format);
	compare('Header', componentOf(template, 'HEADER')?.text, partOf(components, 'HEADER')?.text);
	compare('Body', componentOf(template, 'BODY')?.text, partOf(components, 'BODY')?.text);
	compare('Footer', componentOf(template, 'FOOTER')?.text, partOf(components, 'FOOTER')?.text);
	const [atMeta, here] = [buttonsOf(template), partOf(components, 'BUTTONS')?.buttons ?? []];
	for (let at = 0; at < Math.max(atMeta.length, here.length); at++) compare(`Button ${at + 1}`, buttonWords(atMeta[at]), buttonWords(here[at]));
}

/** The words of a template for codes are Meta's, so what its author chose is compared. */
function compareCodes(template: Template, definition: TemplateDefinition, compare: Compare): void {
	const [body, footer, button] = [componentOf(template, 'BODY'), componentOf(template, 'FOOTER'), buttonsOf(template)[0]];
	compare('Security recommendation', yes(body?.add_security_recommendation), yes(partOf(definition.components, 'BODY')?.add_security_recommendation));
	compare('Minutes that a code lasts', number(footer?.code_expiration_minutes), number(partOf(definition.components, 'FOOTER')?.code_expiration_minutes));
	const label = partOf(definition.components, 'BUTTONS')?.buttons[0]?.text;
	// Left out, it is Meta's own label.
	if (label !== undefined) compare('Button 1', button?.text, label);
	compareTtl(template, definition, compare);
}

function compareTtl(template: Template, { message_send_ttl_seconds: ttl }: TemplateDefinition, compare: Compare): void {
	if (ttl !== undefined && ttl !== (template.ttlSeconds ?? -1)) compare('Time to live', seconds(template.ttlSeconds), seconds(ttl));
}

function yes(flag: unknown): string {
	return flag === true ? 'yes' : 'no';
}

function number(value: unknown): string | undefined {
	return typeof value === 'number' ? String(value) : undefined;
}

function offerIn({ components }: TemplateDefinition): TemplateOffer | undefined {
	const offer = partOf(components, 'LIMITED_TIME_OFFER')?.limited_time_offer;
	return offer === undefined ? undefined : { text: offer.text, expires: offer.has_expiration === true };
}

function offerWords(offer: TemplateOffer | undefined): string | undefined {
	return offer === undefined ? undefined : `${offer.text} (${offer.expires ? 'with' : 'without'} an end)`;
}

function partOf<Type extends DefinedComponent['type']>(components: readonly DefinedComponent[], type: Type): Extract<DefinedComponent, { type: Type }> | undefined {
	return components.find((component): component is Extract<DefinedComponent, { type: Type }> => component.type === type);
}

/** Buttons whose words are Meta’s own, so that a definition may leave them out. */
const ownWords = new Set(['COPY_CODE', 'REQUEST_CONTACT_INFO']);

function buttonWords(button: TemplateButton | DefinedButton | undefined): string | undefined {
	if (button === undefined) return undefined;
	const { type } = button;
	const text = ownWords.has(type.toUpperCase()) ? '' : (button.text ?? '');
	const end = 'url' in button ? button.url : 'phone_number' in button ? button.phone_number : undefined;
	return [type.toUpperCase(), text, ...(typeof end === 'string' ? [end] : [])].filter((part) => part !== '').join(' ');
}

function seconds(ttl: number | undefined): string {
	return ttl === undefined || ttl === -1 ? '30 days' : `${ttl} seconds`;
}

function quoted(text: string | undefined): string {
	return text === undefined || text === '' ? 'none' : `“${text}”`;
}
