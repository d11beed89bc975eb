/** What a `multipart/form-data` body holds, in the order of its bytes (RFC 7578, RFC 2046 section 5.1). */
export type MultipartEvent = { readonly kind: 'part'; readonly head: PartHead } | { readonly kind: 'data'; readonly bytes: Buffer } | { readonly kind: 'end' };

export interface PartHead {
	readonly name: string;
	/** There for files only. */
	readonly filename?: string;
	/** As written; absent where the part has none. */
	readonly contentType?: string;
}

/** A body that breaks the rules of the format; the message says how. */
export class BrokenMultipart extends Error {}

const longestHead = 16 * 1024;
const mostParts = 1000;
const lineEnd = Buffer.from('\r\n');
const headEnd = Buffer.from('\r\n\r\n');

/**
 * Takes a body apart as it arrives, whatever the sizes of its chunks: it holds back only what may be the beginning of a
 * boundary, and the head of a part. Bytes of files pass through unchanged.
 */
export class MultipartParser {
	private readonly delimiter: Buffer;
	private state: 'preamble' | 'boundary' | 'head' | 'body' | 'done' = 'preamble';
	/** The first boundary may open the body; with a line end in front it looks like the others. */
	private rest: Buffer = lineEnd;
	private parts = 0;

	constructor(boundary: string) {
		this.delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
	}

	/** @throws BrokenMultipart */
	*push(chunk: Buffer): Generator<MultipartEvent> {
		if (this.state === 'done') return;
		this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
		for (;;) {
			const event = this.step();
			if (event === 'more') return;
			if (event !== 'on') yield event;
		}
	}

	/** To be called after the last chunk. @throws BrokenMultipart when the closing boundary never came */
	end(): void {
		if (this.state !== 'done') throw new BrokenMultipart('The closing boundary of the multipart body is missing.');
	}

	private step(): MultipartEvent | 'more' | 'on' {
		switch (this.state) {
			case 'preamble':
				return this.findBoundary() ?? 'more';
			case 'body':
				return this.findBoundary() ?? 'more';
			case 'boundary':
				return this.afterBoundary();
			case 'head':
				return this.readHead();
			case 'done':
				this.rest = lineEnd;
				return 'more';
		}
	}

	private findBoundary(): MultipartEvent | 'on' | undefined {
		const inBody = this.state === 'body';
		const at = this.rest.indexOf(this.delimiter);
		if (at > 0 && inBody) return this.take(at);
		if (at >= 0) {
			this.rest = this.rest.subarray(at + this.delimiter.length);
			this.state = 'boundary';
			return inBody ? { kind: 'end' } : 'on';
		}
		// Whatever could be the beginning of a delimiter waits for the next chunk.
		const safe = this.rest.length - this.delimiter.length + 1;
		if (safe <= 0) return undefined;
		const data = this.take(safe);
		return inBody ? data : 'on';
	}

	private take(length: number): MultipartEvent {
		const bytes = this.rest.subarray(0, length);
		this.rest = this.rest.subarray(length);
		return { kind: 'data', bytes };
	}

	private afterBoundary(): 'more' | 'on' {
		if (this.rest.length < 2) return 'more';
		if (this.rest[0] === 0x2d && this.rest[1] === 0x2d) {
			this.state = 'done';
			return 'on';
		}
		const end = this.rest.indexOf(lineEnd);
		if (end < 0 && this.rest.length < 256) return 'more';
		if (end < 0 || !/^[ \t]*$/.test(this.rest.toString('latin1', 0, end))) throw new BrokenMultipart('A boundary of the multipart body is not followed by a line end.');
		this.rest = this.rest.subarray(end);
		this.state = 'head';
		return 'on';
	}

	private readHead(): MultipartEvent | 'more' {
		const end = this.rest.indexOf(headEnd);
		if (end > longestHead || (end < 0 && this.rest.length > longestHead)) throw new BrokenMultipart('The head of a part of the multipart body is too long.');
		if (end < 0) return 'more';
		if (++this.parts > mostParts) throw new BrokenMultipart('The multipart body has too many parts.');
		const head = readHeaders(this.rest.toString('utf8', 0, end));
		this.rest = this.rest.subarray(end + headEnd.length);
		this.state = 'body';
		return { kind: 'part', head };
	}
}

/** The boundary of a `multipart/form-data` content type, or undefined where it names none. */
export function boundaryOf(contentType: string): string | undefined {
	if (!/^\s*multipart\/form-data\s*;/i.test(contentType)) return undefined;
	const boundary = parametersOf(contentType).get('boundary');
	return boundary && boundary.length <= 200 ? boundary : undefined;
}

/**
 * The text fields of a body that is there already; files are left out.
 *
 * @throws BrokenMultipart
 */
export function multipartFields(body: Buffer, boundary: string): Array<[string, string]> {
	const parser = new MultipartParser(boundary);
	const fields: Array<[string, string]> = [];
	let current: { head: PartHead; bytes: Buffer[] } | undefined;
	for (const event of parser.push(body)) {
		if (event.kind === 'part') current = { head: event.head, bytes: [] };
		else if (event.kind === 'data') current?.bytes.push(event.bytes);
		else if (current?.head.filename === undefined) fields.push([current?.head.name ?? '', Buffer.concat(current?.bytes ?? []).toString()]);
	}
	parser.end();
	return fields;
}

function readHeaders(text: string): PartHead {
	const headers = new Map(
		text
			.split('\r\n')
			.filter(Boolean)
			.map((line) => {
				const colon = line.indexOf(':');
				return [line.slice(0, colon < 0 ? line.length : colon).trim().toLowerCase(), colon < 0 ? '' : line.slice(colon + 1).trim()] as const;
			}),
	);
	const disposition = headers.get('content-disposition') ?? '';
	const parameters = parametersOf(disposition);
	const name = parameters.get('name');
	if (!/^form-data\b/i.test(disposition) || name === undefined) throw new BrokenMultipart('A part of the multipart body has no name.');
	const filename = extendedValue(parameters.get('filename*')) ?? parameters.get('filename');
	const contentType = headers.get('content-type');
	return { name, ...(filename !== undefined && { filename }), ...(contentType && { contentType }) };
}

function parametersOf(header: string): Map<string, string> {
	const parameters = new Map<string, string>();
	for (const [, name = '', quoted, plain] of header.matchAll(/;\s*([^=;\s]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*))/g)) {
		parameters.set(name.toLowerCase(), quoted === undefined ? (plain ?? '').trim() : quoted.replace(/\\(["\\])/g, '$1'));
	}
	return parameters;
}

/** A value such as `UTF-8''caf%C3%A9.pdf` (RFC 5987). */
function extendedValue(value: string | undefined): string | undefined {
	const encoded = value?.match(/^utf-8'[^']*'(.*)$/i)?.[1];
	if (encoded === undefined) return undefined;
	try {
		return decodeURIComponent(encoded);
	} catch (thrown) {
		// A client that cannot encode gets its plain file name, which stands beside it.
		if (thrown instanceof URIError) return undefined;
		throw thrown;
	}
}
