import type { JsonObject } from '../jsonReading';
import { type Part, type Problem, checkOptionalText, checkWebAddress, problem } from './problem';

/** A file at Meta, by the id that its upload gave, or one on the web, which Meta fetches and keeps for ten minutes. */
export type MediaSource = { id: string } | { link: string };

export type MediaKind = 'image' | 'video' | 'document' | 'audio' | 'sticker';

export interface PictureContent {
	type: 'image' | 'video';
	media: MediaSource;
	caption?: string;
}

export interface DocumentContent {
	type: 'document';
	media: MediaSource;
	caption?: string;
	/** What the phone shows; its extension picks the icon. */
	filename?: string;
}

export interface AudioContent {
	type: 'audio';
	media: MediaSource;
	/** Shows it as a voice note; OGG with Opus, mono, and over 512 KB it shows as a download. */
	voice?: boolean;
}

export interface StickerContent {
	type: 'sticker';
	media: MediaSource;
}

export type MediaContent = PictureContent | DocumentContent | AudioContent | StickerContent;

/** Meta: "Image messages", "Video messages", "Document messages", "Audio messages", "Sticker messages". */
export const mediaMessageLimits = { caption: 1024 } as const;

export function checkMediaContent(content: MediaContent): Problem[] {
	return [
		...checkMediaSource({ field: 'media', name: `The ${content.type}` }, content.media),
		...checkCaption(content),
		...('filename' in content ? checkFilename(content.filename) : []),
	];
}

function checkCaption(content: MediaContent): Problem[] {
	if (!('caption' in content) || content.caption === undefined) return [];
	const part = { field: 'caption', name: 'The caption' };
	const type: string = content.type;
	if (type === 'audio' || type === 'sticker') return [problem(part, `cannot go with ${type === 'audio' ? 'an audio file' : 'a sticker'}`)];
	return checkOptionalText(part, content.caption, mediaMessageLimits.caption);
}

export function checkFilename(filename: unknown): Problem[] {
	if (filename === undefined) return [];
	const named = typeof filename === 'string' && filename.trim() !== '' && !/[\p{Cc}\p{Cs}/\\]/u.test(filename);
	return named ? [] : [problem({ field: 'filename', name: 'The file name' }, 'is empty, or holds a slash or a character that no file name has')];
}

export function checkMediaSource(part: Part, media: MediaSource): Problem[] {
	if ('id' in media && 'link' in media) return [problem(part, 'is given twice, by id and by link')];
	if ('link' in media) return checkWebAddress({ ...part, name: `${part.name} link`.replace(/ link link$/, ' link') }, media.link);
	return isMediaId(media.id) ? [] : [problem(part, 'has no usable media id; it is the row of digits that the upload gave')];
}

/** Meta's ids are digits, and stand in the path of an address. */
export function isMediaId(text: unknown): text is string {
	return typeof text === 'string' && /^\d{1,32}$/.test(text);
}

export function mediaPayload(content: MediaContent): JsonObject {
	const { type, media } = content;
	const extra: Record<string, unknown> = {};
	if ('caption' in content && content.caption !== undefined) extra.caption = content.caption;
	if ('filename' in content && content.filename !== undefined) extra.filename = content.filename;
	if ('voice' in content && content.voice !== undefined) extra.voice = content.voice;
	return { type, [type]: { ...mediaObject(media), ...extra } };
}

export function mediaObject(media: MediaSource): JsonObject {
	return 'link' in media ? { link: media.link } : { id: media.id };
}
