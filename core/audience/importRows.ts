import { createHash } from 'node:crypto';
import { CivicError } from '../errors';
import type { E164 } from '../whatsapp/phoneNumber';
import { decodeCsv } from './csvText';
import { readCsvTable } from './csvTable';
import { locateColumns, type ColumnMapping } from './importColumns';
import { LineChecks } from './lineChecks';

/** A line that may be imported. */
export interface ImportRow {
	line: number;
	/** Empty when the list gives none. */
	name: string;
	phone: E164;
	/** Codes. */
	topics: string[];
	areas: Array<{ code: string; name: string }>;
	consentSource: string;
	/** When the person agreed, milliseconds since the epoch. */
	consentDate: number;
	/** ISO 639 code; undefined when the list does not say. */
	language?: string;
}

/** A line that was not imported, or not wholly, with what stands in the way and how to mend it. */
export interface LineNote {
	line: number;
	reason: string;
	howToGoOn: string;
}

export type CheckedLine = { row: ImportRow } | { skipped: LineNote };

export interface ImportFile {
	/** SHA-256 of the bytes, hex. */
	digest: string;
	/** How many people the file lists, good lines and bad. Blank lines and the line of column names do not count. */
	lines: number;
	/** Checks one line after another, so that a long list can be worked on in pieces. To be walked through once. */
	check(): Generator<CheckedLine>;
}

/**
 * Reads a list of people from CSV.
 * @param content the file as bytes, or its text
 * @param now milliseconds since the epoch; a consent date after it is refused
 * @throws CivicError `audience.import` when the file as a whole is not usable; bad lines are reported one by one instead
 */
export function openImport(content: string | Uint8Array, now: number, mapping?: ColumnMapping): ImportFile {
	const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
	const [header, ...records] = readCsvTable(decodeCsv(bytes));
	if (header === undefined) {
		throw new CivicError('audience.import', 'The file is empty.', 'Choose a CSV file whose first line names the columns.');
	}
	const positions = locateColumns(header.cells, mapping);
	return {
		digest: createHash('sha256').update(bytes).digest('hex'),
		lines: records.length,
		check: function* () {
			const checks = new LineChecks(positions, header.cells.length, now);
			for (const record of records) yield checks.check(record);
		},
	};
}
