import { CivicError } from '../errors';

/** Far above any real list (a million people take about 100 MB); beyond it the file is something else. */
const maxBytes = 256 * 1024 * 1024;

/**
 * The text of a CSV file, whichever way its program wrote it: UTF-8 or UTF-16 with a byte order mark, plain UTF-8, or
 * Windows-1252, which older spreadsheets still write. Every sequence of bytes is valid Windows-1252, so it comes last.
 * @throws CivicError `audience.import` for an Excel workbook or anything else that is not text
 */
export function decodeCsv(bytes: Uint8Array): string {
	if (bytes.length > maxBytes) throw refusal('The file is larger than 256 MB.', 'Split it into several files and import them one after another.');
	if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
		throw refusal('The file is an Excel workbook, not CSV.', 'Open it and save it as "CSV UTF-8 (comma delimited)", then import that.');
	}
	const text = decode(bytes);
	if (text.includes('\0')) throw refusal('The file is not text.', 'Export the list as "CSV UTF-8 (comma delimited)" and import that.');
	return text;
}

function decode(bytes: Uint8Array): string {
	if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes);
	if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		if (cause instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
		throw cause;
	}
}

function startsWith(bytes: Uint8Array, start: number[]): boolean {
	return start.every((byte, i) => bytes[i] === byte);
}

function refusal(message: string, hint: string): CivicError {
	return new CivicError('audience.import', message, hint);
}
