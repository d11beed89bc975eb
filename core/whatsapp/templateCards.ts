import { type Template, componentOf } from './template';
import type { TemplateValues } from './templateParameters';

/** Meta: "Media card carousel templates". */
export const carouselLimits = { fewestCards: 2, cards: 10, cardBody: 160, cardButtons: 2 } as const;

/**
 * The cards of a carousel (Meta: "Media card carousel templates"), each as a template of its own that holds nothing but the
 * parts of the card: whatever fills, checks or shows a template does so with a card. None where there is no carousel.
 */
export function cardsOf(template: Template): Template[] {
	const cards = componentOf(template, 'CAROUSEL')?.cards ?? [];
	return cards.map(({ components }) => ({ ...template, components }));
}

/** The name of a card's value among those of its template: `card_1_body_price`. People count cards from one. */
export function cardKey(index: number, key: string): string {
	return `${prefixOf(index)}${key}`;
}

/** The values of one card, under the names that they have in the card itself. */
export function cardValues(values: TemplateValues, index: number): TemplateValues {
	const prefix = prefixOf(index);
	return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])));
}

function prefixOf(index: number): string {
	return `card_${index + 1}_`;
}
