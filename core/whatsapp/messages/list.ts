import type { JsonObject } from '../jsonReading';
import { type InteractiveFrame, checkFrame, interactivePayload } from './interactiveFrame';
import { type Part, type Problem, checkLine, checkText, checkUnique, problem } from './problem';

export interface ListRow {
	/** Comes back when it is chosen; not shown. */
	id: string;
	title: string;
	description?: string;
}

export interface ListSection {
	/** Needed where there is more than one section. */
	title?: string;
	rows: ListRow[];
}

/** Words with a button that opens up to ten choices. Its header can only be text. */
export interface ListContent extends InteractiveFrame {
	type: 'list';
	header?: { type: 'text'; text: string };
	/** What the button that opens the list says. */
	button: string;
	sections: ListSection[];
}

/** Meta: "Interactive list messages". Rows are counted over all sections. */
export const listLimits = { body: 4096, button: 20, sections: 10, rows: 10, sectionTitle: 24, rowId: 200, rowTitle: 24, rowDescription: 72 } as const;

export function checkListContent(content: ListContent): Problem[] {
	const { sections } = content;
	const whole = { field: 'sections', name: 'The list' };
	const rows = sections.flatMap((section, s) => section.rows.map((row, r) => ({ row, at: `sections[${s}].rows[${r}]`, of: rowName(sections, s, r) })));
	const headerType: string | undefined = content.header?.type;
	return [
		...checkFrame(content, listLimits.body),
		...(headerType === undefined || headerType === 'text' ? [] : [problem({ field: 'header', name: 'The header of a list' }, 'can only be text')]),
		...checkLine({ field: 'button', name: 'The button that opens the list' }, content.button, listLimits.button),
		...(sections.length > listLimits.sections ? [problem(whole, `has ${sections.length} sections; WhatsApp takes at most ${listLimits.sections}`)] : []),
		...(rows.length === 0 ? [problem(whole, 'has no rows')] : []),
		...(rows.length > listLimits.rows ? [problem(whole, `has ${rows.length} rows; WhatsApp takes at most ${listLimits.rows} over all sections`)] : []),
		...sections.flatMap((section, index) => checkSection(section, index, sections.length)),
		...rows.flatMap(({ row, at, of }) => checkRow(row, at, of)),
		...checkUnique(rows.map(({ row, at, of }) => ({ part: rowId(at, of), value: row.id }))),
	];
}

function rowName(sections: readonly ListSection[], section: number, row: number): string {
	return sections.length === 1 ? `row ${row + 1}` : `row ${row + 1} in section ${section + 1}`;
}

function rowId(at: string, of: string): Part {
	return { field: `${at}.id`, name: `The id of ${of}` };
}

function checkSection({ title, rows }: ListSection, index: number, count: number): Problem[] {
	const part = { field: `sections[${index}].title`, name: `The title of section ${index + 1}` };
	return [
		...(title === undefined && count === 1 ? [] : checkLine(part, title ?? '', listLimits.sectionTitle)),
		...(rows.length === 0 && count > 1 ? [problem({ field: `sections[${index}].rows`, name: `Section ${index + 1}` }, 'has no rows')] : []),
	];
}

function checkRow({ id, title, description }: ListRow, at: string, of: string): Problem[] {
	return [
		...checkText(rowId(at, of), id, listLimits.rowId),
		...checkLine({ field: `${at}.title`, name: `The title of ${of}` }, title, listLimits.rowTitle),
		...(description === undefined ? [] : checkLine({ field: `${at}.description`, name: `The description of ${of}` }, description, listLimits.rowDescription)),
	];
}

export function listPayload(content: ListContent): JsonObject {
	const { button, sections } = content;
	return interactivePayload('list', content, {
		button,
		sections: sections.map(({ title, rows }) => ({
			...(title === undefined ? {} : { title }),
			rows: rows.map(({ id, title: name, description }) => ({ id, title: name, ...(description === undefined ? {} : { description }) })),
		})),
	});
}
