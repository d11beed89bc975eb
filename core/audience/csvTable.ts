import { CsvError, parse, type Info } from 'csv-parse/sync';
import { CivicError } from '../errors';

export interface CsvRecord {
	/** The line on which the record starts, as a text editor counts them. */
	line: number;
	/** The line on which it ends; later than `line` when a quoted cell holds a line break. */
	lastLine: number;
	cells: string[];
}

/**
 * Takes a CSV text apart: commas, semicolons or tabs between the cells, any mixture of line ends, blank lines left out.
 * @throws CivicError `audience.import` when a quotation mark is never closed, because then no line after it can be trusted
 */
export function readCsvTable(text: string): CsvRecord[] {
	// The library counts a line end of two characters twice when it stands inside quotation marks.
	return parseAll(text.replace(/\r\n?/g, '\n'))
		.map(({ record, info }) => ({ line: info.lines - record.reduce(countLineBreaks, 0), lastLine: info.lines, cells: record }))
		.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

function parseAll(text: string): Array<{ record: string[]; info: Info }> {
	try {
		// With `info` every record comes with its place; the library's types do not say so.
		return parse(text, {
			delimiter: delimiterOf(text),
			info: true,
			record_delimiter: '\n',
			relax_column_count: true,
			relax_quotes: true,
			skip_empty_lines: true,
		}) as unknown as Array<{ record: string[]; info: Info }>;
	} catch (cause) {
		if (!(cause instanceof CsvError)) throw cause;
		const unclosed = cause.code === 'CSV_QUOTE_NOT_CLOSED';
		throw new CivicError(
			'audience.import',
			unclosed ? 'A quotation mark in the file is opened and never closed, so the lines after it cannot be told apart.' : 'The file is not readable as CSV.',
			'Look for a single " at the start of a cell and remove or close it, or export the list anew as CSV. Nothing was imported.',
			{ cause },
		);
	}
}

/** The mark that stands most often in the first line. Topics inside a cell may be separated by semicolons, but not there. */
function delimiterOf(text: string): string {
	const [header = ''] = text.trimStart().split(/[\r\n]/, 1);
	const count = (mark: string) => header.split(mark).length;
	return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

function countLineBreaks(sum: number, cell: string): number {
	return sum + (cell.match(/\n/g)?.length ?? 0);
}
