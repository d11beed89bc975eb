import type { JsonObject } from '../jsonReading';
import { type Problem, checkText } from './problem';

/** Words alone, for somebody who wrote within the last 24 hours. */
export interface TextContent {
	type: 'text';
	/** WhatsApp's own marks for bold and so on are allowed, and line breaks. */
	body: string;
	/** Shows a card for the first link; only where it begins with http:// or https://. */
	previewUrl?: boolean;
}

/** Meta: "Text messages". */
export const textLimits = { body: 4096 } as const;

export function checkTextContent({ body }: TextContent): Problem[] {
	return checkText({ field: 'body', name: 'The text' }, body, textLimits.body);
}

export function textPayload({ body, previewUrl }: TextContent): JsonObject {
	return { type: 'text', text: { body, ...(previewUrl === undefined ? {} : { preview_url: previewUrl }) } };
}
