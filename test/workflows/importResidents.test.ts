import { describe, expect, it } from 'vitest';
import type { ImportReport } from '../../core/audience/importCsv';
import { nodeOf, readSampleFlow, resolved } from './expressions';

const page = nodeOf(readSampleFlow('import-residents'), 'Show the Result');

/** The page after an upload. */
function shown(changes: Partial<ImportReport>): { title: unknown; text: unknown } {
	const report: ImportReport = { lines: 0, imported: 0, updated: 0, unchanged: 0, skipped: [], optedOut: 0, partly: [], seenBefore: false, ...changes };
	const [title, text] = [page.parameters.completionTitle, page.parameters.completionMessage].map((value) => resolved(value, page, { ...report }));
	return { title, text };
}

const note = (line: number) => ({ line, reason: `The number of line ${line} is not one.`, howToGoOn: '' });

describe('the page after an import', () => {
	it('lists every line that was not taken', () => {
		const skipped = Array.from({ length: 57 }, (_, index) => note(index + 2));
		const { title, text } = shown({ lines: 60, imported: 3, skipped });
		expect(title).toContain('57 not taken');
		for (const { line, reason } of skipped) expect(text).toContain(`Line ${line}: ${reason}`);
	});

	it('lists the lines that were taken in part', () => {
		expect(shown({ lines: 1, imported: 1, partly: [note(2)] }).text).toContain('Line 2: ');
	});

	it('says so when all of it was there already', () => {
		expect(shown({ lines: 4, unchanged: 4 })).toEqual({ title: '0 imported, 0 updated, 4 unchanged, 0 not taken', text: 'Every line was taken.' });
	});
});
