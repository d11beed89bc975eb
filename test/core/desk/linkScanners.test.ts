import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutcome } from '../../../core/approval/outcome';
import { startCouncil, type Council } from '../../council/council';
import { askFor, decideOn, draftGritting, linksOn } from '../../council/steps';
import { rows } from '../../council/tables';
import { userAgents } from './userAgents';

interface Opened {
	status: number;
	headers: Record<string, unknown>;
	body: string;
}

function open(link: string, method: string, headers: Record<string, string>): Promise<Opened> {
	return new Promise((resolve, reject) => {
		httpRequest(link, { method, headers }, (answer) => {
			let body = '';
			answer.setEncoding('utf8').on('data', (part: string) => (body += part));
			answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
		})
			.on('error', reject)
			.end();
	});
}

describe('a sign-off link that programs open before the approver does', () => {
	let council: Council;
	let link: string;
	let requestId: string;
	let page: Opened;

	beforeAll(async () => {
		council = await startCouncil({ residents: 6 });
		const draft = await draftGritting(council);
		({ requestId } = await askFor(council, draft.id));
		link = linksOn(council, '+447700900901').at(-1) ?? '';
		page = await open(link, 'GET', {});
	});
	afterAll(() => council.stop());

	const changes = async () => (await rows<{ n: number }>(council.store, 'SELECT total_changes() AS n'))[0]?.n;

	it('are at least two dozen', () => {
		expect(new Set(userAgents.map(([, agent]) => agent)).size).toBeGreaterThanOrEqual(24);
		expect(page.status).toBe(200);
		expect(page.body).toContain('Approve and send');
	});

	it.each(userAgents)('shows %s the same page and changes nothing', async (_, agent) => {
		const before = await changes();
		for (const headers of [{ 'user-agent': agent }, { 'user-agent': agent, purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender', range: 'bytes=0-1000' }] as Array<Record<string, string>>) {
			expect(await open(link, 'GET', headers)).toMatchObject({ status: 200, body: page.body });
			expect(await open(`${link}?decision=approve&understood=4&utm_source=mail`, 'GET', headers)).toMatchObject({ status: 200, body: page.body });
			expect(await open(link, 'HEAD', headers)).toMatchObject({ status: 200, body: '' });
		}
		expect(await changes()).toBe(before);
	});

	it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])('answers %s with 405', async (method) => {
		const before = await changes();
		expect(await open(link, method, {})).toMatchObject({ status: 405 });
		expect(await changes()).toBe(before);
	});

	it('is not decided by an empty POST, as some scanners send it', async () => {
		for (const body of ['', 'decision=approve', 'decision=approve&digest=x', 'digest=x', 'decision=maybe&digest=x&understood=4']) {
			const answer = await fetch(link, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' }, redirect: 'manual' });
			expect(answer.status).toBeGreaterThanOrEqual(400);
			expect(await answer.text()).toContain('Approve and send');
		}
		expect(await council.store.execute(readOutcome, { requestId })).toMatchObject({ state: 'pending', decisions: [] });
		expect(council.woken).toEqual([]);
	});

	it('still takes the approver’s decision afterwards', async () => {
		expect((await decideOn(link, 'approve')).status).toBe(303);
		expect(await council.store.execute(readOutcome, { requestId })).toMatchObject({ state: 'approved' });
	});
});
