import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, BrokenMultipart, MultipartParser, multipartFields, type PartHead } from '../../../apps/sandbox/http/multipart';

interface Part {
	head: PartHead;
	bytes: Buffer;
}

/** What a parser makes of a body that comes in chunks. */
function parse(body: Buffer, boundary: string, cuts: readonly number[] = []): Part[] {
	const parser = new MultipartParser(boundary);
	const parts: Array<{ head: PartHead; bytes: Buffer[] }> = [];
	const ends = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((one, other) => one - other);
	let start = 0;
	for (const end of [...ends, body.length]) {
		for (const event of parser.push(body.subarray(start, end))) {
			if (event.kind === 'part') parts.push({ head: event.head, bytes: [] });
			if (event.kind === 'data') parts.at(-1)?.bytes.push(Buffer.from(event.bytes));
		}
		start = end;
	}
	parser.end();
	return parts.map(({ head, bytes }) => ({ head, bytes: Buffer.concat(bytes) }));
}

function write(parts: ReadonlyArray<{ name: string; bytes: Uint8Array; filename?: string }>, boundary: string): Buffer {
	const written = parts.map(({ name, bytes, filename }) =>
		Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: image/png`}\r\n\r\n`), bytes, Buffer.from('\r\n')]),
	);
	return Buffer.concat([...written, Buffer.from(`--${boundary}--\r\n`)]);
}

/** Bytes that look like the format's own as often as not. */
const nasty = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom('\r\n', '--', '\r\n--', '\r\n--edg', '--edge', '\r', '\n', '\r\n--edge-').map((text) => Buffer.from(text))), { maxLength: 12 }).map((pieces) => Buffer.concat(pieces));

describe('a multipart body', () => {
	it('comes out as it went in, however its chunks are cut', () => {
		const part = fc.record({ name: fc.constantFrom('file', 'type', 'a b'), bytes: nasty.filter((bytes) => !bytes.includes('\r\n--edge')).filter((bytes) => !bytes.subarray(0, 6).equals(Buffer.from('--edge'))) });
		fc.assert(
			fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(), { maxLength: 20 }), (parts, cuts) => {
				const found = parse(write(parts, 'edge'), 'edge', cuts);
				expect(found.map(({ head, bytes }) => [head.name, bytes.toString('hex')])).toEqual(parts.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('hex')]));
			}),
			{ numRuns: 500 },
		);
	});

	it('of any bytes is read or refused, and never breaks the reader', () => {
		fc.assert(
			fc.property(nasty, fc.array(fc.nat(), { maxLength: 10 }), (body, cuts) => {
				try {
					parse(body, 'edge', cuts);
				} catch (thrown) {
					expect(thrown).toBeInstanceOf(BrokenMultipart);
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('may have a preamble, padding after a boundary, an epilogue and empty parts', () => {
		const body = Buffer.from('Hello\r\n--edge \t\r\ncontent-disposition: FORM-DATA; NAME="a"\r\n\r\n\r\n--edge\r\nContent-Disposition: form-data; name=b\r\n\r\n-- is no boundary\r\n--edge--\r\nGoodbye');
		expect(multipartFields(body, 'edge')).toEqual([['a', ''], ['b', '-- is no boundary']]);
	});

	it('names its files in any of the usual ways', () => {
		const head = (disposition: string): PartHead | undefined => parse(Buffer.from(`--e\r\nContent-Disposition: form-data; name="file"; ${disposition}\r\nContent-Type: image/png\r\n\r\nx\r\n--e--`), 'e')[0]?.head;
		expect(head('filename="a \\"b\\".png"')).toEqual({ name: 'file', filename: 'a "b".png', contentType: 'image/png' });
		expect(head("filename=plain.png; filename*=UTF-8''caf%C3%A9.png")?.filename).toBe('café.png');
		expect(head("filename=plain.png; filename*=UTF-8''caf%E9.png")?.filename).toBe('plain.png');
		expect(head('filename=""')?.filename).toBe('');
	});

	it.each([
		['no closing boundary', '--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--edge'],
		['no boundary at all', 'x'],
		['a part without a name', '--edge\r\nContent-Type: text/plain\r\n\r\nx\r\n--edge--'],
		['something after a boundary', '--edgeless\r\n\r\n--edge--'],
		['a head without end', `--edge\r\n${'x: y\r\n'.repeat(5000)}`],
	])('is refused with %s', (_what, body) => {
		expect(() => parse(Buffer.from(body), 'edge')).toThrow(BrokenMultipart);
	});
});

it('reads the boundary of a content type', () => {
	expect(boundaryOf('multipart/form-data; boundary=----a')).toBe('----a');
	expect(boundaryOf('Multipart/Form-Data; charset=utf-8; Boundary="a b"')).toBe('a b');
	expect(boundaryOf('multipart/form-data')).toBeUndefined();
	expect(boundaryOf('application/json; boundary=a')).toBeUndefined();
});
