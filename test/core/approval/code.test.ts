import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawCode } from '../../../core/approval/code';
import { makeCode, recordCode, type MadeCode } from '../../../core/approval/makeCode';
import { readOutcome } from '../../../core/approval/outcome';
import type { RequestedSignOff } from '../../../core/approval/requestSignOff';
import { viewRequest } from '../../../core/approval/viewRequest';
import { readEntries } from '../../../core/ledger/readEntries';
import type { CreatedDraft } from '../../../core/message/createDraft';
import { acts, editByHand, rows } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

const minute = 60_000;

describe('a code that confirms who decides', () => {
	let office: Office;
	let draft: CreatedDraft;
	let request: RequestedSignOff;

	async function begin(channel: Record<string, unknown> = {}, links: 'private' | 'locator' = 'locator'): Promise<void> {
		office = await startOffice({ channel });
		draft = await office.draft();
		request = await office.ask(draft.id, { links });
	}
	beforeEach(() => begin());
	afterEach(() => office.stop());

	const tokenOf = (name: string, of = request) => of.links.find(({ approver }) => approver.name === name)?.token ?? '';
	const morgan = () => tokenOf('Morgan Ellis');
	const made = async (token = morgan()): Promise<MadeCode> => {
		const code = await office.store.execute(makeCode, { token });
		if (code === null) throw new Error('no code was made');
		return code;
	};
	const sign = (code: string | undefined, token = morgan()) => office.decide(token, draft, code === undefined ? {} : { code });
	const otherThan = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0');
	const outcome = () => office.store.execute(readOutcome, { requestId: request.requestId });
	const page = (token = morgan()) => office.store.execute(viewRequest, { token });
	const entries = () => office.store.execute(readEntries, { act: null, resourceId: null, before: null, limit: 500, withDetails: true });

	it('goes with a decision on a locator, and the decision says so', async () => {
		await expect(sign(undefined)).rejects.toMatchObject({ code: 'approval.code', message: expect.stringContaining('Enter the code') as string });
		const { code } = await made();
		expect(await sign(code)).toMatchObject({ state: 'approved' });
		expect(await outcome()).toMatchObject({ decisions: [{ by: 'Morgan Ellis', decision: 'approve', confirmedBy: 'code' }] });
		expect(JSON.stringify((await entries()).find(({ entry }) => entry.act === 'approval.decide'))).toContain('"confirmedBy":"code"');
	});

	it.each(['reject', 'return'] as const)('goes with a decision to %s as well', async (decision) => {
		const wish = { decision, reason: 'Route 2 is closed.', acknowledgedPeople: null };
		await expect(office.decide(morgan(), draft, wish)).rejects.toMatchObject({ code: 'approval.code' });
		const { code } = await made();
		await expect(office.decide(morgan(), draft, { ...wish, code })).resolves.toMatchObject({ state: decision === 'reject' ? 'rejected' : 'returned' });
	});

	it('is asked for on a private link where the rules say so, and otherwise not', async () => {
		await office.stop();
		await begin({}, 'private');
		await expect(office.store.execute(makeCode, { token: morgan() })).rejects.toMatchObject({ code: 'approval.code', message: expect.stringContaining('needs no code') as string });
		expect(await sign(undefined)).toMatchObject({ state: 'approved' });
		expect(await outcome()).toMatchObject({ decisions: [{ confirmedBy: 'link' }] });
		await office.stop();
		await begin({ confirmByCode: true }, 'private');
		await expect(sign(undefined)).rejects.toMatchObject({ code: 'approval.code' });
		const { code } = await made();
		expect(await sign(code)).toMatchObject({ state: 'approved' });
	});

	it('is taken as people type and paste it', async () => {
		const { code } = await made();
		expect(await sign(` ${code.slice(0, 3)}\u00a0${code.slice(3)}\u200b\n`)).toMatchObject({ state: 'approved' });
	});

	it.each([
		['cut short', (code: string) => code.slice(1)],
		['doubled', (code: string) => code + code],
		['of letters', () => 'abcdef'],
		['a decimal', (code: string) => `${code}.0`],
		['negative', (code: string) => `−${code.slice(1)}`],
		['empty', () => ' '],
	])('is refused when it is %s, without costing a try', async (_, change) => {
		const { code } = await made();
		await expect(sign(change(code))).rejects.toMatchObject({ code: 'approval.code' });
		expect(await rows(office.store, 'SELECT wrong_tries FROM approval_code')).toEqual([{ wrong_tries: 0 }]);
	});

	it('counts a wrong try although the decision is refused, and enters it', async () => {
		const { code } = await made();
		await expect(sign(otherThan(code))).rejects.toMatchObject({ code: 'approval.code', hint: expect.stringContaining('4 more tries') as string });
		expect(await rows(office.store, 'SELECT wrong_tries FROM approval_code')).toEqual([{ wrong_tries: 1 }]);
		expect((await acts(office.store)).at(-1)).toBe('approval.code-wrong');
		expect(await outcome()).toMatchObject({ state: 'pending', decisions: [] });
		expect(await sign(code)).toMatchObject({ state: 'approved' });
	});

	it('is used up by five wrong tries; a new one takes its place', async () => {
		const { code } = await made();
		for (let i = 1; i <= 5; i++) await expect(sign(otherThan(code, i))).rejects.toMatchObject({ code: 'approval.code' });
		await expect(sign(code)).rejects.toMatchObject({ code: 'approval.code', message: expect.stringContaining('used up') as string });
		expect((await page()).confirmation).toEqual({ sentAt: null, expiresAt: null, locked: false });
		office.clock.advance(minute);
		expect(await sign((await made()).code)).toMatchObject({ state: 'approved' });
	});

	it('locks a person out of the request after ten wrong tries, and nobody else', async () => {
		for (let round = 0; round < 2; round++) {
			const { code } = await made();
			for (let i = 1; i <= 5; i++) await expect(sign(otherThan(code, i))).rejects.toMatchObject({ code: round === 1 && i === 5 ? 'approval.locked' : 'approval.code' });
			office.clock.advance(minute);
		}
		expect((await page()).confirmation).toMatchObject({ locked: true });
		await expect(office.store.execute(makeCode, { token: morgan() })).rejects.toMatchObject({ code: 'approval.locked', hint: expect.stringContaining('Another approver') as string });
		await expect(sign('123456')).rejects.toMatchObject({ code: 'approval.locked' });
		expect((await acts(office.store)).filter((act) => act === 'approval.code-wrong')).toHaveLength(10);
		const { code } = await made(tokenOf('Priya Raman'));
		expect(await sign(code, tokenOf('Priya Raman'))).toMatchObject({ state: 'approved' });
	});

	it('lasts ten minutes', async () => {
		const { code } = await made();
		office.clock.advance(10 * minute - 1);
		expect((await page()).confirmation).toMatchObject({ sentAt: expect.any(Number) as number });
		office.clock.advance(1);
		expect((await page()).confirmation).toMatchObject({ sentAt: null });
		await expect(sign(code)).rejects.toMatchObject({ code: 'approval.code', message: expect.stringContaining('expired') as string });
		expect((await acts(office.store)).at(-1)).toBe('approval.code-wrong');
	});

	it('gives way to a newer one', async () => {
		const first = await made();
		office.clock.advance(minute);
		const second = await made();
		if (first.code !== second.code) await expect(sign(first.code)).rejects.toMatchObject({ code: 'approval.code' });
		expect(await sign(second.code)).toMatchObject({ state: 'approved' });
	});

	it('confirms nobody else, no other link and no other request', async () => {
		const other = await office.draft({ title: 'Another' });
		const otherRequest = await office.ask(other.id, { links: 'locator' });
		const { code } = await made();
		await expect(sign(code, tokenOf('Priya Raman'))).rejects.toMatchObject({ code: 'approval.code', message: expect.stringContaining('no code yet') as string });
		await expect(office.decide(tokenOf('Morgan Ellis', otherRequest), other, { code })).rejects.toMatchObject({ code: 'approval.code' });
		const own = await made(tokenOf('Priya Raman'));
		if (own.code !== code) await expect(sign(code, tokenOf('Priya Raman'))).rejects.toMatchObject({ code: 'approval.code' });
		expect(await outcome()).toMatchObject({ state: 'pending' });
	});

	it('is used once', async () => {
		await office.stop();
		await begin({ signaturesNeeded: 2 });
		const { code } = await made();
		await sign(code);
		await expect(sign(code)).rejects.toMatchObject({ code: 'approval.decided' });
		await expect(sign(code, tokenOf('Priya Raman'))).rejects.toMatchObject({ code: 'approval.code' });
		await expect(office.store.execute(makeCode, { token: morgan() })).rejects.toMatchObject({ code: 'approval.decided' });
		expect(await outcome()).toMatchObject({ state: 'pending', decisions: [{ by: 'Morgan Ellis' }] });
	});

	it('is used once by two who press at the same moment', async () => {
		const { code } = await made();
		const results = await Promise.allSettled([sign(code), sign(code), sign(otherThan(code)), sign(code)]);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect(await outcome()).toMatchObject({ state: 'approved', decisions: [{ by: 'Morgan Ellis' }] });
		expect(await rows(office.store, 'SELECT 1 FROM approval_grant')).toHaveLength(1);
	});

	it('is guessed by nobody who tries many at once: five tries are five tries', async () => {
		const { code } = await made();
		const guesses = Array.from({ length: 60 }, (_, i) => otherThan(code, i + 1));
		await Promise.allSettled(guesses.map((guess) => sign(guess)));
		expect(await rows(office.store, 'SELECT wrong_tries FROM approval_code')).toEqual([{ wrong_tries: 5 }]);
		expect((await acts(office.store)).filter((act) => act === 'approval.code-wrong')).toHaveLength(5);
	});

	it('is not made twice for somebody who presses twice', async () => {
		const results = await Promise.all([1, 2, 3].map(() => office.store.execute(makeCode, { token: morgan() })));
		expect(results.filter((result) => result !== null)).toHaveLength(1);
	});

	it('is made three times an hour for one person over all requests, unless they are used', async () => {
		for (let i = 0; i < 3; i++) {
			await made();
			office.clock.advance(minute);
		}
		await expect(made()).rejects.toMatchObject({ code: 'approval.code-limit', hint: expect.stringContaining('57 minutes') as string });
		await office.on();
		const other = await office.ask((await office.draft({ title: 'Another' })).id, { links: 'locator' });
		await expect(made(tokenOf('Morgan Ellis', other))).rejects.toMatchObject({ code: 'approval.code-limit' });
		await made(tokenOf('Priya Raman'));
		office.clock.advance(58 * minute);
		const { code } = await made();
		await sign(code);
		for (let i = 0; i < 2; i++) {
			await made(tokenOf('Morgan Ellis', other));
			office.clock.advance(minute);
		}
	});

	it('counts for nothing when WhatsApp did not take it', async () => {
		for (let i = 0; i < 5; i++) {
			const { id } = await made();
			await office.store.execute(recordCode, { id, token: morgan(), outcome: 'not-sent' });
		}
		expect((await page()).confirmation).toMatchObject({ sentAt: null });
		const { code } = await made();
		expect(await sign(code)).toMatchObject({ state: 'approved' });
	});

	it('is made ten times an hour at most, whatever becomes of it', async () => {
		for (let i = 0; i < 10; i++) await office.store.execute(recordCode, { id: (await made()).id, token: morgan(), outcome: 'not-sent' });
		await expect(made()).rejects.toMatchObject({ code: 'approval.code-limit' });
	});

	it.each(['', 'x', 'AAAA'])('is not made for a link that is none: “%s”', async (token) => {
		await expect(made(token)).rejects.toMatchObject({ code: 'approval.link' });
		await expect(made(morgan().slice(1))).rejects.toMatchObject({ code: 'approval.link' });
		await expect(made(morgan() + morgan())).rejects.toMatchObject({ code: 'approval.link' });
	});

	it('is not made when the time to decide is over', async () => {
		office.clock.set(request.expiresAt);
		await expect(made()).rejects.toMatchObject({ code: 'approval.decided' });
	});

	it.each([
		['fewer tries', 'UPDATE approval_code SET wrong_tries = 0 WHERE wrong_tries = 1'],
		['a longer life', 'UPDATE approval_code SET expires_at = expires_at + 1'],
		['the hash of another code', "UPDATE approval_code SET code_lookup = 'x'"],
		['another person', 'UPDATE approval_code SET approver_lookup = (SELECT approver_lookup FROM approval_link WHERE token_hash <> approval_code.token_hash)'],
		['another link', 'UPDATE approval_code SET token_hash = (SELECT token_hash FROM approval_link WHERE token_hash <> approval_code.token_hash)'],
	])('is refused when somebody gave it %s by hand', async (_, sql) => {
		const { code } = await made();
		await sign(otherThan(code)).catch(() => undefined);
		await editByHand(office.store, sql);
		const tries = await Promise.allSettled([sign(code), sign(code, tokenOf('Priya Raman'))]);
		expect(tries.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'taken'))).toContain('store.tampered');
		expect(await outcome()).toMatchObject({ state: 'pending' });
	});

	it('makes a link decide that was made private by hand no more than before', async () => {
		await editByHand(office.store, "UPDATE approval_link SET kind = 'private'");
		await expect(sign(undefined)).rejects.toMatchObject({ code: 'store.tampered' });
	});

	it('stands nowhere: not in the store’s file, not in the ledger, not in what is refused', async () => {
		const { code, id } = await made();
		await office.store.execute(recordCode, { id, token: morgan(), outcome: 'accepted' });
		const refused = await sign(otherThan(code)).catch((thrown: unknown) => thrown);
		const told = `${JSON.stringify(refused)} ${String(refused)} ${JSON.stringify(await page())}`;
		const kept = JSON.stringify(await entries());
		for (const digits of [code, otherThan(code)]) {
			expect(told).not.toContain(digits);
			expect(JSON.stringify(await rows(office.store, 'SELECT * FROM approval_code'))).not.toContain(`"${digits}"`);
			expect(kept).not.toMatch(new RegExp(`(?<!\\d)${digits}(?!\\d)`));
		}
		expect(await acts(office.store)).toEqual(expect.arrayContaining(['approval.code-sent', 'approval.code-wrong']));
	});
});

describe('the six digits', () => {
	it('are drawn without favour: what lies beyond a whole multiple of a million is drawn again', () => {
		const from = (...draws: number[]) => {
			const bytes = (size: number) => {
				const buffer = Buffer.alloc(size);
				buffer.writeUInt32BE(draws.shift() ?? 0);
				return buffer;
			};
			return drawCode({ bytes, uuid: () => '' });
		};
		expect(from(4_294_967_295, 4_294_000_000, 4_293_999_999)).toBe('999999');
		expect(from(0)).toBe('000000');
		fc.assert(fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (drawn) => /^\d{6}$/.test(from(drawn, 7))));
	});
});
