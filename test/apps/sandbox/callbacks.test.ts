import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otherAppId } from '../../../apps/sandbox/cloudApi/account';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, grittingNotice, send } from './callSandbox';
import { signatureOf, WebhookReceiver } from './webhookReceiver';

const phone = '+447700900123';
let sandbox: Sandbox;
let receivers: WebhookReceiver[];
beforeEach(async () => {
	receivers = [];
	sandbox = await startSandbox({ seed: 3 });
});
afterEach(async () => {
	await sandbox.stop();
	await Promise.all(receivers.map((receiver) => receiver.stop()));
});

async function listenFor(request: Record<string, unknown> = {}): Promise<WebhookReceiver> {
	const receiver = new WebhookReceiver();
	receivers.push(receiver);
	const { status, body } = await admin(sandbox, 'POST', 'webhook', { url: await receiver.start(), ...request });
	expect([status, body.message]).toEqual([200, undefined]);
	return receiver;
}

async function write(text: string): Promise<void> {
	expect((await admin(sandbox, 'POST', 'inbound', { from: phone, text })).status).toBe(200);
	await sandbox.idle();
}

it('several apps get the same webhooks, each signed with its own secret', async () => {
	const [desk, other] = [await listenFor(), await listenFor({ app: otherAppId })];
	await write('hello');
	expect([desk.messages().length, other.messages().length]).toEqual([1, 1]);
	const [own, second] = [desk.received[0], other.received[0]];
	expect(own?.headers['x-hub-signature-256']).toBe(signatureOf(own?.bytes ?? Buffer.alloc(0), sandbox.appSecret));
	expect(second?.headers['x-hub-signature-256']).toBe(signatureOf(second?.bytes ?? Buffer.alloc(0), sandbox.settings.apps[1].secret));
});

it('an address gets the fields that it subscribed to, and no others', async () => {
	const templates = await listenFor({ fields: ['message_template_status_update'] });
	await write('hello');
	await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', status: 'PAUSED' });
	await sandbox.idle();
	expect([templates.messages().length, templates.changes('message_template_status_update').length]).toEqual([0, 1]);
});

it('of the app’s address, the account’s and the number’s, the narrowest gets the webhook', async () => {
	const [app, account, number] = [await listenFor(), await listenFor({ account: true }), await listenFor({ number: sandbox.phoneNumberId })];
	await write('to the number');
	await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', status: 'PAUSED' });
	await sandbox.idle();
	expect([app.received.length, account.changes('message_template_status_update').length, number.messages().length]).toEqual([0, 1, 1]);
	await admin(sandbox, 'POST', 'webhook', { url: null, number: sandbox.phoneNumberId });
	await admin(sandbox, 'POST', 'webhook', { url: null, account: true });
	await write('to the app');
	expect(app.messages()).toMatchObject([{ text: { body: 'to the app' } }]);
	expect((await admin(sandbox, 'GET', 'webhook')).body).toMatchObject([{ url: expect.any(String), fields: 'all' }]);
});

it('a retry at one address keeps nothing from another', async () => {
	sandbox.knobs.webhookRetryFactor = 0;
	const [desk, other] = [await listenFor(), await listenFor({ app: otherAppId })];
	desk.answer = (nth) => (nth < 3 ? 503 : 200);
	await write('hello');
	expect([desk.received.length, other.received.length]).toEqual([4, 1]);
});

describe('on request', () => {
	it('a webhook is repeated with the same bytes', async () => {
		const desk = await listenFor();
		await write('first');
		await write('second');
		const [first] = sandbox.journal.entries({ kind: 'webhook' });
		expect((await admin(sandbox, 'POST', 'repeat', { sequence: first?.sequence, times: 2 })).body).toEqual({ repeated: 2 });
		await admin(sandbox, 'POST', 'repeat', {});
		await sandbox.idle();
		// The newest webhook is by then the repetition of the first.
		expect(desk.messages().map(({ text }) => (text as { body: string }).body)).toEqual(['first', 'second', 'first', 'first', 'first']);
		expect((await admin(sandbox, 'POST', 'repeat', { sequence: 99_999 })).status).toBe(404);
	});

	it('inbound messages overtake each other too', async () => {
		const desk = await listenFor();
		sandbox.knobs.disorderedWebhooks = 0.5;
		for (let nth = 0; nth < 12; nth++) await admin(sandbox, 'POST', 'inbound', { from: phone, text: String(nth).padStart(2, '0') });
		await sandbox.idle();
		const texts = desk.messages().map(({ text }) => (text as { body: string }).body);
		expect([texts.length, new Set(texts).size, texts.join() !== [...texts].sort().join()]).toEqual([12, 12, true]);
	});

	it('slashes are plain, and the old signature is there as well', async () => {
		Object.assign(sandbox.knobs, { webhookSlashes: 'plain', webhookLegacySignature: true });
		const desk = await listenFor();
		await write('a/b – c');
		const webhook = desk.received[0];
		expect(webhook?.bytes.toString('latin1')).toContain('a/b \\u2013 c');
		expect(webhook?.headers['x-hub-signature']).toMatch(/^sha1=[0-9a-f]{40}$/);
	});
});

it('a thousand updates go in one webhook of at most three megabytes', async () => {
	const desk = await listenFor();
	Object.assign(sandbox.knobs, { webhookBatch: 1000, webhookLingerMs: 200 });
	const long = 'x'.repeat(4000);
	for (let nth = 0; nth < 1000; nth++) sandbox.inbound.receive(sandbox.residents.at('447700900123'), { kind: 'text', text: long });
	await sandbox.idle();
	expect(desk.messages()).toHaveLength(1000);
	expect([desk.received.length, Math.max(...desk.received.map(({ bytes }) => bytes.length)) <= 3 * 1024 * 1024]).toEqual([2, true]);
});

it('refuses an app, a number or an address that is not one of this sandbox', async () => {
	for (const request of [{ url: 'http://127.0.0.1:9/', app: '1' }, { url: 'http://127.0.0.1:9/', number: '1' }, { url: '' }, {}, { url: 5 }]) expect((await admin(sandbox, 'POST', 'webhook', request)).status).toBe(400);
	await send(sandbox, grittingNotice(phone));
});
