import { componentProblems } from './definitionLimits';
import { type DefinitionProblem, problem } from './definitionTexts';
import type { DefinedButton, DefinedComponent, TemplateDefinition } from './templateDefinition';
import { carouselLimits } from './templateCards';

type Part<Type extends DefinedComponent['type']> = Extract<DefinedComponent, { type: Type }>;
type Card = Part<'CAROUSEL'>['cards'][number];

/** What an offer that runs out, or a carousel, asks of the whole template. */
export function familyProblems(definition: TemplateDefinition): DefinitionProblem[] {
	return definition.components.flatMap((component) => {
		if (component.type === 'LIMITED_TIME_OFFER') return offerProblems(component, definition);
		return component.type === 'CAROUSEL' ? carouselProblems(component, definition) : [];
	});
}

/** Meta: "Limited-time offer templates". */
function offerProblems({ limited_time_offer: offer }: Part<'LIMITED_TIME_OFFER'>, { category, components }: TemplateDefinition): DefinitionProblem[] {
	const header = partOf(components, 'HEADER');
	const buttons = partOf(components, 'BUTTONS')?.buttons ?? [];
	const at = buttons.findIndex(({ type }) => type === 'COPY_CODE');
	return [
		...marketingOnly(category, 'an offer that runs out'),
		...(header === undefined || header.format === 'IMAGE' || header.format === 'VIDEO' ? [] : [problem('header', `is of the kind ${header.format}; above an offer that runs out it is IMAGE or VIDEO`)]),
		...(partOf(components, 'FOOTER') === undefined ? [] : [problem('footer', 'cannot go with an offer that runs out')]),
		...(offer.has_expiration === true && at < 0 ? [problem('buttons', 'need a copy-code button, because the offer has an expiration')] : []),
		...(at > 0 ? [problem('buttons', 'have the copy-code button in another place than the first')] : []),
		...(buttons.some(({ type }) => type === 'URL') ? [] : [problem('buttons', 'need a link, which every offer that runs out has')]),
		...(buttons.every(({ type }) => type === 'URL' || type === 'COPY_CODE') ? [] : [problem('buttons', 'hold another kind than a copy-code button and links, which is all that goes with an offer that runs out')]),
	];
}

/** Meta: "Media card carousel templates". */
function carouselProblems({ cards }: Part<'CAROUSEL'>, { category, components, parameter_format: format }: TemplateDefinition): DefinitionProblem[] {
	const others = components.map(({ type }) => type).filter((type) => type !== 'BODY' && type !== 'CAROUSEL');
	const [first] = cards;
	const { fewestCards, cards: mostCards } = carouselLimits;
	return [
		...marketingOnly(category, 'a carousel'),
		...others.map((type) => problem(type.toLowerCase(), 'cannot go with a carousel; put it on the cards')),
		...(cards.length < fewestCards || cards.length > mostCards ? [problem('carousel', `holds ${cards.length} cards; ${fewestCards} to ${mostCards} are allowed`)] : []),
		...cards.flatMap((card, at) => [
			...cardProblems(card, `carousel [${at + 1}]`),
			...card.components.flatMap((component) => componentProblems(component, format, carouselLimits.cardBody, `carousel [${at + 1}].`)),
			...(first === undefined || shapeOf(card) === shapeOf(first) ? [] : [problem(`carousel [${at + 1}]`, `is built otherwise than card 1 (${shapeOf(card)}, not ${shapeOf(first)}); all cards have the same parts`)]),
		]),
	];
}

function cardProblems({ components }: Card, field: string): DefinitionProblem[] {
	const header = partOf(components, 'HEADER');
	const buttons = partOf(components, 'BUTTONS')?.buttons ?? [];
	const kinds = components.map(({ type }) => type);
	return [
		...(header?.format === 'IMAGE' || header?.format === 'VIDEO' ? [] : [problem(field, 'needs a header of the kind IMAGE or VIDEO')]),
		...(new Set(kinds).size < kinds.length ? [problem(field, 'has the same part more than once')] : []),
		...(buttons.length > carouselLimits.cardButtons ? [problem(field, `holds ${buttons.length} buttons; ${carouselLimits.cardButtons} are allowed on a card`)] : []),
		...(buttons.every(mayStandOnCard) ? [] : [problem(field, 'holds another kind of button than quick replies, links and telephone numbers, which is all that stands on cards')]),
	];
}

function mayStandOnCard({ type }: DefinedButton): boolean {
	return type === 'QUICK_REPLY' || type === 'URL' || type === 'PHONE_NUMBER';
}

/** The kinds of parts and buttons in their order, by which cards are alike. */
function shapeOf({ components }: Card): string {
	return components
		.map((component) => (component.type === 'HEADER' ? component.format : component.type === 'BUTTONS' ? component.buttons.map(({ type }) => type).join(' and ') : component.type))
		.join(', ');
}

function marketingOnly(category: TemplateDefinition['category'], what: string): DefinitionProblem[] {
	return category === 'MARKETING' ? [] : [problem('category', `is ${category}; a template with ${what} is MARKETING`)];
}

function partOf<Type extends DefinedComponent['type']>(components: readonly DefinedComponent[], type: Type): Part<Type> | undefined {
	return components.find((component): component is Part<Type> => component.type === type);
}
