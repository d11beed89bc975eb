import type { JsonObject } from '../jsonReading';
import { type InteractiveFrame, checkFrame, interactivePayload } from './interactiveFrame';
import { type Problem, checkLine, checkWebAddress } from './problem';

/** Words with one button that opens a web page. */
export interface LinkContent extends InteractiveFrame {
	type: 'link';
	/** What the button says. */
	displayText: string;
	url: string;
}

/** Meta: "Interactive call-to-action URL button messages"; the length of an address as for buttons of templates. */
export const linkLimits = { body: 1024, displayText: 20, url: 2000 } as const;

export function checkLinkContent(content: LinkContent): Problem[] {
	return [
		...checkFrame(content, linkLimits.body),
		...checkLine({ field: 'displayText', name: 'The text of the link button' }, content.displayText, linkLimits.displayText),
		...checkWebAddress({ field: 'url', name: 'The address of the link button' }, content.url, linkLimits.url),
	];
}

export function linkPayload(content: LinkContent): JsonObject {
	return interactivePayload('cta_url', content, { name: 'cta_url', parameters: { display_text: content.displayText, url: content.url } });
}
