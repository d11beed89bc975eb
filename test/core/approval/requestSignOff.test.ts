import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expireRequests } from '../../../core/approval/expire';
import { readOutcome } from '../../../core/approval/outcome';
import { readDueResumes } from '../../../core/approval/resume';
import { viewRequest } from '../../../core/approval/viewRequest';
import { seeDesk } from '../../../core/channel/deskAddress';
import { readDraft } from '../../../core/message/loadDraft';
import { readEntries } from '../../../core/ledger/readEntries';
import { rows } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

const hour = 3600_000;

describe('a request for sign-off', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice();
	});
	afterEach(() => office.stop());

	it('makes a link for each approver, and the store keeps none of them', async () => {
		const draft = await office.draft();
		const { links } = await office.ask(draft.id);
		expect(links.map(({ approver }) => approver.name)).toEqual(['Morgan Ellis', 'Priya Raman']);
		await office.decide(links[0]?.token ?? '', draft);
		const bytes = office.bytes();
		for (const { token } of links) {
			expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
			expect(bytes).not.toContain(token);
			expect(bytes).not.toContain(Buffer.from(token, 'base64url').toString('latin1'));
			expect(bytes).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
		}
		expect(new Set(links.map(({ token }) => token)).size).toBe(links.length);
	});

	it('hands its links to nobody but the caller', async () => {
		const draft = await office.draft();
		const request = await office.ask(draft.id);
		const tokens = request.links.map(({ token }) => token);
		const views = await Promise.all(tokens.map((token) => office.store.execute(viewRequest, { token })));
		const decided = await office.decide(tokens[0] ?? '', draft);
		const shown = JSON.stringify([
			views,
			decided,
			await office.store.execute(readOutcome, { requestId: request.requestId }),
			await office.store.execute(readDueResumes, undefined),
			await office.store.execute(readDraft, { draftId: draft.id }),
			await office.store.execute(readEntries, { act: null, resourceId: null, before: null, limit: 100, withDetails: true }),
		]);
		for (const token of tokens) expect(shown).not.toContain(token);
	});

	it.each([
		['the requester, by e-mail', { requester: { name: 'M. E.', email: 'morgan.ellis@aldersea.example', phone: null } }],
		['the requester, by phone', { requester: { name: 'M. E.', email: null, phone: '+447700900901' } }],
		['the requester, by name', { requester: { name: 'morgan ELLIS', email: null, phone: null } }],
		['a contributor, by e-mail', { contributors: [{ name: 'M. E.', email: 'morgan.ellis@aldersea.example', phone: null }] }],
		['the second contributor, by name', { contributors: [{ name: 'Al', email: null, phone: null }, { name: 'Ellis, Morgan', email: null, phone: null }] }],
	])('goes to nobody who is %s', async (_, people) => {
		const { links } = await office.ask((await office.draft(people)).id);
		expect(links.map(({ approver }) => approver.name)).toEqual(['Priya Raman']);
	});

	it('is refused when nobody is left to sign, and an earlier request stays open', async () => {
		const draft = await office.draft({ requester: { name: 'Morgan Ellis', email: null, phone: null }, contributors: [{ name: 'Priya Raman', email: null, phone: null }] });
		await expect(office.ask(draft.id)).rejects.toMatchObject({ code: 'approval.no-approvers', message: expect.stringContaining('nobody') as string });
		const other = await office.draft({ title: 'Another matter' });
		const { requestId } = await office.ask(other.id);
		await expect(office.ask(other.id, { ask: ['Nobody'] })).rejects.toMatchObject({ code: 'approval.no-approvers' });
		expect(await office.store.execute(readOutcome, { requestId })).toMatchObject({ state: 'pending' });
	});

	it('replaces an earlier one, whose links then decide nothing', async () => {
		const draft = await office.draft();
		const first = await office.ask(draft.id);
		const second = await office.ask(draft.id);
		await expect(office.decide(first.links[0]?.token ?? '', draft)).rejects.toMatchObject({ code: 'approval.decided' });
		expect(await office.store.execute(readOutcome, { requestId: first.requestId })).toMatchObject({ state: 'superseded' });
		await expect(office.decide(second.links[0]?.token ?? '', draft)).resolves.toMatchObject({ state: 'approved' });
		await expect(office.ask(draft.id)).rejects.toMatchObject({ code: 'approval.decided' });
	});

	it('waits as long as the rule allows, less where the gate says so, and never past the window of the draft', async () => {
		const draft = await office.draft({ notAfter: office.clock.now() + 20 * hour });
		const waits = async (decideWithinHours: number | null, id = draft.id) => ((await office.ask(id, { decideWithinHours })).expiresAt - office.clock.now()) / hour;
		expect(await waits(null)).toBe(12);
		expect(await waits(2)).toBe(2);
		expect(await waits(48)).toBe(12);
		for (const none of [0, -1, Number.NaN]) expect(await waits(none)).toBe(12);
		const short = await office.draft({ notAfter: office.clock.now() + 3 * hour });
		expect(await waits(null, short.id)).toBe(3);
		office.clock.advance(3 * hour);
		await office.store.execute(seeDesk, undefined);
		await expect(office.ask(short.id)).rejects.toMatchObject({ code: 'draft.window' });
	});

	it.each([
		['reach is smaller', { reach: 1 }, /2 people would get this message/],
		['list of services is another', { services: { service: [{ name: 'Libraries' }] } }, /Service "Highways" may not use channel/],
	])('is refused for a draft made before the %s, though the rules of then allowed it', async (_, fields, words) => {
		const draft = await office.draft();
		await office.change(fields);
		await expect(office.ask(draft.id)).rejects.toMatchObject({ code: 'channel.rules', message: expect.stringMatching(words) as string });
		expect(await rows(office.store, 'SELECT 1 FROM approval_request WHERE draft_id IS NOT NULL')).toEqual([]);
	});

	it('is for a draft of this channel in this mode', async () => {
		const draft = await office.draft();
		await expect(office.ask('')).rejects.toMatchObject({ code: 'draft.unknown' });
		await office.change({ phoneNumberId: '106540352242999', channelName: 'Another' });
		await expect(office.ask(draft.id, { channelId: '106540352242999' })).rejects.toMatchObject({ code: expect.stringMatching(/channel.not-adopted|draft.changed/) as string });
		await office.change({ mode: 'training' });
		await expect(office.ask(draft.id)).rejects.toMatchObject({ code: 'channel.mode' });
	});

	it('is closed by the sweep when its time is up, once', async () => {
		const draft = await office.draft();
		const { requestId, expiresAt } = await office.ask(draft.id);
		office.clock.set(expiresAt - 1);
		expect(await office.store.execute(expireRequests, undefined)).toEqual({ expired: [] });
		office.clock.set(expiresAt);
		expect(await office.store.execute(expireRequests, undefined)).toEqual({ expired: [requestId] });
		expect(await office.store.execute(expireRequests, undefined)).toEqual({ expired: [] });
		expect(await rows(office.store, "SELECT 1 FROM ledger_index WHERE act = 'approval.expire'")).toHaveLength(1);
	});
});
