import type { Readable } from 'node:stream';
import { BrokenMultipart, boundaryOf, MultipartParser, type PartHead } from '../../http/multipart';
import { GraphError, invalidParameter } from '../graphError';
import { mostBytesOf, plainMime, uploadTypes } from './mediaRules';
import type { MediaStore, MediaWriter, StoredMedia } from './mediaStore';

const longestField = 64 * 1024;

/** What an upload came with, besides its file. */
export interface UploadFields {
	readonly [name: string]: string | undefined;
}

/** A file of an upload as it goes to the disk. */
interface Taking {
	readonly writer: MediaWriter;
	readonly mime: string;
	readonly most: number;
}

/**
 * Reads an upload as it arrives: its file goes to the disk piece by piece, so that memory holds no more than a chunk. One
 * that is refused is read to its end all the same, and kept nowhere.
 *
 * @param accept judges the fields once everything is read
 * @throws GraphError 100 for a body that is broken, lacks its file, or has one that WhatsApp does not take
 */
export async function takeUpload(body: Readable, contentType: string, numberId: string, store: MediaStore, accept: (fields: UploadFields) => void): Promise<StoredMedia> {
	const upload = new Upload(numberId, store);
	try {
		await upload.read(body, contentType);
		accept(upload.fields);
		return await upload.finish();
	} catch (thrown) {
		await upload.discard();
		if (thrown instanceof BrokenMultipart) throw invalidParameter(thrown.message);
		if (body.errored) throw new GraphError(100, 'The upload ended before its body was complete.');
		throw thrown;
	}
}

class Upload {
	readonly fields: Record<string, string> = {};
	private file: Taking | undefined;
	private refusal: GraphError | undefined;
	private part: PartHead | undefined;
	private text: Buffer[] = [];

	constructor(
		private readonly numberId: string,
		private readonly store: MediaStore,
	) {}

	async read(body: Readable, contentType: string): Promise<void> {
		const boundary = boundaryOf(contentType);
		if (boundary === undefined) throw invalidParameter('The multipart body has no boundary');
		const parser = new MultipartParser(boundary);
		let wrong: { readonly thrown: unknown } | undefined;
		for await (const chunk of body) {
			// What is wrong is said once all has come: a client may not listen before it has written everything.
			if (wrong) continue;
			try {
				await this.push(chunk as Buffer, parser);
			} catch (thrown) {
				wrong = { thrown };
			}
		}
		if (wrong) throw wrong.thrown;
		parser.end();
	}

	/** @throws GraphError */
	async finish(): Promise<StoredMedia> {
		if (this.refusal) throw this.refusal;
		const { file } = this;
		if (!file) throw new GraphError(100, undefined, { message: '(#100) The parameter file is required.' });
		if (file.writer.size === 0) throw invalidParameter('Param file is empty');
		this.file = undefined;
		return file.writer.finish();
	}

	async discard(): Promise<void> {
		await this.file?.writer.discard();
		this.file = undefined;
	}

	private async push(chunk: Buffer, parser: MultipartParser): Promise<void> {
		for (const event of parser.push(chunk)) {
			if (event.kind === 'part') this.begin(event.head);
			else if (event.kind === 'data') await this.take(event.bytes);
			else this.endPart();
		}
	}

	private begin(head: PartHead): void {
		this.part = head;
		this.text = [];
		if (head.name !== 'file' || this.file || this.refusal) return;
		// A part without a type of its own is what the field beside it says. [assumed]
		const mime = head.contentType ?? this.fields.type ?? 'application/octet-stream';
		const most = mostBytesOf(mime);
		if (most === undefined) this.refusal = wrongType(mime);
		else if (this.store.full) this.refusal = new GraphError(131016, 'This sandbox keeps no more media.');
		else this.file = { mime, most, writer: this.store.open({ numberId: this.numberId, mime, ...(head.filename !== undefined && { filename: head.filename }), from: 'business' }) };
	}

	private async take(bytes: Buffer): Promise<void> {
		if (this.part?.name === 'file') return this.takeFile(bytes);
		this.text.push(bytes);
		if (this.text.reduce((sum, { length }) => sum + length, 0) > longestField) throw invalidParameter(`Param ${this.part?.name ?? ''} is too long`);
	}

	private async takeFile(bytes: Buffer): Promise<void> {
		const { file } = this;
		if (!file || this.refusal) return;
		if (file.writer.size + bytes.length <= file.most) return file.writer.write(bytes);
		this.refusal = invalidParameter(`Param file is larger than the ${file.most} bytes that a file of type ${plainMime(file.mime)} may have`);
	}

	private endPart(): void {
		if (this.part && this.part.name !== 'file') this.fields[this.part.name] = Buffer.concat(this.text).toString();
		this.part = undefined;
	}
}

function wrongType(mime: string): GraphError {
	const text = `Param file must be a file with one of the following types: ${uploadTypes.join(', ')}. Received file of type '${plainMime(mime)}'.`;
	return new GraphError(100, undefined, { message: `(#100) ${text}` });
}
