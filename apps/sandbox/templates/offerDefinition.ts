import { booleanAt, objectAt, onlyKeys, textAt } from '../cloudApi/objectShape';
import type { JsonObject } from '../http/json';
import { refusedDefinition } from './refusedDefinition';
import type { OfferComponent, TemplateCategory, TemplateComponent } from './template';

const longestOffer = 16;
/** Of a template with an offer, before and after its variables are filled. */
export const longestOfferBody = 600;

/** Which 2388… an unfit combination of parts gets is not documented [assumed]. */
const unfit = 2388043;

export function isOffer(component: JsonObject): boolean {
	return typeof component.type === 'string' && component.type.toUpperCase() === 'LIMITED_TIME_OFFER';
}

/** Meta, "Limited-time offer templates". */
export function readOffer(component: JsonObject): OfferComponent {
	onlyKeys(component, new Set(['type', 'limited_time_offer']), 'components');
	const path = 'components.limited_time_offer';
	const offer = objectAt(component, 'limited_time_offer', path);
	onlyKeys(offer, new Set(['text', 'has_expiration']), path);
	const text = textAt(offer, 'text', `${path}.text`);
	if (text.length > longestOffer) throw refusedDefinition(2388040, `The offer has more than ${longestOffer} characters.`);
	return { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text, has_expiration: booleanAt(offer, 'has_expiration', `${path}.has_expiration`) ?? false } };
}

/** What goes with an offer: marketing only, a picture or film above, no footer, a code first if any, and a link. */
export function checkOffer(components: readonly TemplateComponent[], category: TemplateCategory): void {
	const offer = components.find((component) => component.type === 'LIMITED_TIME_OFFER')?.limited_time_offer;
	if (!offer) return;
	if (category !== 'MARKETING') throw refusedDefinition(unfit, 'Limited-time offers are for marketing templates only.');
	const header = components.find((component) => component.type === 'HEADER');
	if (header && header.format !== 'IMAGE' && header.format !== 'VIDEO') throw refusedDefinition(unfit, 'The header above a limited-time offer is an image or a video.');
	if (components.some(({ type }) => type === 'FOOTER')) throw refusedDefinition(unfit, 'A limited-time offer has no footer.');
	const kinds = components.find((component) => component.type === 'BUTTONS')?.buttons.map(({ type }) => type) ?? [];
	if (kinds.some((kind) => kind !== 'COPY_CODE' && kind !== 'URL')) throw refusedDefinition(unfit, 'A limited-time offer has copy-code and URL buttons only.');
	if (!kinds.includes('URL')) throw refusedDefinition(unfit, 'A limited-time offer needs a URL button.');
	if (offer.has_expiration && !kinds.includes('COPY_CODE')) throw refusedDefinition(unfit, 'A limited-time offer with an expiration needs a copy-code button.');
	if (kinds.indexOf('COPY_CODE') > 0) throw refusedDefinition(unfit, 'The copy-code button of a limited-time offer comes first.');
}
