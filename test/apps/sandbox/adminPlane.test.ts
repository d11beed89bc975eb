import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph, grittingNotice, send } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'seven', residents: [{ number: '+447700900009', name: 'Jo' }] });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

it('tells the state', async () => {
	await send(sandbox, grittingNotice('+447700900123'));
	expect((await admin(sandbox, 'GET', 'state')).body).toMatchObject({ simulated: true, seed: 'seven', accepted: 1, skewMs: 0, webhook: { url: null, subscribed: true }, knobs: { noReadReceipts: 0.08 } });
});

it('keeps every request and response in the journal, by kind and in order', async () => {
	await send(sandbox, grittingNotice('+447700900123'));
	await graph(sandbox, 'GET', 'v25.0/111');
	const { body } = await admin(sandbox, 'GET', 'journal?kind=request,response');
	expect(body).toMatchObject([
		{ sequence: 1, kind: 'request', method: 'POST', path: `/v25.0/${sandbox.phoneNumberId}/messages`, at: expect.stringMatching(/Z$/), body: { to: '+447700900123' } },
		{ sequence: 2, kind: 'response', answers: 1, status: 200, body: { messages: [{}] } },
		{ kind: 'request', path: '/v25.0/111' },
		{ kind: 'response', status: 400 },
	]);
	expect((await admin(sandbox, 'GET', 'journal?kind=response&after=2')).body).toHaveLength(1);
	expect((await admin(sandbox, 'GET', 'journal?kind=gossip')).status).toBe(400);
});

it('lists what was accepted for whom under which callback data', async () => {
	for (const callback of ['a:1', 'a:1', 'b:1']) await send(sandbox, { ...grittingNotice('+447700900123'), biz_opaque_callback_data: callback });
	await send(sandbox, { ...grittingNotice('+447700900124'), biz_opaque_callback_data: 'a:1' });
	expect((await admin(sandbox, 'GET', 'accepted')).body).toMatchObject({ total: 4, pairs: 3, duplicates: 1, items: [{ to: '+447700900123', callback: 'a:1', count: 2, ids: [expect.any(String), expect.any(String)] }, { callback: 'b:1', count: 1 }, { to: '+447700900124' }] });
	expect((await admin(sandbox, 'GET', 'accepted?duplicates=1')).body).toMatchObject({ pairs: 1 });
	expect((await admin(sandbox, 'GET', 'accepted?callback=b')).body).toMatchObject({ pairs: 1, duplicates: 0 });
});

it('does not count a refused message as accepted, nor show it on a phone', async () => {
	await send(sandbox, grittingNotice('+447700900123', { note: 'a\nb' }));
	expect((await admin(sandbox, 'GET', 'accepted')).body).toMatchObject({ total: 0 });
	expect((await admin(sandbox, 'GET', 'phones')).body).toMatchObject([{ number: '+447700900009', name: 'Jo' }]);
});

it('shows a phone with its messages in order, rendered', async () => {
	await send(sandbox, grittingNotice('+447700900123', { routes: 'Mill Lane' }));
	await sandbox.idle();
	await admin(sandbox, 'POST', 'inbound', { from: '+447700900123', text: 'Thanks' });
	const { body } = await admin(sandbox, 'GET', 'phones/+447700900123');
	expect(body).toMatchObject({ number: '+447700900123', messages: [{ from: 'council', template: 'gritting_notice', header: { kind: 'text', text: 'Gritting tonight' }, body: expect.stringContaining('Mill Lane'), buttons: [{ kind: 'quick_reply', text: 'Stop these' }] }, { from: 'resident', body: 'Thanks' }] });
	expect((await admin(sandbox, 'GET', 'phones/+447700900555')).status).toBe(404);
});

it('waits until nothing is under way', async () => {
	await send(sandbox, grittingNotice('+447700900123'));
	expect((await admin(sandbox, 'GET', 'idle?timeoutMs=1')).body).toEqual({ idle: false });
	expect((await admin(sandbox, 'GET', 'idle')).body).toEqual({ idle: true });
});

it('turns knobs, and refuses what is not one without turning the others', async () => {
	expect((await admin(sandbox, 'POST', 'knobs', { noReadReceipts: 1 })).body).toMatchObject({ noReadReceipts: 1 });
	const { status, body } = await admin(sandbox, 'POST', 'knobs', { noReadReceipts: 0.5, colour: 'red' });
	expect(status).toBe(400);
	expect(body.message).toContain('colour');
	expect(sandbox.knobs.noReadReceipts).toBe(1);
	const { body: described } = await admin(sandbox, 'GET', 'knobs');
	expect(described).toContainEqual(expect.objectContaining({ name: 'noReadReceipts', value: 1, default: 0.08, meaning: expect.any(String) }));
});

it('moves the clock, and resets it with everything else', async () => {
	expect((await admin(sandbox, 'POST', 'clock', { skewMs: 360_000 })).body).toMatchObject({ skewMs: 360_000 });
	expect((await admin(sandbox, 'POST', 'clock', { skewMs: 'late' })).status).toBe(400);
	await send(sandbox, grittingNotice('+447700900123'));
	await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', status: 'PAUSED' });
	await admin(sandbox, 'POST', 'reset');
	expect((await admin(sandbox, 'GET', 'state')).body).toMatchObject({ skewMs: 0, accepted: 0, journal: 0, pending: 0 });
	expect(sandbox.templates.find('gritting_notice', 'en_GB')?.status).toBe('APPROVED');
});

it('keeps templates through a reset when asked', async () => {
	await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', status: 'PAUSED' });
	await admin(sandbox, 'POST', 'reset', { keepTemplates: true });
	expect(sandbox.templates.find('gritting_notice', 'en_GB')?.status).toBe('PAUSED');
});

it('takes JSON only, so that no web page can post a form to it', async () => {
	const response = await fetch(`${sandbox.admin}/inbound`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{"from":"+447700900123","text":"STOP"}' });
	expect(response.status).toBe(400);
	expect((await admin(sandbox, 'GET', 'nothing')).status).toBe(404);
});

it('refuses a resident’s act that is none', async () => {
	for (const act of [{ from: phone }, { from: 'nobody', text: 'x' }, { from: phone, text: 'x', button: {} }, { from: phone, button: {} }, { from: phone, text: 'x', phoneNumberId: '1' }]) expect((await admin(sandbox, 'POST', 'inbound', act)).status).toBe(400);
});

const phone = '+447700900123';
