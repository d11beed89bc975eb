import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { grittingNotice, send } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1 });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

interface Wall {
	total: number;
	found: number;
	phones: Array<{ number: string; stranger: boolean; messages: Array<{ id: string; body: string }> }>;
}

async function wall(query = ''): Promise<Wall> {
	return (await (await fetch(`${sandbox.phones}/wall?${query}`)).json()) as Wall;
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return fetch(`${sandbox.phones}/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

it('is a page with a banner, and may load nothing from elsewhere', async () => {
	const response = await fetch(sandbox.phones);
	expect(await response.text()).toContain('<strong>Simulated</strong>');
	expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
	for (const file of ['page.css', 'page.js']) expect((await fetch(`${sandbox.phones}/${file}`)).status).toBe(200);
	expect((await fetch(`${sandbox.phones}/phonesPage.ts`)).status).toBe(404);
});

it('shows the phones that have messages, and finds them by name or number', async () => {
	for (const to of ['+447700900101', '+447700900102']) await send(sandbox, grittingNotice(to));
	await sandbox.idle();
	expect(await wall()).toMatchObject({ total: 2, found: 2, phones: [{ number: '+447700900101', messages: [{}] }, {}] });
	expect(await wall('search=07700 900102')).toMatchObject({ total: 2, found: 1, phones: [{ number: '+447700900102' }] });
	expect((await wall('limit=1')).phones).toHaveLength(1);
});

it('tells browsers when something changed', async () => {
	const { body } = await fetch(`${sandbox.phones}/changes`);
	const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
	expect((await reader?.read())?.value).toContain('data: changed');
	await post('invite', { number: '+447700900107' });
	expect((await reader?.read())?.value).toContain('data: changed');
	await reader?.cancel();
});

it('lets a resident write and tap, as the council will see it', async () => {
	await send(sandbox, grittingNotice('+447700900101'));
	await sandbox.idle();
	const message = (await wall()).phones[0]?.messages[0]?.id;
	expect((await post('answer', { number: '+447700900101', text: 'STOP' })).status).toBe(200);
	expect((await post('tap', { number: '+447700900101', message, button: 0 })).status).toBe(200);
	const sent = sandbox.journal.entries({ kind: 'webhook' }).map(({ body }) => body).filter((body) => body?.includes('"messages":['));
	expect(sent).toEqual([expect.stringContaining('"text":{"body":"STOP"}'), expect.stringContaining('"button":{"payload":"Stop these"')]);
});

it('refuses buttons that are not there, empty answers and odd numbers', async () => {
	for (const [path, body] of [['tap', { number: '+447700900101', message: 'wamid.x', button: 0 }], ['answer', { number: '+447700900101', text: ' ' }], ['answer', { number: 'x', text: 'a' }], ['nothing', { number: '+447700900101' }]] as const) expect((await post(path, body)).status).toBe(400);
});

it('refuses what another page on the web would send', async () => {
	expect((await post('answer', { number: '+447700900101', text: 'STOP' }, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
	expect((await post('answer', { number: '+447700900101', text: 'STOP' }, { 'Content-Type': 'text/plain' })).status).toBe(403);
});

it('marks the phone of a stranger', async () => {
	await send(sandbox, grittingNotice('07700900101'));
	await sandbox.idle();
	expect((await wall()).phones).toMatchObject([{ number: '+4407700900101', stranger: true }]);
});
