import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, grittingNotice, type Reply } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { throughputPerSecond: 10_000, throughputBurst: 10_000 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const phone = '+447700900123';

function expectRefusal({ status, body }: Reply, code: number, details?: string | RegExp): void {
	expect([status, body.error?.code]).toEqual([400, code]);
	if (details) expect(body.error?.error_data?.details).toMatch(details);
	expect(sandbox.accepted.total).toBe(0);
}

describe('the type of a body', () => {
	const notice = { messaging_product: 'whatsapp', ...grittingNotice(phone) };
	const post = (body: string, type: string): Promise<Reply> => graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, body, { 'Content-Type': type });

	it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])('may be %s', async (type) => {
		expect((await post(JSON.stringify(notice), type)).status).toBe(200);
	});

	it('may be a form, whose values are JSON where they must be', async () => {
		const form = new URLSearchParams(Object.entries(notice).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
		const { body } = await post(form.toString(), 'application/x-www-form-urlencoded');
		expect(body.contacts).toEqual([{ input: phone, wa_id: '447700900123' }]);
	});

	it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'])('is not guessed: JSON sent as %s lacks everything', async (type) => {
		const reply = await post(JSON.stringify(notice), type);
		expectRefusal(reply, 100);
		expect(reply.body.error?.message).toBe('(#100) The parameter messaging_product is required.');
	});

	it('has to be UTF-8, so that nothing is sent on garbled', async () => {
		const bytes = Buffer.from(JSON.stringify({ messaging_product: 'whatsapp', to: phone, text: { body: 'caf\u00e9' } }), 'latin1');
		const response = await fetch(`${sandbox.api}/${sandbox.phoneNumberId}/messages`, { method: 'POST', headers: { Authorization: `Bearer ${sandbox.token}`, 'Content-Type': 'application/json' }, body: bytes });
		expectRefusal({ status: response.status, headers: response.headers, body: (await response.json()) as Reply['body'] }, 100, /UTF-8/);
	});

	it('may be multipart, as curl -F sends it', async () => {
		const part = ([name, value]: [string, unknown]): string => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${typeof value === 'string' ? value : JSON.stringify(value)}\r\n`;
		const { body } = await post(`${Object.entries(notice).map(part).join('')}--x--\r\n`, 'multipart/form-data; boundary=x');
		expect(body.contacts).toEqual([{ input: phone, wa_id: '447700900123' }]);
	});

	it('may not be multipart that is broken', async () => {
		expectRefusal(await post('--x', 'multipart/form-data; boundary=x'), 100, /closing boundary/);
		expectRefusal(await post('--x--', 'multipart/form-data'), 100, /boundary/);
	});

	it('may hold the access token, as forms of Graph do', async () => {
		const form = new URLSearchParams({ access_token: sandbox.token, messaging_product: 'whatsapp', to: phone, text: '{"body":"x"}' }).toString();
		const response = await fetch(`${sandbox.api}/${sandbox.phoneNumberId}/messages`, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form });
		expect(response.status).toBe(200);
	});
});
