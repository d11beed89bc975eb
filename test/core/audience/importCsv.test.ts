import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importCsv, type ImportReport } from '../../../core/audience/importCsv';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import { openRecipients } from '../../../core/audience/recipients';
import { isCivicError } from '../../../core/errors';
import { temporaryStore, testTime, type TemporaryStore } from './temporaryStore';

const header = 'name,phone,topics,areas,consent source,consent date';
const source = 'list of the winter team';

function line(phone: string, { name = 'Ada Marsh', topics = 'Winter roads', areas = 'Route 3', consent = 'web form', date = '2026-03-01' } = {}): string {
	return [name, phone, topics, areas, consent, date].join(',');
}

function importLines({ store, clock }: TemporaryStore, ...lines: string[]): Promise<ImportReport> {
	return importCsv(store, { content: [header, ...lines].join('\n'), source, importedBy: 'duty officer', now: clock.at });
}

async function onlyContact(temporary: TemporaryStore) {
	const [contact, ...others] = await temporary.rows<{ id: string; language: string }>('SELECT * FROM contact');
	expect(others).toEqual([]);
	if (contact === undefined) throw new Error('there is no contact');
	return contact;
}

describe('importing a list', () => {
	it('adds each person with topics, areas and consent, and can open the number for sending', async () => {
		const temporary = await temporaryStore();
		expect(await importLines(temporary, line('07700 900123', { topics: 'Winter roads;Bins', areas: 'Route 3;Market Ward' }))).toEqual({
			lines: 1,
			imported: 1,
			updated: 0,
			unchanged: 0,
			skipped: [],
			optedOut: 0,
			partly: [],
			seenBefore: false,
		});
		const { id, language } = await onlyContact(temporary);
		expect(language).toBe('en');
		expect(await temporary.rows('SELECT topic FROM contact_topic ORDER BY topic')).toEqual([{ topic: 'bins' }, { topic: 'winter-roads' }]);
		expect(await temporary.rows('SELECT code, name, kind FROM area ORDER BY code')).toEqual([
			{ code: 'market-ward', name: 'Market Ward', kind: 'list' },
			{ code: 'route-3', name: 'Route 3', kind: 'list' },
		]);
		expect(await temporary.rows('SELECT kind, topic, source, occurred_at FROM consent_event ORDER BY topic')).toEqual(
			['bins', 'winter-roads'].map((topic) => ({ kind: 'opt-in', topic, source: 'web form', occurred_at: Date.parse('2026-03-01') })),
		);
		const opened = await temporary.within((context) => openRecipients(context, [id, 'nobody']));
		expect(opened.get(id)).toMatchObject({ phone: '+447700900123', language: 'en' });
		expect(opened.get(id)?.lookups).toHaveLength(1);
		expect(opened.has('nobody') && opened.get('nobody')).toBe(undefined);
	});

	it('a second time changes nothing and says that the file was seen before', async () => {
		const temporary = await temporaryStore();
		await importLines(temporary, line('07700 900123'));
		temporary.clock.at += 60_000;
		expect(await importLines(temporary, line('07700 900123'))).toMatchObject({ imported: 0, updated: 0, unchanged: 1, seenBefore: true });
		expect(await temporary.rows('SELECT count(*) AS n FROM consent_event')).toEqual([{ n: 1 }]);
	});

	it('knows a person again by the number, adds what is new and takes nothing away', async () => {
		const temporary = await temporaryStore();
		await importLines(temporary, line('07700 900123'));
		expect(await importLines(temporary, line('+447700900123', { name: '', topics: 'Bins', areas: 'Route 5' }))).toMatchObject({ updated: 1, seenBefore: false });
		await onlyContact(temporary);
		expect(await temporary.rows('SELECT topic FROM contact_topic ORDER BY topic')).toEqual([{ topic: 'bins' }, { topic: 'winter-roads' }]);
		expect(await temporary.rows('SELECT area FROM contact_area ORDER BY area')).toEqual([{ area: 'route-3' }, { area: 'route-5' }]);
	});

	it('keeps an earlier yes beside a later one as evidence', async () => {
		const temporary = await temporaryStore();
		await importLines(temporary, line('07700 900123'));
		expect(await importLines(temporary, line('07700 900123', { date: '2026-05-01' }))).toMatchObject({ updated: 1 });
		expect(await temporary.rows('SELECT occurred_at FROM consent_event ORDER BY occurred_at')).toHaveLength(2);
	});

	it('leaves out who opted out, says since when, and does not undo it', async () => {
		const temporary = await temporaryStore();
		await temporary.store.execute(optOutByPhone, { phone: '07700 900123', reason: 'by telephone', at: Date.parse('2026-04-03T10:00:00Z') });
		const report = await importLines(temporary, line('07700 900123', { date: '2026-05-01' }), line('07700 900124'));
		expect(report).toMatchObject({ lines: 2, imported: 1, optedOut: 1 });
		expect(report.skipped).toEqual([{ line: 2, reason: 'Opted out on 3 April 2026, stays out.', howToGoOn: expect.any(String) as string }]);
		await onlyContact(temporary);
		expect(await temporary.rows('SELECT topic FROM opt_out')).toEqual([{ topic: '*' }]);
	});

	it('leaves out just the topic that somebody opted out of', async () => {
		const temporary = await temporaryStore();
		await temporary.store.execute(optOutByPhone, { phone: '07700 900123', topic: 'Snap Polls', reason: 'by letter', at: Date.parse('2026-04-03T10:00:00Z') });
		const report = await importLines(temporary, line('07700 900123', { topics: 'Winter roads;snap polls' }));
		expect(report).toMatchObject({ imported: 1, optedOut: 0, skipped: [], partly: [{ line: 2, reason: 'Snap polls: opted out on 3 April 2026, stays out.' }] });
		expect(await temporary.rows('SELECT topic FROM contact_topic')).toEqual([{ topic: 'winter-roads' }]);
	});

	it('reports bad lines and opted-out people together in the order of the file', async () => {
		const temporary = await temporaryStore();
		await temporary.store.execute(optOutByPhone, { phone: '07700 900123', reason: 'by telephone' });
		const report = await importLines(temporary, line('07700 9001'), line('07700 900123'), line('01632 960001'), line('07700 900125'));
		expect(report.skipped.map((skipped) => skipped.line)).toEqual([2, 3, 4]);
		expect(report).toMatchObject({ lines: 4, imported: 1, optedOut: 1 });
	});

	it('puts counts and a digest in the ledger, once for every 500 lines, and no personal data in the database in clear', async () => {
		const temporary = await temporaryStore();
		const lines = Array.from({ length: 501 }, (_, i) => line(`07700900${String(i).padStart(3, '0')}`, { name: 'Ottoline Fenn' }));
		expect(await importLines(temporary, ...lines)).toMatchObject({ lines: 501, imported: 501 });
		const leaves = await temporary.rows<{ leaf: Buffer }>("SELECT leaf FROM ledger_entry JOIN ledger_index USING (idx) WHERE act = 'audience.import' ORDER BY idx");
		const headers = leaves.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { n: object; sd: object });
		expect(headers.map(({ n }) => n)).toEqual([500, 1].map((imported) => ({ imported, updated: 0, unchanged: 0, optedOut: 0, skipped: 0 })));
		expect(Object.keys(headers[0]?.sd ?? {}).sort()).toEqual(['importedBy', 'sha256', 'source']);
		const stored = await temporary.databaseBytes();
		expect(stored).toMatch(/market-ward|route-3/);
		expect(stored).not.toMatch(/7700900|Ottoline|duty officer/);
	});

	it('enters an import in which no line was usable', async () => {
		const temporary = await temporaryStore();
		await importLines(temporary, line('07700'));
		expect(await temporary.rows("SELECT count(*) AS n FROM ledger_index WHERE act = 'audience.import'")).toEqual([{ n: 1 }]);
	});

	it('changes nothing when the file as a whole is not usable', async () => {
		const temporary = await temporaryStore();
		const attempt = importCsv(temporary.store, { content: `${header}\n${line('07700 900123')}\n"Ada`, source, now: testTime });
		await expect(attempt).rejects.toSatisfy((cause) => isCivicError(cause) && cause.code === 'audience.import');
		expect(await temporary.rows('SELECT * FROM contact')).toEqual([]);
	});

	it('accounts for every line, whatever is in it', async () => {
		const temporary = await temporaryStore();
		await temporary.store.execute(optOutByPhone, { phone: '07700 900001', reason: 'by telephone' });
		const phone = fc.integer({ min: 0, max: 6 }).map((n) => (n === 6 ? 'nobody' : `0770090000${n}`));
		const lines = fc.array(
			fc.record({ phone, topics: fc.constantFrom('Bins', 'Bins;Winter roads', ''), consent: fc.constantFrom('letter', 'web form', '') }),
			{ maxLength: 12 },
		);
		await fc.assert(
			fc.asyncProperty(lines, async (people) => {
				const report = await importLines(temporary, ...people.map(({ phone: number, ...rest }) => line(number, rest)));
				expect(report.imported + report.updated + report.unchanged + report.skipped.length).toBe(report.lines);
				expect(report.lines).toBe(people.length);
			}),
			{ numRuns: 40 },
		);
		expect(await temporary.rows('SELECT count(*) AS n FROM contact')).toEqual([{ n: 5 }]);
	});
});
