import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openImport, type CheckedLine } from '../../../core/audience/importRows';
import { isCivicError } from '../../../core/errors';
import { testTime } from './temporaryStore';

const header = 'name,phone,topics,areas,consent source,consent date';
const good = 'Ada Marsh,07700 900123,Winter roads,Route 3,web form,2026-03-01';

function check(content: string | Uint8Array, mapping?: Parameters<typeof openImport>[2]): CheckedLine[] {
	return [...openImport(content, testTime, mapping).check()];
}

function checkLine(line: string): CheckedLine {
	const [only, ...rest] = check(`${header}\n${line}\n`);
	expect(rest).toEqual([]);
	if (only === undefined) throw new Error('no line was read');
	return only;
}

function reason(line: string): string {
	const checked = checkLine(line);
	return 'skipped' in checked ? `${checked.skipped.reason} | ${checked.skipped.howToGoOn}` : 'imported';
}

function refusal(content: string | Uint8Array, mapping?: Parameters<typeof openImport>[2]): { code: string; message: string; hint: string } {
	try {
		check(content, mapping);
	} catch (cause) {
		if (isCivicError(cause)) return cause;
		throw cause;
	}
	throw new Error('the file was not refused');
}

describe('a good line', () => {
	it('becomes a row with codes for topics and areas', () => {
		expect(checkLine('Ada Marsh,07700 900123,Winter roads;Bins | Snap Polls,Route 3;Tŷ Coch,web form,01/03/2026')).toEqual({
			row: {
				line: 2,
				name: 'Ada Marsh',
				phone: '+447700900123',
				topics: ['winter-roads', 'bins', 'snap-polls'],
				areas: [
					{ code: 'route-3', name: 'Route 3' },
					{ code: 'ty-coch', name: 'Tŷ Coch' },
				],
				consentSource: 'web form',
				consentDate: Date.parse('2026-03-01T00:00:00Z'),
				language: undefined,
			},
		});
	});

	it('reads a day in summer as starting at midnight in London', () => {
		expect(checkLine('Ada,07700 900123,Bins,Route 3,letter,2026-07-01')).toMatchObject({ row: { consentDate: Date.parse('2026-06-30T23:00:00Z') } });
	});

	it('is found by the names of its columns, in any order, case and spelling', () => {
		const csv = 'Consent_Date,AREA,Phone,Topics,ConsentSource,remarks\n2026-03-01,Route 3,+447700900123,Bins,letter,-\n';
		expect(check(csv)).toMatchObject([{ row: { line: 2, name: '', phone: '+447700900123' } }]);
	});

	it('is found by a mapping where the file uses words of its own', () => {
		const csv = header.replace('phone', 'Handynummer').replace('name', 'Full name');
		expect(check(`${csv}\n${good}`, { phone: 'handynummer', name: 'Full name' })).toMatchObject([{ row: { name: 'Ada Marsh', phone: '+447700900123' } }]);
	});

	it.each([
		['cy', 'cy'],
		['Welsh', 'cy'],
		['Cymraeg', 'cy'],
		['en-GB', 'en'],
		['en_GB', 'en'],
		['', undefined],
	])('knows the language %j', (written, code) => {
		expect(check(`${header},language\n${good},${written}`)).toMatchObject([{ row: { language: code } }]);
	});
});

describe('a bad line is reported with its number, what is wrong and how to mend it', () => {
	it.each([
		['Ada,07700 90012,Bins,Route 3,letter,2026-03-01', /…012 .* \| Write it as 07700 900123/],
		['Ada,,Bins,Route 3,letter,2026-03-01', /no phone number/],
		['Ada,01632 960123,Bins,Route 3,letter,2026-03-01', /…123 is a landline.* mobile/],
		['Ada,07700 900123,,Route 3,letter,2026-03-01', /names no topic.*semicolons/],
		['Ada,07700 900123,Bins, ; | ,letter,2026-03-01', /names no area/],
		['Ada,07700 900123,Bins,Route 3, ,2026-03-01', /does not say how .*consent source/],
		['Ada,07700 900123,Bins,Route 3,letter,', /does not say when .*consent date/],
		['Ada,07700 900123,Bins,Route 3,letter,03/13/2026', /not a date.*day first/],
		['Ada,07700 900123,Bins,Route 3,letter,31/02/2026', /not a date/],
		['Ada,07700 900123,Bins,Route 3,letter,0026-03-01', /not a date/],
		['Ada,07700 900123,Bins,Route 3,letter,2026-11-21', /in the future/],
		["=cmd|' /C calc'!A0,07700 900123,Bins,Route 3,letter,2026-03-01", /"name" starts like a spreadsheet formula/],
		['+Ada,07700 900123,Bins,Route 3,letter,2026-03-01', /formula/],
		['-Ada,07700 900123,Bins,Route 3,letter,2026-03-01', /formula/],
		['@Ada,07700 900123,Bins,Route 3,letter,2026-03-01', /formula/],
		['\tAda,07700 900123,Bins,Route 3,letter,2026-03-01', /formula/],
		['Ada,07700 900123,Bins,Route 3;=1+1,letter,2026-03-01', /"areas" starts like a spreadsheet formula/],
		[`${'A'.repeat(121)},07700 900123,Bins,Route 3,letter,2026-03-01`, /"name" has 121 characters; 120 is the most/],
		['Ada,Marsh,07700 900123,Bins,Route 3,letter,2026-03-01', /7 cells.*6 columns.*quotation marks/],
		['Ada,07700 900123,Bins', /3 cells.*6 columns/],
		['"Ada\nMarsh",07700 900123,Bins,Route 3,letter,2026-03-01', /Lines 2 to 3 are one entry/],
	])('%j', (line, words) => {
		expect(reason(line)).toMatch(words);
		expect(checkLine(line)).toMatchObject({ skipped: { line: 2 } });
	});

	it('accepts a name of exactly 120 characters', () => {
		expect(reason(`${'A'.repeat(120)},07700 900123,Bins,Route 3,letter,2026-03-01`)).toBe('imported');
	});

	it('with everything that is wrong at once, and never with a whole phone number', () => {
		const text = reason('=Ada,0770090012,,Route 3,,2027-01-01');
		expect(text).toMatch(/formula.*…012.*no topic.*future.*does not say how/);
		expect(text).not.toMatch(/0770090012/);
	});

	it('when an earlier line has the same number in another spelling', () => {
		const checked = check(`${header}\n${good}\n\n${good.replace('07700 900123', '+44 (0)7700 900123')}`);
		expect(checked[1]).toMatchObject({ skipped: { line: 4, reason: expect.stringMatching(/…123 is already on line 2/) as string } });
	});

	it('but not as a duplicate of a line that was itself not usable', () => {
		const checked = check(`${header}\n${good.replace('web form', '')}\n${good}`);
		expect(checked).toMatchObject([{ skipped: { line: 2 } }, { row: { line: 3 } }]);
	});
});

describe('a file', () => {
	it.each([
		['UTF-8', Buffer.from(`${header}\n${good.replace('Ada', 'Siân')}`)],
		['UTF-8 with a byte order mark', Buffer.from(`\ufeff${header}\n${good.replace('Ada', 'Siân')}`)],
		['Windows-1252', Buffer.from(`${header}\n${good.replace('Ada', 'Siân')}`, 'latin1')],
		['UTF-16', Buffer.from(`\ufeff${header}\n${good.replace('Ada', 'Siân')}`, 'utf16le')],
	])('is read when it is written in %s', (_, bytes) => {
		expect(check(bytes)).toMatchObject([{ row: { name: 'Siân Marsh' } }]);
	});

	it('may mix line ends, hold blank lines and end without one; lines are numbered as an editor numbers them', () => {
		const lines = ['07700900001', '07700900002', '07700900003'].map((phone) => good.replace('07700 900123', phone));
		expect(check(`${header}\r\n${lines[0]}\n\n,,,,,\r${lines[1]}\r\n${lines[2]}`).map((line) => 'row' in line && line.row.line)).toEqual([2, 5, 6]);
	});

	it.each([';', '\t'])('may separate its cells with %j', (mark) => {
		expect(check(`${header}\n${good}`.replaceAll(',', mark))).toMatchObject([{ row: { name: 'Ada Marsh' } }]);
	});

	it('without a needed column is refused by that name, with the columns that were found', () => {
		const refused = refusal('name,phone,topics,areas\nAda,07700 900123,Bins,Route 3');
		expect(refused.code).toBe('audience.import');
		expect(refused.message).toBe('The file has no column "consent source", "consent date". Columns found: name, phone, topics, areas.');
	});

	it('without column names is refused without showing the person in its first line', () => {
		expect(refusal(good).message).toMatch(/looks like a person/);
		expect(refusal(good).message).not.toMatch(/Ada|900123/);
	});

	it.each([
		['the same column twice', `${header},Phone\n`, /column "phone" 2 times/],
		['nothing in it', '', /empty/],
		['only blank lines', '\n\n', /empty/],
		['a quotation mark that is never closed', `${header}\n"Ada,07700 900123\n${good}`, /never closed/],
		['an Excel workbook', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14]), /Excel workbook/],
		['bytes that are not text', Buffer.from([0x61, 0x00, 0x62]), /not text/],
	])('is refused as a whole with %s', (_, content, words) => {
		expect(refusal(content).message).toMatch(words);
	});

	it('is refused when the mapping names a column it does not have', () => {
		expect(refusal(`${header}\n${good}`, { phone: 'Mobile' }).message).toMatch(/no column "Mobile"/);
	});

	it('has a digest of its bytes, whatever its name', () => {
		expect(openImport(header, testTime).digest).toBe(openImport(Buffer.from(header), testTime).digest);
		expect(openImport(`${header}\n`, testTime).digest).not.toBe(openImport(header, testTime).digest);
	});
});

describe('whatever the bytes', () => {
	const cell = fc.oneof(fc.string(), fc.constantFrom('07700 900123', '07700900124', 'Bins', 'web form', '2026-03-01', '"', '=1', ';|', '\n', '\r\n'));
	const table = fc.array(fc.array(cell, { maxLength: 8 }).map((cells) => cells.join(',')), { maxLength: 12 });

	it('nothing but a refusal in words is thrown, and every line is either taken or reported', () => {
		fc.assert(
			fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), table.map((lines) => Buffer.from([header, ...lines].join('\n')))), (bytes) => {
				try {
					const file = openImport(bytes, testTime);
					expect([...file.check()]).toHaveLength(file.lines);
				} catch (cause) {
					if (!isCivicError(cause)) throw cause;
					expect(cause.code).toBe('audience.import');
				}
			}),
			{ numRuns: 400 },
		);
	});

	it('each line without quotation marks is counted under its own number', () => {
		const plainCell = fc.stringMatching(/^[A-Za-z0-9 ;+=-]{1,12}$/).filter((text) => text.trim() !== '');
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.array(plainCell, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 10 }), (lines) => {
				const csv = `${header}\n${lines.map(([cells, end]) => cells.join(',') + end).join('')}`;
				const numbers = check(csv).map((line) => ('row' in line ? line.row.line : line.skipped.line));
				expect(numbers).toEqual(lines.map((_, i) => i + 2));
			}),
		);
	});
});
