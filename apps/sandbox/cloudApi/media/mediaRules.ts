import type { MediaKind } from '../../residents/messageContent';

const megabyte = 1024 * 1024;
const kilobyte = 1024;

/** MIME types and sizes by kind (Meta, "Media": supported media types). */
const rules: Readonly<Record<MediaKind, { readonly mimes: ReadonlySet<string>; readonly mostBytes: number }>> = {
	audio: { mimes: new Set(['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus']), mostBytes: 16 * megabyte },
	document: {
		mimes: new Set([
			'application/pdf',
			'text/plain',
			'application/msword',
			'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
			'application/vnd.ms-excel',
			'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'application/vnd.ms-powerpoint',
			'application/vnd.openxmlformats-officedocument.presentationml.presentation',
		]),
		mostBytes: 100 * megabyte,
	},
	image: { mimes: new Set(['image/jpeg', 'image/png']), mostBytes: 5 * megabyte },
	sticker: { mimes: new Set(['image/webp']), mostBytes: 500 * kilobyte },
	video: { mimes: new Set(['video/mp4', 'video/3gpp', 'video/3gp']), mostBytes: 16 * megabyte },
};

const mostStillStickerBytes = 100 * kilobyte;

export const uploadTypes: readonly string[] = Object.values(rules).flatMap(({ mimes }) => [...mimes]);

/** The most bytes of a file that may be uploaded, whatever it is. */
export const mostUploadBytes = Math.max(...Object.values(rules).map(({ mostBytes }) => mostBytes));

/** The MIME type without its parameters (`audio/ogg; codecs=opus`), in lower case. */
export function plainMime(mime: string): string {
	return (mime.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The most bytes of a file of this type, or undefined for a type that WhatsApp does not take. */
export function mostBytesOf(mime: string): number | undefined {
	const found = Object.values(rules).filter(({ mimes }) => mimes.has(plainMime(mime)));
	return found.length === 0 ? undefined : Math.max(...found.map(({ mostBytes }) => mostBytes));
}

/** Why a medium cannot be sent as this kind, in words, or undefined. */
export function mediaProblem({ mime, size, animated }: { mime: string; size: number; animated: boolean }, kind: MediaKind, voice: boolean): string | undefined {
	const { mimes, mostBytes } = rules[kind];
	const plain = plainMime(mime);
	if (!mimes.has(plain)) return `Unsupported ${kind} mime type ${plain}. Please use one of ${[...mimes].join(', ')}.`;
	if (voice && plain !== 'audio/ogg') return `A voice message must be audio/ogg with the Opus codec, not ${plain}.`;
	const most = kind === 'sticker' && !animated ? mostStillStickerBytes : mostBytes;
	return size > most ? `The ${kind} has ${size} bytes; the limit is ${most}.` : undefined;
}
