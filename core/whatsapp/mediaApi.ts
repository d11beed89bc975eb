import { createHash } from 'node:crypto';

import { CivicError } from '../errors';
import { type TransportAnswer, isTransportFault } from './connection';
import { type GraphCaller, type Subject, unreachable } from './graphCall';
import { type JsonObject, integerAt, textAt } from './jsonReading';
import { isMediaId } from './messages/media';
import { checkMediaBytes } from './messages/mediaContent';
import { bareMimeType, checkMediaFile, largestFileBytes, mediaKindOf, stillStickerBytes } from './messages/mediaFile';
import { formWithFile } from './multipart';
import { typedMetaId } from './redaction';

/** A file at Meta. Uploads are kept for 30 days, what people sent for 7; the address is good for five minutes. */
export interface MediaDetails {
	url: string;
	mimeType: string;
	/** Hexadecimal, where Meta gives one. */
	sha256?: string;
	sizeBytes?: number;
}

export interface MediaUpload {
	bytes: Buffer;
	mimeType: string;
	filename: string;
}

/** Meta: "Media". */
export interface MediaApi {
	/** Checks type and size before anything leaves. @throws CivicError `media.unusable`, `channel.access`, `whatsapp.refused`, `whatsapp.unreachable` */
	uploadMedia(file: MediaUpload): Promise<{ id: string }>;
	/** @throws CivicError `media.unknown`, and as `uploadMedia` */
	mediaDetails(id: string): Promise<MediaDetails>;
	/**
	 * The file itself, at most 100 MB and proven by its SHA-256.
	 * @throws CivicError `media.unknown`; `media.unusable` when it is too large or not the file that was meant; `channel.address`
	 * when its address leads elsewhere than to Meta; and as `uploadMedia`
	 */
	downloadMedia(id: string): Promise<{ bytes: Buffer; mimeType: string }>;
	/** @throws CivicError as `mediaDetails` */
	deleteMedia(id: string): Promise<void>;
}

/** A large file over a slow line. */
const fileTimeoutMs = 300_000;

export function createMediaApi(graph: GraphCaller, phoneNumberId: string): MediaApi {
	const details = async (id: string): Promise<MediaDetails> => {
		const subject = subjectOf(id);
		return readDetails((await graph.get(id, { phone_number_id: phoneNumberId }, subject)).json, subject);
	};
	return {
		uploadMedia: async (file) => {
			requireUsable(file);
			const form = formWithFile({ messaging_product: 'whatsapp', type: file.mimeType }, { field: 'file', filename: file.filename, contentType: file.mimeType, bytes: file.bytes });
			const { json } = await graph.change('POST', `${phoneNumberId}/media`, form, 'the upload of a file', { timeoutMs: fileTimeoutMs });
			const id = textAt(json, 'id');
			if (!isMediaId(id)) throw new CivicError('whatsapp.refused', 'Meta’s answer to the upload of a file names no id.', 'Try again. If it stays so, check the Graph version of the channel.');
			return { id };
		},
		mediaDetails: details,
		downloadMedia: async (id) => await download(graph, details, id),
		deleteMedia: async (id) => {
			await graph.change('DELETE', id, undefined, subjectOf(id));
		},
	};
}

/** @throws CivicError `media.unknown` before a call: the id stands in the path of an address */
function subjectOf(id: string): Subject {
	const hint = 'Uploads are kept for 30 days and files that people sent for 7. Upload the file again, or ask the person to send it again.';
	if (!isMediaId(id)) throw new CivicError('media.unknown', 'This is not the id of a file at Meta.', 'It is the row of digits that the upload gave, or that came with the message.');
	return { name: `the file with the id ${typedMetaId(id)}`, unknown: { code: 'media.unknown', hint } };
}

function requireUsable({ bytes, mimeType }: MediaUpload): void {
	const problems = checkUpload(bytes, mimeType);
	if (problems.length > 0) throw new CivicError('media.unusable', problems.join(' '), 'Save it in another format or smaller, and upload it again. Nothing was uploaded.');
}

function checkUpload(bytes: Buffer, mimeType: string): string[] {
	const kind = mediaKindOf(mimeType);
	if (kind === undefined) return [`WhatsApp takes no files of the type ${bareMimeType(mimeType).slice(0, 80) || 'unknown'}.`];
	const found = [...checkMediaFile(kind, { mimeType, sizeBytes: bytes.length })];
	return (found.length > 0 ? found : checkMediaBytes(mimeType, bytes, stillStickerBytes)).map(({ message }) => message);
}

function readDetails(json: JsonObject, { name }: Subject): MediaDetails {
	const url = textAt(json, 'url');
	const mimeType = textAt(json, 'mime_type');
	if (url === undefined || mimeType === undefined) throw new CivicError('whatsapp.refused', `Meta’s answer about ${name} names no address or no type.`, 'Try again. If it stays so, check the Graph version of the channel.');
	const sha256 = hexHash(textAt(json, 'sha256'));
	const sizeBytes = integerAt(json, 'file_size');
	return { url, mimeType, ...(sha256 === undefined ? {} : { sha256 }), ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}

/** Meta writes the hash in hexadecimal here and in base64 in webhooks. */
function hexHash(written: string | undefined): string | undefined {
	if (written === undefined || /^[0-9a-f]{64}$/i.test(written)) return written?.toLowerCase();
	return /^[A-Za-z0-9+/]{43}=$/.test(written) ? Buffer.from(written, 'base64').toString('hex') : written;
}

async function download(graph: GraphCaller, details: (id: string) => Promise<MediaDetails>, id: string): Promise<{ bytes: Buffer; mimeType: string }> {
	const subject = subjectOf(id);
	let file = await details(id);
	let answer = await fetchFile(graph, file, subject);
	// The address lives for five minutes only; a 404 asks for a new one (Meta: "Media", download).
	if (answer.status === 404) {
		file = await details(id);
		answer = await fetchFile(graph, file, subject);
	}
	return { bytes: checkedBytes(answer, file, subject), mimeType: file.mimeType };
}

async function fetchFile(graph: GraphCaller, { url, sizeBytes }: MediaDetails, subject: Subject): Promise<TransportAnswer> {
	if (sizeBytes !== undefined && sizeBytes > largestFileBytes) throw tooLarge(subject);
	try {
		return await graph.fetchFile(url, largestFileBytes, { timeoutMs: fileTimeoutMs });
	} catch (fault) {
		throw isTransportFault(fault) ? unreachable(fault, subject) : fault;
	}
}

function checkedBytes(answer: TransportAnswer, { sha256 }: MediaDetails, { name, unknown }: Subject): Buffer {
	const { status, bytes } = answer;
	if (status === 404) throw new CivicError('media.unknown', `${capital(name)} is not there any more.`, unknown?.hint ?? '');
	if (status === 401 || status === 403) throw new CivicError('channel.access', `Meta does not give out ${name} to this access token.`, 'Ask IT to check the token in the channel’s credential.');
	if (status < 200 || status >= 300 || bytes === undefined) {
		throw new CivicError('whatsapp.unreachable', `The answer to the download of ${name} (HTTP ${status}) was no file.`, 'Try again. If it stays so, ask IT whether a proxy or filter answers in place of Meta.');
	}
	if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
		throw new CivicError('media.unusable', `${capital(name)} arrived damaged: it is not the file that Meta describes.`, 'Try again. If it stays so, ask IT what changes downloads on the way.');
	}
	return bytes;
}

function tooLarge({ name }: Subject): CivicError {
	return new CivicError('media.unusable', `${capital(name)} is larger than 100 MB.`, 'Ask the person to send a smaller one.');
}

function capital(name: string): string {
	return name.charAt(0).toUpperCase() + name.slice(1);
}
