import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDueResumes, resumeDecided, resumePauseMs, type Wake } from '../../../core/approval/resume';
import { editByHand } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

describe('a decided request', () => {
	let office: Office;
	let answer: 'taken' | 'later';
	let calls: Array<{ url: string; at: number }>;
	let begun: number;
	const wake: Wake = (url) => {
		calls.push({ url, at: office.clock.now() - begun });
		return Promise.resolve(answer);
	};
	const resume = () => resumeDecided(office.store, wake);

	beforeEach(async () => {
		office = await startOffice();
		[answer, calls] = ['later', []];
	});
	afterEach(() => office.stop());

	async function decided(resumeUrl: string): Promise<void> {
		const draft = await office.draft();
		const { links } = await office.ask(draft.id, { resumeUrl });
		expect(await resume()).toEqual({ taken: 0, later: 0 });
		await office.decide(links[0]?.token ?? '', draft);
		begun = office.clock.now();
	}

	it('wakes its execution again and again, with longer pauses, until it is taken, and then never more', async () => {
		await decided('http://127.0.0.1:9/one');
		for (let second = 0; second < 200; second++) {
			if (calls.length === 9) answer = 'taken';
			await resume();
			office.clock.advance(500);
		}
		expect(calls.map(({ at }) => at / 1000)).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 123.5, 183.5].slice(0, calls.length));
		expect(calls.length).toBeGreaterThanOrEqual(8);
		answer = 'taken';
		office.clock.advance(60_000);
		await resume();
		const count = calls.length;
		office.clock.advance(3600_000);
		await resume();
		expect(calls).toHaveLength(count);
		expect(new Set(calls.map(({ url }) => url))).toEqual(new Set(['http://127.0.0.1:9/one']));
	});

	it('pauses at most a minute between two tries', () => {
		expect([0, 1, 2, 6, 7, 8, 50, 1000].map(resumePauseMs)).toEqual([500, 1000, 2000, 32_000, 60_000, 60_000, 60_000, 60_000]);
	});

	it('does not keep others from being woken when its row was edited by hand', async () => {
		await decided('http://127.0.0.1:9/one');
		await editByHand(office.store, 'UPDATE approval_request SET resume_sealed = randomblob(60)');
		await decided('http://127.0.0.1:9/two');
		answer = 'taken';
		await resume();
		expect(calls.map(({ url }) => url)).toEqual(['http://127.0.0.1:9/two']);
	});

	it('is let go when nothing can be waiting for it any more', async () => {
		await decided('http://127.0.0.1:9/one');
		office.clock.advance(30 * 24 * 3600_000);
		expect(await office.store.execute(readDueResumes, undefined)).toEqual([]);
	});
});
