import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expireRequests } from '../../../core/approval/expire';
import { readOutcome } from '../../../core/approval/outcome';
import type { RequestedSignOff } from '../../../core/approval/requestSignOff';
import { viewRequest } from '../../../core/approval/viewRequest';
import type { CreatedDraft } from '../../../core/message/createDraft';
import { acts, editByHand, rows, within } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

const three = {
	approvers: {
		approver: [
			{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901' },
			{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '07700 900902' },
			{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '07700 900903' },
		],
	},
};

describe('a decision', () => {
	let office: Office;
	let draft: CreatedDraft;
	let request: RequestedSignOff;

	async function begin(channel: Record<string, unknown> = {}): Promise<void> {
		office = await startOffice({ channel: { ...three, ...channel } });
		draft = await office.draft();
		request = await office.ask(draft.id);
	}
	afterEach(() => office.stop());

	const tokenOf = (name: string) => request.links.find(({ approver }) => approver.name === name)?.token ?? '';
	const outcome = () => office.store.execute(readOutcome, { requestId: request.requestId });
	const grants = () => rows(office.store, 'SELECT * FROM approval_grant');

	describe('with one signature needed', () => {
		beforeEach(() => begin());

		it('approves, grants once, and enters the ledger', async () => {
			expect(await office.decide(tokenOf('Morgan Ellis'), draft)).toMatchObject({ state: 'approved', signatures: 1 });
			expect(await outcome()).toMatchObject({ state: 'approved', digest: draft.digest, decisions: [{ by: 'Morgan Ellis', decision: 'approve' }] });
			expect(await grants()).toHaveLength(1);
			expect((await acts(office.store)).at(-1)).toBe('approval.decide');
		});

		it('rejects with a reason, and grants nothing', async () => {
			for (const reason of ['', ' \n\t']) {
				await expect(office.decide(tokenOf('Morgan Ellis'), draft, { decision: 'reject', reason })).rejects.toMatchObject({ code: 'input.invalid' });
			}
			expect(await office.decide(tokenOf('Morgan Ellis'), draft, { decision: 'reject', reason: ' Wrong route. ', acknowledgedPeople: null })).toMatchObject({ state: 'rejected' });
			expect(await outcome()).toMatchObject({ state: 'rejected', decisions: [{ decision: 'reject', reason: 'Wrong route.' }] });
			expect(await grants()).toEqual([]);
		});

		it('takes a reason of 2,000 characters and no more', async () => {
			await expect(office.decide(tokenOf('Jo Hale'), draft, { decision: 'reject', reason: 'x'.repeat(2001) })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining('2001') as string });
			await expect(office.decide(tokenOf('Jo Hale'), draft, { decision: 'reject', reason: 'x'.repeat(2000) })).resolves.toMatchObject({ state: 'rejected' });
		});

		it.each([null, 0, 1, 3, -2, Number.NaN])('needs the tick with the number of people on the page, not %s', async (acknowledgedPeople) => {
			await expect(office.decide(tokenOf('Morgan Ellis'), draft, { acknowledgedPeople })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining('(2)') as string });
			expect(await outcome()).toMatchObject({ state: 'pending', decisions: [] });
		});

		it.each(['', '0'.repeat(64), 'x'])('is about the digest that the page showed, not about “%s”', async (digest) => {
			await expect(office.decide(tokenOf('Morgan Ellis'), draft, { digest })).rejects.toMatchObject({ code: 'draft.changed' });
			const other = await office.draft({ title: 'Another' });
			await expect(office.decide(tokenOf('Morgan Ellis'), draft, { digest: other.digest })).rejects.toMatchObject({ code: 'draft.changed' });
		});

		it('is taken with the whole link only', async () => {
			const token = tokenOf('Morgan Ellis');
			const wrong = [
				'',
				token.slice(0, -1),
				token.slice(1),
				token + token,
				`${token}=`,
				`${token}\n`,
				` ${token}`,
				token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(),
				...Array.from({ length: 43 }, (_, i) => token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1)),
				randomBytes(32).toString('base64url'),
				'../../etc/passwd',
				"' OR 1=1 --",
			];
			for (const cut of wrong) {
				await expect(office.decide(cut, draft)).rejects.toMatchObject({ code: 'approval.link' });
				await expect(office.store.execute(viewRequest, { token: cut })).rejects.toMatchObject({ code: 'approval.link' });
			}
			expect(await outcome()).toMatchObject({ state: 'pending' });
		});

		it('is not taken with a link of another store', async () => {
			const elsewhere = await startOffice({ channel: three });
			try {
				const foreign = await elsewhere.ask((await elsewhere.draft()).id);
				await expect(office.decide(foreign.links[0]?.token ?? '', draft)).rejects.toMatchObject({ code: 'approval.link' });
			} finally {
				await elsewhere.stop();
			}
		});

		it('is final: whatever comes afterwards is refused and changes nothing', async () => {
			await office.decide(tokenOf('Morgan Ellis'), draft);
			const before = [await outcome(), await grants(), await acts(office.store)];
			for (const name of ['Morgan Ellis', 'Priya Raman', 'Jo Hale']) {
				for (const decision of ['approve', 'reject'] as const) {
					await expect(office.decide(tokenOf(name), draft, { decision, reason: 'No.' })).rejects.toMatchObject({ code: 'approval.decided' });
				}
			}
			office.clock.advance(24 * 3600_000);
			await office.store.execute(expireRequests, undefined);
			expect([await outcome(), await grants(), await acts(office.store)]).toEqual(before);
		});

		it('comes too late from the moment the time is up, also before the sweep', async () => {
			office.clock.set(request.expiresAt);
			await expect(office.decide(tokenOf('Morgan Ellis'), draft)).rejects.toMatchObject({ code: 'approval.decided', message: expect.stringContaining('time') as string });
			expect(await office.store.execute(viewRequest, { token: tokenOf('Jo Hale') })).toMatchObject({ mayDecide: false, timeUp: true });
			await office.store.execute(expireRequests, undefined);
			expect(await outcome()).toMatchObject({ state: 'expired' });
			expect(await grants()).toEqual([]);
		});

		it.each([
			['rules', { signaturesNeeded: 2 }, 'channel.rules'],
			['mode', { mode: 'training' }, 'channel.mode'],
		])('is refused when the %s of the channel changed since it was asked for', async (_, fields, code) => {
			await office.change(fields);
			await expect(office.decide(tokenOf('Morgan Ellis'), draft)).rejects.toMatchObject({ code });
			expect(await outcome()).toMatchObject({ state: 'pending' });
		});

		it('counts again when the rules are what they were', async () => {
			await office.change({ signaturesNeeded: 2 });
			await office.change({});
			await expect(office.decide(tokenOf('Morgan Ellis'), draft)).resolves.toMatchObject({ state: 'approved' });
		});
	});

	describe('with two signatures of three needed', () => {
		beforeEach(() => begin({ signaturesNeeded: 2 }));

		it('grants with the second person, not with the first twice', async () => {
			expect(await office.decide(tokenOf('Morgan Ellis'), draft)).toMatchObject({ state: 'pending', signatures: 1, signaturesNeeded: 2 });
			await expect(office.decide(tokenOf('Morgan Ellis'), draft)).rejects.toMatchObject({ code: 'approval.decided', message: expect.stringContaining('already') as string });
			expect(await grants()).toEqual([]);
			expect(await office.decide(tokenOf('Jo Hale'), draft)).toMatchObject({ state: 'approved', signatures: 2 });
			expect(await grants()).toHaveLength(1);
		});

		it('ends with one rejection', async () => {
			await office.decide(tokenOf('Morgan Ellis'), draft);
			expect(await office.decide(tokenOf('Priya Raman'), draft, { decision: 'reject', reason: 'No.' })).toMatchObject({ state: 'rejected' });
			await expect(office.decide(tokenOf('Jo Hale'), draft)).rejects.toMatchObject({ code: 'approval.decided' });
			expect(await grants()).toEqual([]);
		});

		it('stops at a signature that was written by hand', async () => {
			await office.decide(tokenOf('Morgan Ellis'), draft);
			await editByHand(
				office.store,
				`INSERT INTO approval_decision (id, request_id, approver_lookup, decision, decided_at, digest, detail_sealed, mac)
					SELECT 'forged', request_id, 'somebody', decision, decided_at, digest, detail_sealed, mac FROM approval_decision`,
			);
			await expect(office.decide(tokenOf('Priya Raman'), draft)).rejects.toMatchObject({ code: 'store.tampered' });
			await expect(outcome()).rejects.toMatchObject({ code: 'store.tampered' });
			expect(await grants()).toEqual([]);
		});

		it('is not taken twice from one person whose other link was moved here by hand', async () => {
			const other = await office.ask((await office.draft({ title: 'Another' })).id);
			const second = other.links.find(({ approver }) => approver.name === 'Morgan Ellis')?.token ?? '';
			await within(office.store, (context) => context.sql.run("DELETE FROM approval_link WHERE request_id = ? AND approver_lookup IN (SELECT approver_lookup FROM approval_link GROUP BY approver_lookup LIMIT 1)", request.requestId));
			await office.decide(tokenOf('Morgan Ellis'), draft).catch(() => undefined);
			await within(office.store, async ({ sql, keys }) => {
				await sql.run("UPDATE approval_link SET request_id = ?, approver_lookup = 'another person' WHERE token_hash = ?", request.requestId, keys.lookup('link', second));
			});
			await expect(office.decide(second, draft)).rejects.toMatchObject({ code: 'store.tampered' });
			expect(await grants()).toEqual([]);
		});
	});

	describe('after somebody wrote into the database', () => {
		beforeEach(() => begin());

		it.each([
			['a state', "UPDATE approval_request SET state = 'approved', decided_at = 1"],
			['a longer time', 'UPDATE approval_request SET expires_at = expires_at + 1'],
			['fewer signatures', 'UPDATE approval_request SET signatures_needed = 0'],
			['other rules', "UPDATE approval_request SET rules_fingerprint = 'x'"],
			['another digest', `UPDATE approval_request SET digest = '${'0'.repeat(64)}'`],
		])('is refused on a request with %s', async (_, sql) => {
			await editByHand(office.store, sql);
			await expect(office.decide(tokenOf('Morgan Ellis'), draft)).rejects.toMatchObject({ code: 'store.tampered' });
			await expect(outcome()).rejects.toMatchObject({ code: 'store.tampered' });
		});

		it('is refused on a rejected request that was opened again with its own old row', async () => {
			const [old] = await rows<{ mac: string }>(office.store, 'SELECT mac FROM approval_request');
			await office.decide(tokenOf('Morgan Ellis'), draft, { decision: 'reject', reason: 'No.' });
			await editByHand(office.store, "UPDATE approval_request SET state = 'pending', decided_at = NULL, mac = ?", old?.mac ?? '');
			await expect(office.decide(tokenOf('Jo Hale'), draft)).rejects.toMatchObject({ code: 'store.tampered' });
			expect(await grants()).toEqual([]);
		});

		it('is refused with a link whose holder was changed', async () => {
			await within(office.store, ({ sql, keys }) => sql.run("UPDATE approval_link SET approver_lookup = 'x' WHERE token_hash = ?", keys.lookup('link', tokenOf('Jo Hale'))));
			await expect(office.decide(tokenOf('Jo Hale'), draft)).rejects.toMatchObject({ code: 'store.tampered' });
		});

		it('does not stop the sweep of the others', async () => {
			const other = await office.ask((await office.draft({ title: 'Another' })).id);
			await editByHand(office.store, 'UPDATE approval_request SET signatures_needed = 0 WHERE id = ?', request.requestId);
			office.clock.advance(13 * 3600_000);
			expect(await office.store.execute(expireRequests, undefined)).toEqual({ expired: [other.requestId] });
		});
	});
});
