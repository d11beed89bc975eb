import { CivicError } from '../errors';
import { typed } from '../whatsapp/redaction';

/** What a line of a list can say about a person. */
export type ImportField = 'name' | 'phone' | 'topics' | 'areas' | 'consentSource' | 'consentDate' | 'language';

/** Which column of the file holds which field, where the file uses other words than ours. */
export type ColumnMapping = Partial<Record<ImportField, string>>;

/** The position of every field's column; undefined when the file has none. */
export type ColumnPositions = Record<ImportField, number | undefined>;

interface Column {
	/** Names that are recognised without a mapping, in the spelling shown to people. */
	names: [string, ...string[]];
	required: boolean;
}

export const importColumns: Record<ImportField, Column> = {
	name: { names: ['name'], required: false },
	phone: { names: ['phone'], required: true },
	topics: { names: ['topics', 'topic'], required: true },
	areas: { names: ['areas', 'area'], required: true },
	consentSource: { names: ['consent source'], required: true },
	consentDate: { names: ['consent date'], required: true },
	language: { names: ['language'], required: false },
};

const fields = Object.keys(importColumns) as ImportField[];

/**
 * Finds the columns by their names in the first line, whatever their order, case, spaces and underscores.
 * @throws CivicError `audience.import` naming what is not there and what was found instead
 */
export function locateColumns(header: string[], mapping: ColumnMapping = {}): ColumnPositions {
	const positions = Object.fromEntries(fields.map((field) => [field, locate(header, field, mapping[field])])) as ColumnPositions;
	const missing = fields.filter((field) => importColumns[field].required && positions[field] === undefined);
	if (missing.length > 0) {
		throw refusal(
			`The file has no column ${missing.map((field) => `"${typed(mapping[field] ?? importColumns[field].names[0])}"`).join(', ')}. ${columnsFound(header)}`,
		);
	}
	return positions;
}

function locate(header: string[], field: ImportField, mapped: string | undefined): number | undefined {
	const wanted = (mapped === undefined ? importColumns[field].names : [mapped]).map(plain);
	const found = header.flatMap((name, position) => (wanted.includes(plain(name)) ? [position] : []));
	if (found.length > 1) throw refusal(`The file has the column "${typed(mapped ?? importColumns[field].names[0])}" ${found.length} times.`);
	if (found.length === 0 && mapped !== undefined) throw refusal(`The file has no column "${typed(mapped)}". ${columnsFound(header)}`);
	return found[0];
}

/** A file without column names starts with a person; then nothing of that line is shown. */
function columnsFound(header: string[]): string {
	if (header.some((cell) => cell.replace(/\D/g, '').length >= 6)) return 'Its first line looks like a person, not like names of columns.';
	return `Columns found: ${header.map((name) => name.trim().slice(0, 40) || '(no name)').join(', ')}.`;
}

function plain(name: string): string {
	return name.toLowerCase().replace(/[\s_-]+/g, '');
}

function refusal(message: string): CivicError {
	return new CivicError(
		'audience.import',
		message,
		'Name the columns in the first line: name, phone, topics, areas, consent source, consent date; or say which of your columns is which. Nothing was imported.',
	);
}
