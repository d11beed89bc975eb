import type { MediaKind } from './media';
import { type Problem, problem } from './problem';

const kB = 1024;
const MB = 1024 * kB;

/** Meta: "Media", supported media types. Sizes in bytes. */
export const mediaFileLimits: Record<MediaKind, { mimeTypes: readonly string[]; maxBytes: number }> = {
	audio: { mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'], maxBytes: 16 * MB },
	document: {
		mimeTypes: [
			'application/pdf',
			'text/plain',
			'application/msword',
			'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
			'application/vnd.ms-excel',
			'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'application/vnd.ms-powerpoint',
			'application/vnd.openxmlformats-officedocument.presentationml.presentation',
		],
		maxBytes: 100 * MB,
	},
	image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * MB },
	sticker: { mimeTypes: ['image/webp'], maxBytes: 500 * kB },
	video: { mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MB },
};

/** A sticker that does not move may be smaller only. */
export const stillStickerBytes = 100 * kB;
/** Nothing that people send or receive is larger. */
export const largestFileBytes = 100 * MB;

/** A MIME type without its parameters, in small letters: `audio/ogg; codecs=opus` is `audio/ogg`. */
export function bareMimeType(mimeType: string): string {
	return (mimeType.split(';')[0] ?? '').trim().toLowerCase();
}

/** What a file of this type is sent as; undefined for types that WhatsApp does not take. */
export function mediaKindOf(mimeType: string): MediaKind | undefined {
	const bare = bareMimeType(mimeType);
	return (Object.keys(mediaFileLimits) as MediaKind[]).find((kind) => mediaFileLimits[kind].mimeTypes.includes(bare));
}

/** Whether a file can be sent as this kind of message. */
export function checkMediaFile(kind: MediaKind, { mimeType, sizeBytes }: { mimeType: string; sizeBytes: number }): Problem[] {
	const { mimeTypes, maxBytes } = mediaFileLimits[kind];
	const part = { field: 'media', name: `The ${kind}` };
	const bare = bareMimeType(mimeType);
	if (!mimeTypes.includes(bare)) return [problem(part, `is of the type ${bare.slice(0, 80) || 'unknown'}; WhatsApp takes ${mimeTypes.join(', ')}`)];
	if (sizeBytes === 0) return [problem(part, 'is empty')];
	return sizeBytes <= maxBytes ? [] : [problem(part, `has ${sizeBytes} bytes; WhatsApp takes at most ${maxBytes} (${inWords(maxBytes)})`)];
}

function inWords(bytes: number): string {
	return bytes >= MB ? `${bytes / MB} MB` : `${bytes / kB} KB`;
}
