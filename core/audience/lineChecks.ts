import { isCivicError } from '../errors';
import { maskPhone, parsePhoneNumber, type E164 } from '../whatsapp/phoneNumber';
import { codeFor } from './code';
import type { CsvRecord } from './csvTable';
import { parseDay } from './day';
import { importColumns, type ColumnPositions, type ImportField } from './importColumns';
import type { CheckedLine, ImportRow, LineNote } from './importRows';

/** Longest cell of each column, in characters. A longer one is text that ended up in the wrong place. */
const longest: Record<ImportField, number> = {
	name: 120,
	phone: 40,
	topics: 500,
	areas: 500,
	consentSource: 200,
	consentDate: 40,
	language: 40,
};

const languages = new Map([
	['english', 'en'],
	['saesneg', 'en'],
	['welsh', 'cy'],
	['cymraeg', 'cy'],
]);

/** A spreadsheet runs such a cell as a formula when the list is exported again (OWASP, "CSV Injection"). */
const formula = /^(?:[\t\r]|\s*[=+\-@＝＋－＠])/u;

/** Consent from before text messaging was common is a slip of the keyboard. */
const earliestConsent = Date.UTC(1990, 0, 1);

type Finding = Omit<LineNote, 'line'>;

/** The checks of one file. It remembers which line had a number first. */
export class LineChecks {
	readonly #lineOf = new Map<E164, number>();
	readonly #days = new Map<string, number | undefined>();
	#findings: Finding[] = [];

	constructor(
		private readonly positions: ColumnPositions,
		private readonly columns: number,
		private readonly now: number,
	) {}

	check(record: CsvRecord): CheckedLine {
		this.#findings = [];
		const row = this.#shape(record) ? this.#row(record) : undefined;
		if (row !== undefined && this.#findings.length === 0) {
			this.#lineOf.set(row.phone, row.line);
			return { row };
		}
		const together = (field: keyof Finding) => [...new Set(this.#findings.map((finding) => finding[field]))].join(' ');
		return { skipped: { line: record.line, reason: together('reason'), howToGoOn: together('howToGoOn') } };
	}

	/** Whether the cells can be told apart at all. When not, looking into them would only mislead. */
	#shape({ line, lastLine, cells }: CsvRecord): boolean {
		if (lastLine > line) {
			this.#find(`Lines ${line} to ${lastLine} are one entry, because a quotation mark holds a line break.`, 'Remove the line break, or the single quotation mark.');
		} else if (cells.length !== this.columns) {
			this.#find(`The line has ${cells.length} cells, and the first line names ${this.columns} columns.`, 'Put cells that hold a comma in quotation marks, and fill missing cells with nothing between two commas.');
		}
		return this.#findings.length === 0;
	}

	#row({ line, cells }: CsvRecord): ImportRow | undefined {
		const name = this.#text(cells, 'name');
		const phone = this.#phone(cells);
		const topics = this.#list(cells, 'topics');
		const areas = this.#list(cells, 'areas');
		const consentSource = this.#text(cells, 'consentSource');
		const consentDate = this.#consentDate(cells);
		const language = this.#language(cells);
		if (consentSource === '') this.#find('It does not say how the person agreed to be messaged.', 'Fill in the consent source, such as "web form" or "letter". Nobody is messaged without it.');
		if (phone === undefined || consentDate === undefined) return undefined;
		return { line, name, phone, topics: topics.map(({ code }) => code), areas, consentSource, consentDate, language };
	}

	#find(reason: string, howToGoOn: string): void {
		this.#findings.push({ reason, howToGoOn });
	}

	/** The cell without the space around it; empty when it is not usable, with a finding that says why. */
	#cell(cells: string[], field: ImportField): string {
		const position = this.positions[field];
		const cell = position === undefined ? '' : (cells[position] ?? '');
		if (cell.length > longest[field]) {
			this.#find(`The cell "${importColumns[field].names[0]}" has ${cell.length} characters; ${longest[field]} is the most it may have.`, 'Shorten it, or look for a cell that slipped into the wrong column.');
			return '';
		}
		return cell.trim();
	}

	#text(cells: string[], field: ImportField): string {
		const text = this.#cell(cells, field);
		const whole = cells[this.positions[field] ?? -1] ?? '';
		const title = importColumns[field].names[0];
		if (text !== '' && formula.test(whole)) this.#findFormula(field);
		else if (/\p{Cc}/u.test(text)) this.#find(`The cell "${title}" holds a character that is not text.`, 'Type the cell anew.');
		return text;
	}

	#findFormula(field: ImportField): void {
		this.#find(`The cell "${importColumns[field].names[0]}" starts like a spreadsheet formula.`, 'Remove the sign at its start: one of = + - @ or a tab.');
	}

	#phone(cells: string[]): E164 | undefined {
		const before = this.#findings.length;
		const written = this.#cell(cells, 'phone');
		if (this.#findings.length > before) return undefined;
		try {
			const { number, kind } = parsePhoneNumber(written);
			const first = this.#lineOf.get(number);
			if (kind === 'fixed') this.#find(`${maskPhone(number)} is a landline, which has no WhatsApp of its own.`, 'Ask the person for a mobile number.');
			if (first !== undefined) this.#find(`${maskPhone(number)} is already on line ${first}.`, 'Keep one line a person, with all topics and areas on it, separated by semicolons.');
			return number;
		} catch (refusal) {
			if (!isCivicError(refusal)) throw refusal;
			this.#find(refusal.message, refusal.hint);
			return undefined;
		}
	}

	#list(cells: string[], field: 'topics' | 'areas'): Array<{ code: string; name: string }> {
		const before = this.#findings.length;
		const names = this.#text(cells, field).split(/[;|]/).map((name) => name.trim());
		if (this.#findings.length === before && names.some((name) => formula.test(name))) this.#findFormula(field);
		if (this.#findings.length > before) return [];
		const byCode = new Map(names.map((name) => [codeFor(name), name]));
		byCode.delete('');
		if (byCode.size === 0) {
			const one = field === 'topics' ? 'topic' : 'area';
			this.#find(`It names no ${one}.`, `Name at least one ${one}; several are separated by semicolons.`);
		}
		return [...byCode].map(([code, name]) => ({ code, name }));
	}

	#consentDate(cells: string[]): number | undefined {
		const before = this.#findings.length;
		const written = this.#cell(cells, 'consentDate');
		if (this.#findings.length > before) return undefined;
		if (written === '') {
			this.#find('It does not say when the person agreed to be messaged.', 'Fill in the consent date, such as 2026-03-01 or 01/03/2026.');
			return undefined;
		}
		if (!this.#days.has(written)) this.#days.set(written, parseDay(written));
		const at = this.#days.get(written);
		if (at === undefined || at < earliestConsent) {
			this.#find('The consent date is not a date that can be read.', 'Write it as 2026-03-01 or 01/03/2026, the day first.');
			return undefined;
		}
		if (at > this.now) this.#find('The consent date lies in the future.', 'Correct it. The day comes first, so 02/03/2026 is 2 March.');
		return at;
	}

	#language(cells: string[]): string | undefined {
		const written = this.#cell(cells, 'language').toLowerCase();
		if (written === '') return undefined;
		const [, code] = /^([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*$/.exec(written) ?? [];
		const language = languages.get(written) ?? code;
		if (language === undefined) this.#find('The language is not one that is known.', 'Write en for English or cy for Welsh, or leave the cell empty.');
		return language;
	}
}
