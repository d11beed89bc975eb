import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 3, allowedHosts: ['sandbox.containers.example'] });
});
beforeEach(async () => {
	await admin(sandbox, 'POST', 'clock', { skewMs: 1000 });
});
afterAll(() => sandbox.stop());

/** With headers that `fetch` would keep to itself. */
function call(address: string, method: string, headers: Record<string, string>, body = ''): Promise<number> {
	return new Promise((resolve, reject) => {
		const sent = request(address, { method, headers, agent: false }, (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode ?? 0));
		});
		sent.on('error', reject);
		sent.end(body);
	});
}

const reset = (headers: Record<string, string>): Promise<number> => call(`${sandbox.admin}/reset`, 'POST', headers);

describe('a web page elsewhere', () => {
	it.each<Record<string, string>>([
		{ Origin: 'https://elsewhere.example' },
		{ Origin: 'null' },
		{ Origin: 'http://127.0.0.1:1' },
		{ Origin: 'no origin at all' },
		{ 'Sec-Fetch-Site': 'cross-site' },
		{ 'Sec-Fetch-Site': 'same-site' },
	])('changes nothing: %o', async (headers) => {
		expect(await reset(headers)).toBe(403);
		expect(sandbox.clock.skewMs).toBe(1000);
	});

	it('deletes nothing either', async () => {
		expect(await call(`${sandbox.admin}/faults`, 'DELETE', { Origin: 'https://elsewhere.example' })).toBe(403);
	});

	it('changes nothing through the residents’ phones', async () => {
		for (const headers of [{ Origin: 'https://elsewhere.example' }, { 'Sec-Fetch-Site': 'cross-site' }] as Array<Record<string, string>>) {
			expect(await call(`${sandbox.phones}/reset`, 'POST', { ...headers, 'Content-Type': 'application/json' }, '{}')).toBe(403);
		}
		expect(sandbox.clock.skewMs).toBe(1000);
	});

	it('does nothing under a name of its own for this computer, not even look', async () => {
		for (const address of [sandbox.admin, sandbox.phones, sandbox.api]) {
			for (const Host of ['rebound.example', `rebound.example:${new URL(address).port}`, '192.0.2.1']) {
				expect(await call(`${address}/state`, 'GET', { Host })).toBe(403);
			}
		}
		expect(await reset({ Host: 'rebound.example' })).toBe(403);
		// Names that Meta's hosts have are for the API alone.
		expect(await reset({ Host: 'graph.facebook.com' })).toBe(403);
		expect(sandbox.clock.skewMs).toBe(1000);
	});
});

describe('the controls are open', () => {
	it('to programs, and to who types the address', async () => {
		for (const headers of [{}, { 'Sec-Fetch-Site': 'none' }] as Array<Record<string, string>>) expect(await reset(headers)).toBe(200);
	});

	it('to a page of their own origin, by whatever name of this computer it was reached', async () => {
		for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', 'controls.localhost', '[::1]', 'sandbox.containers.example', 'Sandbox.Containers.example']) {
			const Host = `${host}:${new URL(sandbox.admin).port}`;
			expect([host, await reset({ Host, Origin: `http://${Host.toLowerCase()}`, 'Sec-Fetch-Site': 'same-origin' })]).toEqual([host, 200]);
		}
	});

	it('for looking from anywhere, since a page elsewhere cannot read the answer', async () => {
		const response = await fetch(`${sandbox.admin}/state`, { headers: { Origin: 'https://elsewhere.example' } });
		expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null]);
	});
});

it('names that are allowed count however they are written', async () => {
	const other = await startSandbox({ allowedHosts: ['Sandbox.Example'] });
	expect(await call(`${other.admin}/state`, 'GET', { Host: 'sandbox.example' })).toBe(200);
	await other.stop();
});
