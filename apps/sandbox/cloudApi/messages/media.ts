import type { JsonObject } from '../../http/json';
import type { MediaKind, MessageMedia } from '../../residents/messageContent';
import { invalidParameter, notAnObjectId } from '../graphError';
import { mediaProblem } from '../media/mediaRules';
import type { StoredMedia } from '../media/mediaStore';
import { booleanAt, missing, objectAt, onlyKeys, optionalTextAt } from '../objectShape';
import { GraphError, type GraphCode } from '../graphError';
import type { ReadFamily, ReadingContext } from './family';

const longestCaption = 1024;
const longestFilename = 240;

const keysByKind: Readonly<Record<MediaKind, ReadonlySet<string>>> = {
	image: new Set(['id', 'link', 'caption']),
	video: new Set(['id', 'link', 'caption']),
	document: new Set(['id', 'link', 'caption', 'filename']),
	audio: new Set(['id', 'link', 'voice']),
	sticker: new Set(['id', 'link']),
};

/** A medium as sent, and why Meta will not deliver it, if so. */
export interface SentMedia {
	readonly media: MessageMedia;
	readonly failure?: GraphCode;
}

/** `type: image | video | document | audio | sticker` (Meta, "Media messages" and the page of each kind). */
export function readMedia(kind: MediaKind): ReadFamily {
	return (body, context) => {
		const { media, failure } = mediaOf(objectAt(body, kind, kind), kind, kind, context);
		return () => ({ content: { body: '', buttons: [], media }, ...(failure !== undefined && { failure }) });
	};
}

/**
 * @param allowed the keys of the object where they are not those of the kind's own message
 * @throws GraphError 100 for an id that is not there (or no longer), 131053 for wrong media where the knob says at once
 */
export function mediaOf(given: JsonObject, kind: MediaKind, path: string, { media: store, number, knobs }: ReadingContext, allowed: ReadonlySet<string> = keysByKind[kind]): SentMedia {
	onlyKeys(given, allowed, path);
	const [id, link] = [optionalTextAt(given, 'id', `${path}.id`), optionalTextAt(given, 'link', `${path}.link`)];
	if (!id && !link) throw missing(`${path}.id or ${path}.link`);
	if (id && link) throw invalidParameter(`Param ${path} must have either id or link, not both`);
	const caption = optionalTextAt(given, 'caption', `${path}.caption`);
	if (caption !== undefined && caption.length > longestCaption) throw invalidParameter(`Param ${path}['caption'] must be at most ${longestCaption} characters long.`);
	const filename = optionalTextAt(given, 'filename', `${path}.filename`);
	if (filename !== undefined && filename.length > longestFilename) throw invalidParameter(`Param ${path}['filename'] must be at most ${longestFilename} characters long.`);
	const voice = booleanAt(given, 'voice', `${path}.voice`);
	const stored = id ? storedAt(id, path, store.find(id, number.id)) : undefined;
	if (link) checkLink(link, path);
	const problem = stored ? mediaProblem(stored, kind, voice === true) : linkProblem(link ?? '', knobs.mediaLinks);
	if (problem && knobs.wrongMedia === 'synchronous') throw new GraphError(131053, problem);
	return {
		media: {
			kind,
			...(id ? { id } : link && { link }),
			...(stored && { mime: stored.mime }),
			...(filename && { filename }),
			...(caption && { caption }),
			...(voice && { voice }),
			...(stored?.animated && { animated: true }),
		},
		...(problem && { failure: 131053 }),
	};
}

function storedAt(id: string, path: string, stored: StoredMedia | undefined): StoredMedia {
	if (!stored) throw notAnObjectId(`${path}['id']`, 'whatsapp business account media attachment');
	return stored;
}

function checkLink(link: string, path: string): void {
	const url = URL.canParse(link) ? new URL(link) : undefined;
	if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || link.length > 2048) throw invalidParameter(`Param ${path}['link'] is not a valid URI.`);
}

/** This sandbox fetches nothing; addresses under `.invalid`, which can exist nowhere (RFC 2606), stand for those that fail. */
function linkProblem(link: string, mediaLinks: ReadingContext['knobs']['mediaLinks']): string | undefined {
	const unreachable = mediaLinks === 'unreachable' || new URL(link).hostname.endsWith('.invalid');
	return unreachable ? 'Downloading media from weblink failed with http code 404, status message Not Found' : undefined;
}
