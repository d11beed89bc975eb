import { createHash } from 'node:crypto';

import type { CallBody } from './graphCall';

export interface FormFile {
	field: string;
	filename: string;
	contentType: string;
	bytes: Buffer;
}

/**
 * A form with fields and one file (RFC 7578). The boundary is drawn from the content, so that the same form is the same
 * bytes, and cannot stand in the file by accident.
 */
export function formWithFile(fields: Readonly<Record<string, string>>, file: FormFile): CallBody {
	const boundary = `civic-${createHash('sha256').update(JSON.stringify(fields)).update(file.bytes).digest('hex')}`;
	const texts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`);
	const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.filename)}"\r\ncontent-type: ${oneLine(file.contentType)}\r\n\r\n`;
	const bytes = Buffer.concat([Buffer.from(texts.join('') + head, 'utf8'), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`, 'utf8')]);
	return { contentType: `multipart/form-data; boundary=${boundary}`, bytes };
}

/** As browsers write names in forms: quotes and line ends as percent codes (RFC 7578, section 2). */
function quoted(name: string): string {
	return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function oneLine(text: string): string {
	return text.replace(/[\r\n]+/g, ' ');
}
