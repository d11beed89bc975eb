import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph } from './callSandbox';

const evening = Date.UTC(2026, 10, 24, 18);

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 6, clockRate: 0, startsAt: evening, knobs: { templatesPerHour: 2 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

describe('numbers in the query of the controls', () => {
	it.each(['-1', 'NaN', '', '1.5', '1e3', '0x10'])('%j is none', async (text) => {
		for (const path of ['idle?timeoutMs', 'journal?limit', 'journal?after', 'accepted?offset', 'phones?limit']) {
			expect([path, (await admin(sandbox, 'GET', `${path}=${text}`)).status]).toEqual([path, 400]);
		}
	});

	it('may be larger than anything there is', async () => {
		for (const path of ['idle?timeoutMs', 'journal?limit', 'journal?after', 'accepted?offset', 'phones?limit']) {
			expect([path, (await admin(sandbox, 'GET', `${path}=99999999999999999999999`)).status]).toEqual([path, 200]);
		}
	});
});

it('the controls take no text that is not UTF-8, so that nobody writes what they did not write', async () => {
	const body = Buffer.from(JSON.stringify({ from: '+447700900123', text: 'café' }), 'latin1');
	const response = await fetch(`${sandbox.admin}/inbound`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
	expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('UTF-8')]);
	expect(sandbox.residents.count).toBe(0);
});

describe('a clock that somebody puts wrong and right again', () => {
	const create = (name: string): ReturnType<typeof graph> => graph(sandbox, 'POST', `${sandbox.businessAccountId}/message_templates`, { name, language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'x' }] });

	it('gives nobody more templates an hour, nor fewer', async () => {
		await admin(sandbox, 'POST', 'clock', { skewMs: 86_400_000 });
		expect([(await create('one')).status, (await create('two')).status]).toEqual([200, 200]);
		await admin(sandbox, 'POST', 'clock', { skewMs: 2 * 86_400_000 });
		expect((await create('three')).body.error?.code).toBe(80007);
		await admin(sandbox, 'POST', 'clock', { skewMs: 0 });
		expect((await create('three')).body.error?.code).toBe(80007);
		await admin(sandbox, 'POST', 'clock', { advanceMs: 3_600_001 });
		expect((await create('three')).status).toBe(200);
	});

	it('counts the edits of a template by the time that passed as well', async () => {
		const edit = async (text: string): Promise<number> => {
			const id = sandbox.templates.find('gritting_correction', 'en_GB')?.id ?? '';
			sandbox.review.decide(id, 'APPROVED');
			return (await graph(sandbox, 'POST', id, { components: [{ type: 'BODY', text }] })).status;
		};
		expect(await edit('One.')).toBe(200);
		await admin(sandbox, 'POST', 'clock', { skewMs: 2 * 86_400_000 });
		expect(await edit('Two.')).toBe(400);
		await admin(sandbox, 'POST', 'clock', { advanceMs: 86_400_001 });
		expect(await edit('Two.')).toBe(200);
	});
});

describe('a clock', () => {
	it('goes to the end of the year 9999 and no further', async () => {
		const decade = 10 * 365 * 86_400_000;
		const late = await startSandbox({ startsAt: Date.UTC(9990, 0), clockRate: 0 });
		try {
			expect((await admin(late, 'POST', 'clock', { advanceMs: decade / 2 })).status).toBe(200);
			for (const change of [{ advanceMs: decade }, { skewMs: decade }]) expect((await admin(late, 'POST', 'clock', change)).status).toBe(400);
			expect((await admin(late, 'GET', 'state')).status).toBe(200);
		} finally {
			await late.stop();
		}
	});

	it.each([Number.NaN, -1, 8.64e15, Infinity])('does not start at %d', async (startsAt) => {
		await expect(startSandbox({ startsAt })).rejects.toThrow('1970');
	});
});
