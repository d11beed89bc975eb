import { invalidParameter } from '../cloudApi/graphError';
import { onlyKeys, textAt } from '../cloudApi/objectShape';
import { isObject, type JsonObject } from '../http/json';
import { refusedDefinition } from './refusedDefinition';
import type { CardComponent, CarouselComponent, TemplateCategory, TemplateComponent } from './template';

const fewestCards = 2;
const mostCards = 10;
const mostCardButtons = 2;
/** Before and after its variables are filled. */
export const longestCardBody = 160;

/** Which 2388… an unfit combination of parts gets is not documented [assumed]. */
const unfit = 2388043;
const cardButtons: ReadonlySet<string> = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER']);

/**
 * Meta, "Media card carousel templates".
 *
 * @param readPart reads a part of a card by its type; undefined for what cards do not have
 */
export function readCarousel(component: JsonObject, readPart: (part: JsonObject, type: string) => CardComponent | undefined): CarouselComponent {
	onlyKeys(component, new Set(['type', 'cards']), 'components');
	const { cards } = component;
	if (!Array.isArray(cards) || !cards.every(isObject)) throw invalidParameter('Param components.cards must be an array of objects');
	if (cards.length < fewestCards || cards.length > mostCards) throw refusedDefinition(unfit, `A carousel has ${fewestCards} to ${mostCards} cards.`);
	return { type: 'CAROUSEL', cards: cards.map((card) => readCard(card, readPart)) };
}

function readCard(card: JsonObject, readPart: (part: JsonObject, type: string) => CardComponent | undefined): { components: CardComponent[] } {
	onlyKeys(card, new Set(['components']), 'components.cards');
	const { components } = card;
	if (!Array.isArray(components) || !components.every(isObject)) throw invalidParameter('Param components.cards.components must be an array of objects');
	const parts = components.map((component) => {
		const type = textAt(component, 'type', 'components.cards.components.type').toUpperCase();
		const part = readPart(component, type);
		if (!part) throw invalidParameter(`Param components.cards.components.type must be one of {HEADER, BODY, BUTTONS} - got "${type}"`);
		return part;
	});
	checkCard(parts);
	return { components: parts };
}

function checkCard(parts: readonly CardComponent[]): void {
	if (new Set(parts.map(({ type }) => type)).size < parts.length) throw refusedDefinition(unfit, 'A card has at most one header, body and set of buttons.');
	const header = parts.find((part) => part.type === 'HEADER');
	if (header?.format !== 'IMAGE' && header?.format !== 'VIDEO') throw refusedDefinition(unfit, 'Every card needs a header with an image or a video.');
	const buttons = parts.find((part) => part.type === 'BUTTONS')?.buttons ?? [];
	if (buttons.length > mostCardButtons) throw refusedDefinition(unfit, `A card has at most ${mostCardButtons} buttons.`);
	if (buttons.some(({ type }) => !cardButtons.has(type))) throw refusedDefinition(unfit, 'A card has quick-reply, URL and phone buttons only.');
}

/** A carousel is marketing, its cards are built alike, and besides it there is a body and nothing else [the last assumed]. */
export function checkCarousel(components: readonly TemplateComponent[], category: TemplateCategory): void {
	const carousel = components.find((component) => component.type === 'CAROUSEL');
	if (!carousel) return;
	if (category !== 'MARKETING') throw refusedDefinition(unfit, 'Carousels are for marketing templates only.');
	if (components.some(({ type }) => type !== 'BODY' && type !== 'CAROUSEL')) throw refusedDefinition(unfit, 'A template with a carousel has a body and the carousel, and no other component.');
	if (new Set(carousel.cards.map(({ components: parts }) => shapeOf(parts))).size > 1) throw refusedDefinition(unfit, 'All cards of a carousel must have the same components.');
}

function shapeOf(parts: readonly CardComponent[]): string {
	return JSON.stringify(parts.map((part) => (part.type === 'HEADER' ? part.format : part.type === 'BUTTONS' ? part.buttons.map(({ type }) => type) : part.type)));
}
