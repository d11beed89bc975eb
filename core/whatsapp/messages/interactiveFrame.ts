import type { JsonObject } from '../jsonReading';
import { type MediaSource, checkMediaSource, mediaObject } from './media';
import { type Problem, checkLine, checkOptionalText, checkText } from './problem';

/** What stands above the words of an interactive message. */
export type InteractiveHeader = { type: 'text'; text: string } | { type: 'image' | 'video' | 'document'; media: MediaSource };

/** The words around buttons, a list or a link. */
export interface InteractiveFrame {
	header?: InteractiveHeader;
	body: string;
	footer?: string;
}

/** Meta: "Interactive reply buttons messages", "Interactive call-to-action URL button messages". */
export const frameLimits = { headerText: 60, footer: 60 } as const;

export function checkFrame({ header, body, footer }: InteractiveFrame, bodyLimit: number): Problem[] {
	return [
		...(header === undefined ? [] : checkHeader(header)),
		...checkText({ field: 'body', name: 'The text' }, body, bodyLimit),
		...checkOptionalText({ field: 'footer', name: 'The footer' }, footer, frameLimits.footer),
	];
}

function checkHeader(header: InteractiveHeader): Problem[] {
	return header.type === 'text'
		? checkLine({ field: 'header.text', name: 'The header' }, header.text, frameLimits.headerText)
		: checkMediaSource({ field: 'header.media', name: `The ${header.type} in the header` }, header.media);
}

export function interactivePayload(kind: string, { header, body, footer }: InteractiveFrame, action: JsonObject): JsonObject {
	return {
		type: 'interactive',
		interactive: {
			type: kind,
			...(header === undefined ? {} : { header: header.type === 'text' ? { type: 'text', text: header.text } : { type: header.type, [header.type]: mediaObject(header.media) } }),
			body: { text: body },
			...(footer === undefined ? {} : { footer: { text: footer } }),
			action,
		},
	};
}
