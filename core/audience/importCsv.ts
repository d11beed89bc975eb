import { defineQuery } from '../store/command';
import type { Store } from '../store/store';
import type { ColumnMapping } from './importColumns';
import { fileResource, importContacts, type ImportPart } from './importContacts';
import { openImport, type LineNote } from './importRows';

export interface CsvImport {
	/** The file as bytes, or its text. */
	content: string | Uint8Array;
	/** Where the list comes from, in the words of whoever imports it. */
	source: string;
	/** Who imports it. */
	importedBy?: string;
	/** Which column of the file holds what, where its names differ from ours. */
	columns?: ColumnMapping;
	/** Milliseconds since the epoch. */
	now: number;
}

/** Every line is counted once: lines = imported + updated + unchanged + skipped.length. */
export interface ImportReport {
	/** People in the file, without blank lines and the line of column names. */
	lines: number;
	imported: number;
	updated: number;
	unchanged: number;
	/** Lines that were not imported, in the order of the file; people who opted out among them. */
	skipped: LineNote[];
	/** How many of the skipped lines are people who opted out. */
	optedOut: number;
	/** Lines that were imported but for one topic, which the person had opted out of. */
	partly: LineNote[];
	/** Whether exactly this file was imported before. */
	seenBefore: boolean;
}

/** Small enough that nobody else waits long for the store, large enough that the disk is not what takes the time. */
const rowsATransaction = 500;

/**
 * Imports a list of people, one transaction for every 500 lines. Done again, after an interruption too, it adds only what
 * is not there yet.
 * @throws CivicError `audience.import` when the file as a whole is not usable; then nothing was imported
 */
export async function importCsv(store: Store, input: CsvImport): Promise<ImportReport> {
	const { content, source, importedBy, columns, now } = input;
	const file = openImport(content, now, columns);
	const seenBefore = await store.execute(fileSeenBefore, { digest: file.digest });
	const report: ImportReport = { lines: file.lines, imported: 0, updated: 0, unchanged: 0, skipped: [], optedOut: 0, partly: [], seenBefore };
	let part = emptyPart();
	for (const line of file.check()) {
		if ('row' in line) part.rows.push(line.row);
		else {
			report.skipped.push(line.skipped);
			part.skipped++;
		}
		if (part.rows.length + part.skipped === rowsATransaction) {
			await importPart(store, part, report);
			part = emptyPart();
		}
	}
	// Also when no line was usable: that somebody tried belongs on record.
	if (part.rows.length + part.skipped > 0 || file.lines === 0) await importPart(store, part, report);
	report.skipped.sort((one, other) => one.line - other.line);
	return report;

	function emptyPart(): ImportPart {
		return { rows: [], source, importedBy, digest: file.digest, skipped: 0 };
	}
}

async function importPart(store: Store, part: ImportPart, report: ImportReport): Promise<void> {
	const done = await store.execute(importContacts, part);
	report.imported += done.imported;
	report.updated += done.updated;
	report.unchanged += done.unchanged;
	report.optedOut += done.optedOut.length;
	report.skipped.push(...done.optedOut);
	report.partly.push(...done.partly);
}

/** The same list under another file name is still the same list. */
export const fileSeenBefore = defineQuery('audience.file-seen-before', async (context, { digest }: { digest: string }): Promise<boolean> => {
	const { type, id } = fileResource(context, digest);
	const rows = await context.sql.all('SELECT 1 FROM ledger_index WHERE resource_type = ? AND resource_id = ? LIMIT 1', type, id);
	return rows.length > 0;
});
