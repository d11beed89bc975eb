import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOutcome } from '../../../core/approval/outcome';
import { readDueResumes } from '../../../core/approval/resume';
import { viewRequest } from '../../../core/approval/viewRequest';
import { withdrawRequest, type Withdrawal } from '../../../core/approval/withdraw';
import { parseContributor } from '../../../core/message/draftPeople';
import { acts, editByHand, rows } from '../../council/tables';
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

describe('a request for sign-off ends without approval', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice({ channel: three });
	});
	afterEach(() => office.stop());

	const outcome = (requestId: string) => office.store.execute(readOutcome, { requestId });
	const withdraw = (changes: Partial<Withdrawal>) =>
		office.store.execute(withdrawRequest, {
			channelId: office.settings.id,
			by: parseContributor({ name: 'Sam Okafor', email: 'sam.okafor@aldersea.example' }, 'Withdrawn By'),
			reason: ' The forecast has changed. ',
			...changes,
		});
	const asked = async (changes: Parameters<Office['draft']>[0] = {}) => {
		const draft = await office.draft({ requester: { name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null }, ...changes });
		const request = await office.ask(draft.id);
		return { ...request, draft, token: (name: string) => request.links.find(({ approver }) => approver.name === name)?.token ?? '' };
	};

	describe('when it is returned for change', () => {
		it('says what to change, grants nothing, and wakes the flow', async () => {
			const { draft, requestId, token } = await asked();
			for (const reason of ['', '\n']) {
				await expect(office.decide(token('Jo Hale'), draft, { decision: 'return', reason, acknowledgedPeople: null })).rejects.toMatchObject({ code: 'input.invalid', message: 'Say what to change.' });
			}
			expect(await office.decide(token('Jo Hale'), draft, { decision: 'return', reason: 'Route 3 is done.', acknowledgedPeople: null })).toMatchObject({ state: 'returned' });
			expect(await outcome(requestId)).toMatchObject({ state: 'returned', decisions: [{ by: 'Jo Hale', decision: 'return', reason: 'Route 3 is done.' }] });
			expect(await rows(office.store, 'SELECT 1 FROM approval_grant')).toEqual([]);
			expect(await office.store.execute(readDueResumes, undefined)).toMatchObject([{ requestId }]);
			await expect(office.decide(token('Morgan Ellis'), draft)).rejects.toMatchObject({ code: 'approval.decided' });
		});

		it('bars from the new version whoever worked on the old one', async () => {
			const first = await asked({ contributors: [{ name: 'Morgan Ellis', email: null, phone: null }] });
			await office.decide(first.token('Jo Hale'), first.draft, { decision: 'return', reason: 'Shorter.', acknowledgedPeople: null });
			const next = await office.draft({ title: 'Another title', replaces: first.draft.id });
			const { links } = await office.ask(next.id);
			expect(links.map(({ approver }) => approver.name)).toEqual(['Priya Raman', 'Jo Hale']);
		});
	});

	describe('when it is withdrawn', () => {
		it('by the requester, with the reason, and its links say so', async () => {
			const { draft, requestId, token } = await asked();
			expect(await withdraw({ requestId })).toEqual({ requestId, draftId: draft.id });
			expect(await outcome(requestId)).toMatchObject({ state: 'withdrawn', closed: { by: 'Sam Okafor', reason: 'The forecast has changed.' }, decisions: [] });
			expect((await acts(office.store)).at(-1)).toBe('approval.withdraw');
			await expect(office.decide(token('Jo Hale'), draft)).rejects.toMatchObject({ code: 'approval.decided' });
			expect(await office.store.execute(viewRequest, { token: token('Jo Hale') })).toMatchObject({ state: 'withdrawn', mayDecide: false, closed: { by: 'Sam Okafor' } });
			expect(await office.store.execute(readDueResumes, undefined)).toMatchObject([{ requestId }]);
			await expect(withdraw({ requestId })).rejects.toMatchObject({ code: 'approval.decided', message: expect.stringContaining('withdrawn already') as string });
		});

		it('is found by its draft as well', async () => {
			const { draft, requestId } = await asked();
			expect(await withdraw({ draftId: draft.id })).toMatchObject({ requestId });
			await expect(withdraw({ draftId: '' })).rejects.toMatchObject({ code: 'approval.unknown' });
		});

		it('not by anybody else, not on another channel, and not after it was decided', async () => {
			const { draft, requestId, token } = await asked();
			await expect(withdraw({ requestId, by: parseContributor({ name: 'Priya Raman' }, 'Withdrawn By') })).rejects.toMatchObject({ code: 'approval.barred' });
			await expect(withdraw({ requestId, channelId: '106540352242999' })).rejects.toMatchObject({ code: 'approval.unknown' });
			await expect(withdraw({ requestId, reason: 'x'.repeat(2001) })).rejects.toMatchObject({ code: 'input.invalid' });
			expect(await outcome(requestId)).toMatchObject({ state: 'pending' });
			await office.decide(token('Jo Hale'), draft);
			await expect(withdraw({ requestId })).rejects.toMatchObject({ code: 'approval.decided', message: expect.stringContaining('approved already') as string });
		});
	});

	describe('when a newer draft takes its place', () => {
		it.each([
			['with the same service, title and audience', {}],
			['with the same title, otherwise spelt', { title: '  GRITTING   tonight ' }],
		])('%s', async (_, changes) => {
			const first = await asked({ title: 'Gritting tonight' });
			await asked({ title: 'Gritting tonight', ...changes });
			expect(await outcome(first.requestId)).toMatchObject({ state: 'superseded', closed: { by: null, reason: 'A newer draft for the same purpose took its place.' } });
			await expect(office.decide(first.token('Jo Hale'), first.draft)).rejects.toMatchObject({ code: 'approval.decided' });
			expect(await rows(office.store, "SELECT 1 FROM ledger_index WHERE act = 'approval.supersede'")).toHaveLength(1);
		});

		it('with the purpose that both were given, or that says what it replaces', async () => {
			const first = await asked({ title: 'One', purpose: 'A47 closure' });
			const second = await asked({ title: 'Two', purpose: 'a47  CLOSURE' });
			expect(await outcome(first.requestId)).toMatchObject({ state: 'superseded' });
			await asked({ title: 'Three', replaces: second.draft.id });
			expect(await outcome(second.requestId)).toMatchObject({ state: 'superseded' });
		});

		it('but not by one with another title, purpose or audience', async () => {
			const first = await asked({ title: 'Gritting tonight' });
			await asked({ title: 'Bins tomorrow' });
			await asked({ title: 'Gritting tonight', purpose: 'Something else' });
			await asked({ title: 'Gritting tonight', audience: { topic: 'Winter roads', areas: ['Route 2'] } });
			expect(await outcome(first.requestId)).toMatchObject({ state: 'pending' });
		});

		it('not before the newer one is really asked for', async () => {
			const first = await asked();
			const next = await office.draft();
			await expect(office.ask(next.id, { ask: ['Nobody'] })).rejects.toMatchObject({ code: 'approval.no-approvers' });
			expect(await outcome(first.requestId)).toMatchObject({ state: 'pending' });
		});

		it('and whoever drafted the earlier one cannot sign the newer one', async () => {
			await asked({ requester: { name: 'Priya Raman', email: null, phone: null } });
			const { links } = await asked();
			expect(links.map(({ approver }) => approver.name)).toEqual(['Morgan Ellis', 'Jo Hale']);
		});

		it('is another matter after a day', async () => {
			await asked({ requester: { name: 'Priya Raman', email: null, phone: null }, notAfter: office.clock.now() + 3600_000 });
			office.clock.advance(24 * 3600_000 + 1);
			await office.on();
			expect((await asked()).links.map(({ approver }) => approver.name)).toContain('Priya Raman');
		});
	});

	it('a draft of another channel cannot be replaced, nor one that does not exist', async () => {
		await expect(office.draft({ replaces: 'f4b0b1ff-0000-4000-8000-000000000000' })).rejects.toMatchObject({ code: 'draft.unknown' });
	});
});

describe('a sign-off in steps', () => {
	let office: Office;
	afterEach(() => office.stop());

	it('asks the first step, then lets the second decide, and is granted after the last', async () => {
		office = await startOffice({
			channel: {
				approvers: {
					approver: [
						{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901', role: 'Communications lead' },
						{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '07700 900903', role: 'Director' },
					],
				},
				stages: { stage: [{ role: 'Communications lead' }, { role: 'Director' }] },
			},
		});
		const draft = await office.draft();
		const { links, requestId } = await office.ask(draft.id);
		expect(links.map(({ approver }) => approver.name)).toEqual(['Morgan Ellis']);
		expect(await office.store.execute(viewRequest, { token: links[0]?.token ?? '' })).toMatchObject({
			stages: [
				{ name: 'Communications lead', state: 'now', signatures: 0, signaturesNeeded: 1 },
				{ name: 'Director', state: 'later', signatures: 0, signaturesNeeded: 1 },
			],
		});
		expect(await office.decide(links[0]?.token ?? '', draft)).toMatchObject({ state: 'pending', signatures: 1, signaturesNeeded: 2 });
		expect(await office.store.execute(readOutcome, { requestId })).toMatchObject({ state: 'pending', signaturesNeeded: 2 });
		expect(await rows(office.store, 'SELECT 1 FROM approval_grant')).toEqual([]);
	});

	it.each([
		['taken away by hand', 'NULL'],
		['replaced by that of another request', "(SELECT plan_sealed FROM approval_request WHERE id <> 'x' ORDER BY created_at DESC LIMIT 1)"],
	])('decides nothing once its plan was %s', async (_, plan) => {
		office = await startOffice({ channel: three });
		const draft = await office.draft();
		const { links, requestId } = await office.ask(draft.id, { signatures: 2 });
		office.clock.advance(1000);
		await office.ask((await office.draft({ title: 'Another matter' })).id);
		await editByHand(office.store, `UPDATE approval_request SET plan_sealed = ${plan} WHERE id = ?`, requestId);
		await expect(office.decide(links[0]?.token ?? '', draft)).rejects.toMatchObject({ code: 'store.tampered' });
		expect(await rows(office.store, 'SELECT 1 FROM approval_decision')).toEqual([]);
	});
});
