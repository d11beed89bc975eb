import { type Template, componentOf } from './template';
import type { TemplateValues } from './templateParameters';

/** Meta: "Limited-time offer templates". The code is that of the copy-code button. */
export const offerLimits = { text: 16, body: 600, code: 15 } as const;

/** The one value of an offer: when it ends. */
export const offerEndKey = 'offer_ends';

export interface TemplateOffer {
	/** What the phone shows beside the clock: “Last places!” */
	text: string;
	/** Whether each message says when the offer ends, and the phone counts down to it. */
	expires: boolean;
}

/** What a template offers for a limited time (Meta: "Limited-time offer templates"); undefined for other templates. */
export function offerOf(template: Template): TemplateOffer | undefined {
	const offer = componentOf(template, 'LIMITED_TIME_OFFER')?.limited_time_offer;
	return offer === undefined ? undefined : { text: offer.text, expires: offer.has_expiration };
}

/** ISO 8601 with its offset, so that no clock or zone of a machine has a say in it. */
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** @returns ms since 1970; undefined for anything but a real date and time with an offset */
export function momentOf(text: string): number | undefined {
	const at = moment.test(text) ? Date.parse(text) : Number.NaN;
	if (Number.isNaN(at)) return undefined;
	const day = text.slice(0, 'yyyy-mm-dd'.length);
	// 30 February is read as a day in March; a day that comes back the same is one.
	return new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().startsWith(day) ? at : undefined;
}

/** When the offer in a message ends, ms; undefined where the template holds no offer that ends. */
export function offerEnd(template: Template, values: TemplateValues): number | undefined {
	if (offerOf(template)?.expires !== true) return undefined;
	return Object.hasOwn(values, offerEndKey) ? momentOf(String(values[offerEndKey])) : undefined;
}
