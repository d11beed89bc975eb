import type { RenderedHeader } from '../whatsapp/templateRendering';
import type { DraftMedia } from './draftMedia';

const MB = 1024 * 1024;

/** What stands above the words, for pages and reports that show text only. The hash tells one picture from another. */
export function headerInWords({ header, headerMedia, headerPlace }: RenderedHeader, media?: DraftMedia): string | null {
	if (headerMedia !== undefined) {
		const kind = { image: 'Picture', video: 'Film', document: 'Document' }[headerMedia.kind];
		const name = headerMedia.filename === undefined ? '' : ` ${headerMedia.filename}`;
		return media === undefined ? `[${kind}${name}]` : `[${kind}${name}: ${media.mimeType}, ${(media.sizeBytes / MB).toFixed(2)} MB, SHA-256 ${media.sha256.slice(0, 12)}…]`;
	}
	if (headerPlace !== undefined) {
		const { latitude, longitude, name, address } = headerPlace;
		return `[Map: ${[name, address, `${latitude}, ${longitude}`].filter((part) => part !== undefined).join(', ')}]`;
	}
	return header ?? null;
}
