import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEntries } from '../../../core/ledger/readEntries';
import { post } from '../../council/council';
import { compiled, flowOf } from '../engine';
import { startTownHall, type TownHall } from '../townHall';

const header = 'name,phone,topics,area,consent source,consent date';

describe('Civic Audience', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 12 });
	});
	afterAll(() => hall.stop());

	const run = (operation: string, parameters: object = {}, items: object[] = [{}], changes: object = {}) =>
		hall.n8n.run(flowOf([{ name: 'People', type: 'audience', parameters: { operation, ...parameters } as never, credentials: ['civicStoreApi'], ...changes }]), items as never);
	const rows = async (...given: Parameters<typeof run>) => {
		const execution = await run(...given);
		if (execution.status !== 'success') throw new Error(execution.error?.message);
		return execution.json('People');
	};
	const asText = (lines: string[]) => ({ from: 'text', csv: [header, ...lines].join('\n'), source: 'Sign-up form', importedBy: 'Sam Okafor' });

	it('imports a file of an earlier node and reports every bad line by its number', async () => {
		const lines = [
			header,
			'Good One,07700 900500,Bins,Ward A,Web form,2026-01-05',
			'Bad Number,12345,Bins,Ward A,Web form,2026-01-05',
			'Landline,020 7946 0018,Bins,Ward A,Web form,2026-01-05',
			'Twice,+44 (0)7700 900500,Bins,Ward A,Web form,2026-01-05',
			'No Topic,07700 900501,,Ward A,Web form,2026-01-05',
			'No Area,07700 900502,Bins,,Web form,2026-01-05',
			'No Source,07700 900503,Bins,Ward A,,2026-01-05',
			'No Date,07700 900504,Bins,Ward A,Web form,',
			'Future,07700 900505,Bins,Ward A,Web form,2999-01-05',
			'=Formula,07700 900506,Bins,Ward A,Web form,2026-01-05',
			'Too,few,cells',
			'"Broken',
			'line",07700 900507,Bins,Ward A,Web form,2026-01-05',
			'Good Two,07700 900508,Bins,Ward B,Web form,05/01/2026',
			'After The Break,1,Bins,Ward B,Web form,2026-01-05',
		];
		const binary = { data: { data: Buffer.from(lines.join('\r\n')).toString('base64'), mimeType: 'text/csv', fileName: 'people.csv' } };
		const execution = await run('import', { source: 'Sign-up form' }, [{ json: {}, binary }]);
		const [report] = execution.json('People') as Array<{ lines: number; imported: number; skipped: Array<{ line: number; reason: string; howToGoOn: string }> }>;
		expect(report).toMatchObject({ lines: 14, imported: 2, updated: 0, unchanged: 0, optedOut: 0, seenBefore: false });
		expect(report?.skipped.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16]);
		expect(report?.skipped.every(({ reason, howToGoOn }) => reason !== '' && howToGoOn !== '')).toBe(true);
		expect(JSON.stringify(execution.data.resultData)).not.toMatch(/7700\s?900500|7700\s?900508/);
		expect(await rows('count', { topic: 'Bins' })).toMatchObject([{ reachable: 2 }]);
	});

	it('imports text, the same list again without effect, and other headings by name', async () => {
		expect(await rows('import', asText(['Text One,07700 900520,Bins,Ward C,Web form,2026-01-05']))).toMatchObject([{ imported: 1, seenBefore: false }]);
		expect(await rows('import', asText(['Text One,07700 900520,Bins,Ward C,Web form,2026-01-05']))).toMatchObject([{ imported: 0, unchanged: 1, seenBefore: true }]);
		const csv = 'Mobile,About,Ward,How,When\n07700 900521,Bins,Ward C,Letter,2026-01-05\n';
		const columns = { phone: 'Mobile', topics: 'About', areas: 'Ward', consentSource: 'How', consentDate: 'When' };
		expect(await rows('import', { from: 'text', csv, source: 'Letters', columns })).toMatchObject([{ imported: 1, skipped: [] }]);
	});

	it('names who imported what in the ledger', async () => {
		const [entry] = await hall.store.execute(readEntries, { act: 'audience.import', resourceId: null, before: null, limit: 5, withDetails: true });
		expect(JSON.stringify(entry?.details)).toContain('Letters');
	});

	it('refuses a file as a whole in words: no columns, nothing in it, no such field', async () => {
		const refused = async (...given: Parameters<typeof run>) => (await run(...given)).error;
		expect(await refused('import', { from: 'text', csv: 'a,b\n1,2', source: 'x' })).toMatchObject({ context: { code: 'audience.import' }, message: expect.stringContaining('[Item 0]') as string });
		expect(await refused('import', { from: 'text', csv: '={{ $json.nothing }}', source: 'x' })).toMatchObject({ context: { code: 'audience.import' } });
		expect((await refused('import', { source: 'x', binaryProperty: 'elsewhere' }))?.message).toMatch(/elsewhere|binary/i);
	});

	it('takes no list without a word on where it comes from, because that is the evidence of consent', async () => {
		const lines = asText(['Text Two,07700 900530,Bins,Ward C,Web form,2026-01-05']);
		const { error } = await run('import', { ...lines, source: '={{ $json.nothing }}' });
		expect(error).toMatchObject({ context: { code: 'input.invalid' }, message: expect.stringContaining("'Source' is empty") as string });
		expect(await rows('import', lines)).toMatchObject([{ imported: 1 }]);
	});

	it('counts by topic and area, from words or a list, and says who is left out', async () => {
		expect(await rows('count', { topic: 'Winter roads', areas: 'Route 1, Route 2' })).toMatchObject([{ matching: 8, reachable: 8, leftOut: { optedOut: 0, unreachable: 0 } }]);
		expect(await rows('count', { topic: 'Winter roads', areas: '={{ ["Route 3"] }}' })).toMatchObject([{ reachable: 4, description: expect.stringContaining('Route 3') as string }]);
		const [everybody] = await rows('count');
		await post(`${hall.sandbox.admin}/inbound`, { from: '+447700900000', text: 'STOP' });
		await hall.sandbox.idle();
		expect(await rows('count')).toMatchObject([{ matching: everybody?.matching, reachable: (everybody?.reachable as number) - 1, leftOut: { optedOut: 1 } }]);
		expect(JSON.stringify(await rows('count'))).not.toMatch(/7700\W?900|Resident \d/);
	});

	it('says which area it does not know', async () => {
		expect((await run('count', { areas: 'Atlantis' })).error?.message).toContain('Atlantis');
	});

	it('without a store credential uses the folder of n8n, and refuses queue mode in words', async () => {
		const home = mkdtempSync(join(tmpdir(), 'civic-home-'));
		vi.stubEnv('N8N_USER_FOLDER', home);
		try {
			expect(await rows('count', {}, [{}], { credentials: [] })).toMatchObject([{ matching: 0 }]);
			expect(existsSync(join(home, '.n8n', 'civic-comms', 'keys.json'))).toBe(true);
			vi.stubEnv('EXECUTIONS_MODE', 'queue');
			expect((await run('count', {}, [{}], { credentials: [] })).error).toMatchObject({ context: { code: 'store.queue-mode' } });
		} finally {
			vi.unstubAllEnvs();
			vi.stubEnv('N8N_USER_FOLDER', home);
			const { openStoreAt } = compiled<{ openStoreAt: (folder?: string) => Promise<{ close(): Promise<void> }> }>('nodes/shared/openStore.js');
			await (await openStoreAt()).close();
			vi.unstubAllEnvs();
			rmSync(home, { recursive: true, force: true });
		}
	});
});
