import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftDigest } from '../../../core/message/draftContent';
import { loadDraft } from '../../../core/message/loadDraft';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import { acts, editByHand, rows, within } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

const hour = 3600_000;

describe('a draft', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice({ residents: 9, channel: { reach: 3 } });
	});
	afterEach(() => office.stop());

	const load = (id: string) => within(office.store, (context) => loadDraft(context, id));

	it('fixes what a signature stands for, and enters the ledger with its digest', async () => {
		const draft = await office.draft();
		expect(draft.digest).toBe(draftDigest(draft.content));
		expect(await load(draft.id)).toMatchObject({ digest: draft.digest, content: draft.content, requester: { name: 'Sam Okafor' } });
		expect((await acts(office.store)).at(-1)).toBe('draft.create');
		expect(office.bytes()).not.toContain('Okafor');
	});

	it('can be neither changed nor moved by a statement', async () => {
		const draft = await office.draft();
		for (const column of ['content', 'summary', 'digest', 'mac', 'channel_id']) {
			await expect(editByHand(office.store, `UPDATE draft SET ${column} = ${column} WHERE id = ?`, draft.id)).rejects.toThrow(/a draft never changes/);
		}
	});

	describe('edited past the schema', () => {
		beforeEach(() => within(office.store, (context) => context.sql.run('DROP TRIGGER draft_is_immutable')));

		it.each([
			['content', "UPDATE draft SET content = replace(content, 'Gritting', 'Gritted')"],
			['audience', `UPDATE draft SET content = replace(content, '"count":3', '"count":30')`],
			['digest', `UPDATE draft SET digest = '${'0'.repeat(64)}'`],
			['summary', "UPDATE draft SET summary = replace(summary, 'Route 1', 'Route 2')"],
			['time', 'UPDATE draft SET created_at = created_at + 1'],
			['seal', "UPDATE draft SET mac = 'x'"],
			['people', 'UPDATE draft SET people_sealed = randomblob(80)'],
		])('by hand is refused wherever it is used: %s', async (_, sql) => {
			const draft = await office.draft();
			await editByHand(office.store, sql);
			await expect(load(draft.id)).rejects.toMatchObject({ code: expect.stringMatching(/^(draft\.changed|store\.tampered)$/) as string });
			await expect(office.ask(draft.id)).rejects.toMatchObject({ code: expect.stringMatching(/^(draft\.changed|store\.tampered)$/) as string });
		});

		it('by hand is refused with content and digest of another draft', async () => {
			const one = await office.draft();
			const other = await office.draft({ title: 'Another' });
			const [row] = await rows<{ content: string; digest: string; mac: string }>(office.store, 'SELECT content, digest, mac FROM draft WHERE id = ?', other.id);
			await editByHand(office.store, 'UPDATE draft SET content = ?, digest = ?, mac = ? WHERE id = ?', row?.content ?? '', row?.digest ?? '', row?.mac ?? '', one.id);
			await expect(load(one.id)).rejects.toMatchObject({ code: 'store.tampered' });
		});

		it('by hand is refused with the people of another draft, who might be free to sign', async () => {
			const one = await office.draft({ requester: { name: 'Morgan Ellis', email: null, phone: null } });
			const other = await office.draft();
			await editByHand(office.store, 'UPDATE draft SET people_sealed = (SELECT people_sealed FROM draft WHERE id = ?) WHERE id = ?', other.id, one.id);
			await expect(load(one.id)).rejects.toMatchObject({ code: 'store.tampered' });
		});
	});

	describe('warns of what a person would not expect', () => {
		const warnings = async (changes: Parameters<typeof office.draft>[0] = {}) => (await office.draft(changes)).summary.warnings.join(' ');
		const timeOfDay = (at: number) => new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' });

		it('but says nothing without a reason', async () => expect(await warnings()).toBe(''));

		it('such as training mode, in which residents get nothing', async () => {
			await office.change({ mode: 'training' });
			expect(await warnings()).toMatch(/training mode.*no resident/i);
		});

		it('such as quiet hours, which put it off or leave it no time at all', async () => {
			const now = office.clock.now();
			await office.change({ quietFrom: timeOfDay(now - hour), quietTo: timeOfDay(now + 2 * hour) });
			expect(await warnings()).toContain('not before');
			expect(await warnings({ notAfter: now + hour })).toContain('will not be sent');
			expect(await warnings({ notBefore: now + 3 * hour })).toBe('');
		});
	});

	it('has a time window that makes sense', async () => {
		const now = office.clock.now();
		const from = (notBefore: number | null, notAfter: number | null) => office.draft({ notBefore, notAfter });
		expect((await from(null, null)).content).toMatchObject({ notBefore: new Date(now).toISOString(), notAfter: new Date(now + 12 * hour).toISOString() });
		expect((await from(now + 30 * hour, null)).content.notAfter).toBe(new Date(now + 42 * hour).toISOString());
		expect((await from(now - hour, now + hour)).content.notAfter).toBe(new Date(now + hour).toISOString());
		for (const [notBefore, notAfter] of [
			[null, now],
			[null, now - 1],
			[now + 2 * hour, now + hour],
			[now + hour, now + hour],
			[null, now + 7 * 24 * hour + 1],
			[Number.NaN, null],
			[null, Number.POSITIVE_INFINITY],
		] as const) {
			await expect(from(notBefore, notAfter)).rejects.toMatchObject({ code: 'draft.window' });
		}
		await expect(from(now + hour, now + hour + 7 * 24 * hour)).resolves.toBeDefined();
	});

	it.each([
		['a service the channel does not know', { service: 'Libraries' }, 'channel.rules', /Libraries/],
		['more people than the reach', { audience: { topic: 'Winter roads', areas: null } }, 'channel.rules', /9 people/],
		['a topic nobody follows', { audience: { topic: 'Bins', areas: null } }, 'input.invalid', /Bins/],
		['an area that does not exist', { audience: { topic: 'Winter roads', areas: ['Route 9'] } }, 'input.invalid', /Route 9/],
		['no area at all', { audience: { topic: 'Winter roads', areas: [] } }, 'input.invalid', /area/i],
	])('is refused for %s, and nothing is left of it', async (_, changes, code, words) => {
		await expect(office.draft(changes)).rejects.toMatchObject({ code, message: expect.stringMatching(words) as string, hint: expect.stringMatching(/\w/) as string });
		expect(await rows(office.store, 'SELECT 1 FROM draft UNION ALL SELECT 1 FROM draft_recipient')).toEqual([]);
		expect(await acts(office.store)).not.toContain('draft.create');
	});

	it('is refused when everybody it is for has opted out', async () => {
		for (const phone of ['07700 900000', '07700 900003', '07700 900006']) await office.store.execute(optOutByPhone, { phone, reason: 'by letter' });
		await expect(office.draft()).rejects.toMatchObject({ code: 'audience.empty', message: expect.stringContaining('3 opted out') as string });
	});

	it('says who is left out and why, and what it costs', async () => {
		await office.store.execute(optOutByPhone, { phone: '07700 900000', reason: 'by letter' });
		const { summary } = await office.draft();
		expect(summary).toMatchObject({
			audience: { count: 2, byArea: [{ name: 'Route 1', count: 2 }], leftOut: { optedOut: 1, unreachable: 0 } },
			cost: { amount: 0.03, currency: 'GBP', asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string },
		});
	});

	it('is not found under another id', async () => {
		await expect(load('')).rejects.toMatchObject({ code: 'draft.unknown', message: expect.stringContaining('without an id') as string });
		await expect(load('nothing')).rejects.toMatchObject({ code: 'draft.unknown' });
	});
});
