import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOutcome } from '../../../core/approval/outcome';
import type { Wake } from '../../../core/approval/resume';
import { readDesk } from '../../../core/channel/deskAddress';
import { Desk } from '../../../core/desk/desk';
import { CivicError } from '../../../core/errors';
import { editByHand, rows } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';
import { deskIn, deskRequest } from '../../council/officeSteps';

describe('the desk between requests', () => {
	let office: Office;
	let woken: string[];
	let answer: 'taken' | 'later';
	const wake: Wake = (url) => {
		woken.push(url);
		return Promise.resolve(answer);
	};
	beforeEach(async () => {
		office = await startOffice();
		[woken, answer] = [[], 'taken'];
	});
	afterEach(() => office.stop());

	async function asked(resumeUrl = 'http://127.0.0.1:9/one') {
		const draft = await office.draft({ title: `Asked from ${resumeUrl}` });
		const request = await office.ask(draft.id, { resumeUrl, executionId: resumeUrl });
		return { ...request, draft };
	}

	it('shows that it is on', async () => {
		const desk = deskIn(office, wake);
		for (let minute = 0; minute < 10; minute++) {
			await desk.tend();
			office.clock.advance(60_000);
		}
		expect(await office.store.execute(readDesk, undefined)).toMatchObject({ active: true });
		office.clock.advance(3 * 60_000);
		expect(await office.store.execute(readDesk, undefined)).toMatchObject({ active: false });
	});

	it('leaves to its host to answer when the store cannot be read, and tells a stranger nothing of where it lies', async () => {
		const unreachable = new CivicError('store.unreachable', 'The store /srv/civic-comms/store.sqlite could not be opened or written: disk I/O error.', 'Check the disk.');
		const desk = new Desk({ execute: () => Promise.reject(unreachable), close: () => Promise.resolve() }, office.clock, wake);
		await expect(desk.page(deskRequest({ token: 'A'.repeat(43) }))).rejects.toBe(unreachable);
		await expect(desk.page(deskRequest({ method: 'POST', token: 'A'.repeat(43), form: { decision: 'approve', digest: 'x' } }))).rejects.toBe(unreachable);
	});

	it('wakes an execution when its request is decided, and not twice', async () => {
		const desk = deskIn(office, wake);
		const { draft, links } = await asked();
		const form = { decision: 'approve', digest: draft.digest, understood: '2' };
		expect(await desk.page(deskRequest({ method: 'POST', token: links[0]?.token ?? '', form }))).toMatchObject({ status: 303 });
		await desk.tend();
		await desk.tend();
		expect(woken).toEqual(['http://127.0.0.1:9/one']);
	});

	it('wakes an execution whose request nobody decided, on the lane that says so', async () => {
		const desk = deskIn(office, wake);
		const { requestId, expiresAt } = await asked();
		await desk.tend();
		expect(woken).toEqual([]);
		office.clock.set(expiresAt);
		await desk.tend();
		expect(await office.store.execute(readOutcome, { requestId })).toMatchObject({ state: 'expired' });
		expect(woken).toEqual(['http://127.0.0.1:9/one']);
	});

	it('answers the approver although n8n does not answer, and tries again until it does', async () => {
		const desk = deskIn(office, wake);
		answer = 'later';
		const { draft, links } = await asked();
		expect(await desk.page(deskRequest({ method: 'POST', token: links[0]?.token ?? '', form: { decision: 'approve', digest: draft.digest, understood: '2' } }))).toMatchObject({ status: 303 });
		for (let second = 0; second < 30; second++) {
			await desk.tend();
			office.clock.advance(1000);
		}
		expect(woken.length).toBeGreaterThan(3);
		expect(woken.length).toBeLessThan(12);
		answer = 'taken';
		office.clock.advance(60_000);
		await desk.tend();
		const count = woken.length;
		office.clock.advance(600_000);
		await desk.tend();
		expect(woken).toHaveLength(count);
	});

	it('answers the approver although waking breaks down, and hears of it on its next round', async () => {
		const desk = deskIn(office, () => Promise.reject(new Error('broken')));
		const { draft, links } = await asked();
		expect(await desk.page(deskRequest({ method: 'POST', token: links[0]?.token ?? '', form: { decision: 'approve', digest: draft.digest, understood: '2' } }))).toMatchObject({ status: 303 });
		await expect(desk.tend()).rejects.toThrow('broken');
	});

	it('wakes, sweeps and enters, though one of these breaks down, and still tells of it', async () => {
		const desk = deskIn(office, () => Promise.reject(new Error('broken')));
		const { draft, links } = await asked();
		await office.decide(links[0]?.token ?? '', draft);
		await desk.page(deskRequest({ token: 'A'.repeat(43) }));
		office.clock.advance(60_000);
		await expect(desk.tend()).rejects.toThrow('broken');
		expect(await rows(office.store, "SELECT 1 FROM ledger_index WHERE act = 'link.wrong'")).toHaveLength(1);
	});

	it('wakes others though a request was edited by hand', async () => {
		const desk = deskIn(office, wake);
		const edited = await asked('http://127.0.0.1:9/edited');
		const { draft, links } = await asked('http://127.0.0.1:9/other');
		await editByHand(office.store, 'UPDATE approval_request SET signatures_needed = 0 WHERE id = ?', edited.requestId);
		await office.decide(links[0]?.token ?? '', draft);
		office.clock.advance(13 * 3600_000);
		await desk.tend();
		expect(woken).toEqual(['http://127.0.0.1:9/other']);
	});
});
