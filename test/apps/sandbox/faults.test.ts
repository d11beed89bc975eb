import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, grittingNotice, send } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1 });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const phone = '+447700900123';

async function raw(): Promise<{ status: number; text: string; headers: Headers } | 'reset'> {
	try {
		const response = await fetch(`${sandbox.api}/v25.0/${sandbox.phoneNumberId}/messages`, {
			method: 'POST',
			headers: { Authorization: `Bearer ${sandbox.token}`, 'Content-Type': 'application/json' },
			body: JSON.stringify({ messaging_product: 'whatsapp', ...grittingNotice(phone) }),
		});
		return { status: response.status, text: await response.text(), headers: response.headers };
	} catch (thrown) {
		// A lost connection is what some of these faults are about.
		expect(thrown).toBeInstanceOf(TypeError);
		return 'reset';
	}
}

describe('a scripted fault', () => {
	it('resets the connection before the message is taken', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'reset-before', times: 1 });
		expect(await raw()).toBe('reset');
		expect(sandbox.accepted.total).toBe(0);
	});

	it('resets the connection after the message was taken, which then takes its course', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'reset-after', times: 1 });
		expect(await raw()).toBe('reset');
		expect(sandbox.accepted.total).toBe(1);
		await sandbox.idle();
		expect(sandbox.residents.find('447700900123')?.thread).toHaveLength(1);
	});

	it('answers with HTML and 500, having taken the message or not', async () => {
		for (const accepted of [false, true]) {
			sandbox.reset();
			await admin(sandbox, 'POST', 'faults', { kind: 'html-500', times: 1, accepted });
			expect(await raw()).toMatchObject({ status: 500, text: expect.stringContaining('<html>') });
			expect(sandbox.accepted.total).toBe(accepted ? 1 : 0);
		}
	});

	it('answers with half a JSON, having taken the message', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'malformed-json', times: 1 });
		const answer = await raw();
		expect(answer).toMatchObject({ status: 200 });
		expect(() => JSON.parse(answer === 'reset' ? '{}' : answer.text) as unknown).toThrow(SyntaxError);
		expect(sandbox.accepted.total).toBe(1);
	});

	it('answers with 429, with and without Retry-After', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'rate-limited', retryAfter: 7, times: 1 });
		await admin(sandbox, 'POST', 'faults', { kind: 'rate-limited', times: 1 });
		const answers = [await raw(), await raw()].map((answer) => (answer === 'reset' ? answer : [answer.status, answer.headers.get('retry-after'), JSON.parse(answer.text).error.code]));
		expect(answers).toEqual([[429, '7', 130429], [429, null, 130429]]);
	});

	it('answers with any code, for one recipient only', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'graph-error', code: 131056, to: '+447700900124' });
		expect((await send(sandbox, grittingNotice('+447700900124'))).body.error?.code).toBe(131056);
		expect((await send(sandbox, grittingNotice(phone))).status).toBe(200);
	});

	it('answers with a code that nobody knows, and with a status of one’s own', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'graph-error', code: 987654, status: 418, times: 1 });
		expect(await send(sandbox, grittingNotice(phone))).toMatchObject({ status: 418, body: { error: { code: 987654, type: 'OAuthException' } } });
	});

	it('answers with any 5xx, with and without a body', async () => {
		for (const body of ['empty', 'html', 'text']) await admin(sandbox, 'POST', 'faults', { kind: 'server-error', status: 502, body, times: 1 });
		const answers = [await raw(), await raw(), await raw()];
		expect(answers).toMatchObject([{ status: 502, text: '' }, { status: 502, text: expect.stringContaining('<html>') }, { status: 502, text: expect.stringContaining('upstream') }]);
		expect(sandbox.accepted.total).toBe(0);
	});

	it('cuts the answer off in the middle, having taken the message', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'cut-off', times: 1 });
		expect(await raw()).toBe('reset');
		expect(sandbox.accepted.total).toBe(1);
	});

	it('lets the messages to one recipient fail later, with the code that is wanted', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'fails-later', to: '+447700900124', code: 131049, times: 1 });
		for (const to of ['+447700900124', '+447700900125', '+447700900124']) expect((await send(sandbox, grittingNotice(to))).status).toBe(200);
		await sandbox.idle();
		expect([sandbox.residents.find('447700900124'), sandbox.residents.find('447700900125')]).toMatchObject([{ lost: 1, lastLostCode: 131049 }, { lost: 0 }]);
	});

	it('holds the call, or only its answer', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'delay', ms: 60, times: 1, accepted: true });
		const began = performance.now();
		const answering = raw();
		await expect.poll(() => sandbox.accepted.total, { interval: 2 }).toBe(1);
		await answering;
		expect(performance.now() - began).toBeGreaterThanOrEqual(59);
	});

	it('ends after its number of times, and strikes by probability', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'html-500', times: 2 });
		const statuses = [await raw(), await raw(), await raw()].map((answer) => answer !== 'reset' && answer.status);
		expect(statuses).toEqual([500, 500, 200]);
		await admin(sandbox, 'DELETE', 'faults');
		await admin(sandbox, 'POST', 'faults', { kind: 'html-500', probability: 0.5 });
		const mixed = await Promise.all(Array.from({ length: 60 }, () => raw()));
		const struck = mixed.filter((answer) => answer !== 'reset' && answer.status === 500).length;
		expect(struck).toBeGreaterThan(15);
		expect(struck).toBeLessThan(45);
	});

	it('leaves other calls alone unless told otherwise', async () => {
		await admin(sandbox, 'POST', 'faults', { kind: 'html-500' });
		expect((await fetch(`${sandbox.api}/${sandbox.phoneNumberId}`, { headers: { Authorization: `Bearer ${sandbox.token}` } })).status).toBe(200);
		await admin(sandbox, 'DELETE', 'faults/1');
		await admin(sandbox, 'POST', 'faults', { kind: 'html-500', on: 'any' });
		expect((await fetch(`${sandbox.api}/${sandbox.phoneNumberId}`)).status).toBe(500);
	});

	it('is refused when it makes no sense', async () => {
		for (const fault of [{ kind: 'earthquake' }, { kind: 'graph-error' }, { kind: 'delay', ms: -1 }, { kind: 'delay', oops: 1 }]) expect((await admin(sandbox, 'POST', 'faults', fault)).status).toBe(400);
	});
});
