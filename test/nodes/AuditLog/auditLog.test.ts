import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendNote } from '../../../core/ledger/appendNote';
import { flowOf } from '../engine';
import { startTownHall, type TownHall } from '../townHall';

describe('Civic Audit Log', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 1, desk: false });
	});
	afterAll(() => hall.stop());

	const run = (operation: string, parameters: object = {}, items: object[] = [{}], changes: object = {}) =>
		hall.n8n.run(flowOf([{ name: 'Log', type: 'auditLog', parameters: { operation, ...parameters } as never, credentials: ['civicStoreApi'], ...changes }]), items as never);
	const rows = async (...given: Parameters<typeof run>) => {
		const execution = await run(...given);
		if (execution.status !== 'success') throw new Error(execution.error?.message);
		return execution.json('Log');
	};

	it('enters a note that is found again, with its words only for those who ask for them', async () => {
		const [appended] = await rows('append', { subject: 'media-enquiry', text: 'The Aldersea Gazette asked about Route 3.', by: 'Sam Okafor' });
		expect(appended).toEqual({ enteredAt: expect.stringMatching(/Z$/) as string });
		const filters = { act: 'note.media' };
		const [plain] = await rows('getMany', { filters });
		expect(plain).toMatchObject({ act: 'note.media-enquiry', outcome: 'ok', time: expect.any(String) as string, index: expect.any(Number) as number, actor: { role: 'staff' } });
		expect(JSON.stringify(plain)).not.toMatch(/Gazette|Sam Okafor/);
		const [opened] = await rows('getMany', { filters, withDetails: true });
		expect(opened).toMatchObject({ details: { text: 'The Aldersea Gazette asked about Route 3.', by: 'Sam Okafor' } });
	});

	it('refuses a note whose subject is not a word, or whose text is empty or too long', async () => {
		for (const wrong of [{ subject: 'A subject', text: 'x' }, { subject: 'note', text: ' ' }, { subject: 'note', text: 'x'.repeat(10_001) }, { subject: '={{ $json.nothing }}', text: 'x' }]) {
			const { status, error } = await run('append', wrong);
			expect([status, error?.context?.code]).toEqual(['error', 'input.invalid']);
			expect(error?.message).toContain('[Item 0]');
		}
	});

	it('lists newest first, as many as asked for, and everything across pages', async () => {
		for (let count = 0; count < 405; count++) await hall.store.execute(appendNote, { subject: 'series', text: `Note ${count}`, by: 'Test' });
		const filters = { act: 'note.series' };
		const all = await rows('getMany', { filters, returnAll: true });
		expect(all).toHaveLength(405);
		const order = all.map(({ index }) => index as number);
		expect(order).toEqual([...order].sort((one, other) => other - one));
		expect(new Set(order).size).toBe(405);
		expect(await rows('getMany', { filters, limit: 3 })).toEqual(all.slice(0, 3));
		expect(await rows('getMany', { filters, limit: 201 })).toEqual(all.slice(0, 201));
		expect(await rows('getMany', { filters })).toHaveLength(50);
	});

	it('lists what is about one thing', async () => {
		expect((await rows('getMany', { filters: { resourceId: hall.sandbox.phoneNumberId }, returnAll: true })).map(({ act }) => act)).toEqual(['channel.adopt', 'channel.register']);
		expect(await rows('getMany', { filters: { act: 'no.such.act' } })).toEqual([]);
	});

	it('verifies the whole ledger, and finds an older checkpoint in it', async () => {
		const [before] = await rows('verify');
		expect(before).toMatchObject({ ok: true, findings: [], origin: expect.stringContaining('civic-comms/store/') as string, checkpoint: expect.stringContaining('\n') as string, verifierKey: expect.any(String) as string });
		await rows('append', { subject: 'later', text: 'One more.' });
		const [after] = await rows('verify', { earlier: before?.checkpoint });
		expect(after).toMatchObject({ ok: true, findings: [], size: (before?.size as number) + 1 });
		// A text field of the editor keeps no line break at its end.
		expect(await rows('verify', { earlier: (before?.checkpoint as string).trimEnd() })).toMatchObject([{ ok: true }]);
	});

	it('does not pass a checkpoint of another history, a broken one, or something else', async () => {
		const [{ checkpoint } = {}] = await rows('verify');
		const [origin, size, root, ...rest] = (checkpoint as string).split('\n');
		const wrong = [[origin, size, Buffer.from(Buffer.from(root ?? '', 'base64').reverse()).toString('base64'), ...rest].join('\n'), [origin, String(Number(size) + 1), root, ...rest].join('\n'), 'not a checkpoint'];
		for (const earlier of wrong) {
			const [verified] = await rows('verify', { earlier });
			expect(verified).toMatchObject({ ok: false });
			expect(verified?.findings).not.toEqual([]);
		}
	});

	it('works on each item, and goes on past a refused one when told to', async () => {
		const found = await rows('append', { subject: '={{ $json.subject }}', text: 'x' }, [{ subject: 'one' }, { subject: 'Two Words' }, { subject: 'three' }], { onError: 'continueRegularOutput' });
		expect(found).toMatchObject([{ enteredAt: expect.any(String) as string }, { error: expect.stringContaining('[Item 1]') as string, details: { code: 'input.invalid' } }, { enteredAt: expect.any(String) as string }]);
	});
});
