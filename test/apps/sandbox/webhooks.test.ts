import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fateOf } from '../../../apps/sandbox/delivery/fates';
import { escapeLikeMeta } from '../../../apps/sandbox/delivery/webhookPayload';
import { turnKnobs, type Knobs } from '../../../apps/sandbox/knobs';
import { Resident } from '../../../apps/sandbox/residents/residents';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { SeededRandom } from '../../../apps/sandbox/seededRandom';
import { admin, graph, grittingNotice, send } from './callSandbox';
import { signatureOf, WebhookReceiver } from './webhookReceiver';

/** Fast, in order, and every message read. */
const quick: Partial<Knobs> = { sentLatencyMs: [0, 4], deliveredLatencyMs: [0, 4], readLatencyMs: [0, 4], noReadReceipts: 0, readWithoutDelivered: 0, webhookConcurrency: 1 };
const phone = '+447700900123';

let receiver: WebhookReceiver;
let sandbox: Sandbox;
beforeEach(async () => {
	receiver = new WebhookReceiver();
	sandbox = await startSandbox({ seed: 5, knobs: quick });
	await sandbox.target.accept(await receiver.start());
});
afterEach(async () => {
	await sandbox.stop();
	await receiver.stop();
});

async function sendAndSettle(message: Record<string, unknown>): Promise<string> {
	const { body } = await send(sandbox, message);
	await sandbox.idle();
	return body.messages?.[0]?.id ?? '';
}

describe('statuses of a template', () => {
	it('climb from sent over delivered to read, with everything Meta puts in them', async () => {
		const id = await sendAndSettle({ ...grittingNotice(phone), biz_opaque_callback_data: 'run:1|rcpt:2' });
		expect(receiver.statuses().map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
		const pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' };
		const common = { id, recipient_id: '447700900123', recipient_user_id: expect.stringMatching(/^GB\.\d+$/), biz_opaque_callback_data: 'run:1|rcpt:2', timestamp: expect.stringMatching(/^\d{10}$/) };
		expect(receiver.statuses()).toEqual([
			{ ...common, status: 'sent', pricing },
			{ ...common, status: 'delivered', pricing },
			{ ...common, status: 'read' },
		]);
	});

	it('come in the envelope with metadata and contact', async () => {
		await sendAndSettle(grittingNotice(phone));
		const { body } = receiver.received[0] ?? {};
		expect(body).toMatchObject({ object: 'whatsapp_business_account', entry: [{ id: sandbox.businessAccountId, changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata: { display_phone_number: '441632960000', phone_number_id: sandbox.phoneNumberId }, contacts: [{ wa_id: '447700900123', profile: { name: expect.any(String) } }] } }] }] });
		expect(body?.entry[0]).not.toHaveProperty('time');
	});

	it('skip delivered when the chat is open', async () => {
		sandbox.knobs.readWithoutDelivered = 1;
		await sendAndSettle(grittingNotice(phone));
		expect(receiver.statuses().map(({ status, pricing }) => [status, pricing !== undefined])).toEqual([['sent', true], ['read', true]]);
	});

	it('end with delivered when read receipts are off', async () => {
		sandbox.knobs.noReadReceipts = 1;
		await sendAndSettle(grittingNotice(phone));
		expect(receiver.statuses().map(({ status }) => status)).toEqual(['sent', 'delivered']);
	});

	it.each([['026', 131026], ['042', 131042], ['047', 131047], ['049', 131049], ['050', 131050], ['015', 132015]])('fail for numbers that end in %s with %i', async (suffix, code) => {
		const id = await sendAndSettle({ ...grittingNotice(`+447700900${suffix}`), biz_opaque_callback_data: 'c' });
		expect(receiver.statuses()).toEqual([
			{ id, status: 'failed', timestamp: expect.any(String), recipient_id: `447700900${suffix}`, biz_opaque_callback_data: 'c', errors: [{ code, title: expect.any(String), message: expect.any(String), error_data: { details: expect.any(String) }, href: expect.stringContaining('error-codes') }] },
		]);
		expect(receiver.changes()[0]?.value).not.toHaveProperty('contacts');
		expect(sandbox.residents.find(`447700900${suffix}`)).toMatchObject({ thread: [], lost: 1, lastLostCode: code });
	});

	it('carry no phone number, or no user id, where the knob says so', async () => {
		sandbox.knobs.bsuid = 'phone-hidden';
		await sendAndSettle(grittingNotice(phone));
		sandbox.knobs.bsuid = 'off';
		await sendAndSettle(grittingNotice(phone));
		const statuses = receiver.statuses();
		expect(statuses.slice(0, 3).every((status) => !('recipient_id' in status) && 'recipient_user_id' in status)).toBe(true);
		expect(statuses.slice(3).every((status) => 'recipient_id' in status && !('recipient_user_id' in status))).toBe(true);
	});

	it.each(['both', 'phone-hidden'] as const)('name the person of a failed send as the send did, with the knob at %s', async (bsuid) => {
		sandbox.knobs.bsuid = bsuid;
		const { userId } = sandbox.residents.at('447700900026');
		await sendAndSettle({ ...grittingNotice(''), to: undefined, recipient: userId });
		await sendAndSettle(grittingNotice('+447700900026'));
		const [byUserId, byPhone] = receiver.statuses();
		expect(byUserId).toMatchObject({ status: 'failed', recipient_user_id: userId });
		expect(byPhone).toMatchObject({ status: 'failed', recipient_id: '447700900026' });
		expect(byPhone).not.toHaveProperty('recipient_user_id');
	});
});

describe('a text', () => {
	it('outside the 24-hour window is accepted and fails with 131047', async () => {
		expect((await send(sandbox, { to: phone, text: { body: 'hello' } })).status).toBe(200);
		await sandbox.idle();
		expect(receiver.statuses().map(({ status, errors }) => [status, errors?.[0]?.code])).toEqual([['failed', 131047]]);
	});

	it('outside the window is refused at once where the knob says so', async () => {
		sandbox.knobs.windowClosed = 'synchronous';
		expect((await send(sandbox, { to: phone, text: { body: 'hello' } })).body.error?.code).toBe(131047);
	});

	it('arrives within 24 hours of the resident’s message, free until the free tier is used up', async () => {
		sandbox.knobs.freeServiceMessages = 1;
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		for (const body of ['one', 'two']) await sendAndSettle({ to: phone, text: { body } });
		const sent = receiver.statuses().filter(({ status }) => status === 'sent');
		expect(sent.map(({ pricing }) => pricing)).toEqual([
			{ billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
			{ billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
		]);
		expect(receiver.statuses().at(-1)?.status).toBe('read');
		sandbox.clock.skewMs = 24 * 3_600_000 + 1000;
		await sendAndSettle({ to: phone, text: { body: 'too late' } });
		expect(receiver.statuses().at(-1)?.errors?.[0]?.code).toBe(131047);
	});
});

describe('what residents do', () => {
	it('comes as a message with contact, string timestamp and no "+"', async () => {
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'STOP', name: 'Jo' });
		await sandbox.idle();
		expect(receiver.messages()).toEqual([{ from: '447700900123', from_user_id: expect.stringMatching(/^GB\./), id: expect.stringMatching(/^wamid\./), timestamp: expect.stringMatching(/^\d{10}$/), type: 'text', text: { body: 'STOP' } }]);
		expect(receiver.changes()[0]?.value.contacts).toEqual([{ profile: { name: 'Jo' }, wa_id: '447700900123', user_id: expect.any(String) }]);
	});

	it('on a quick reply comes as a button with payload and context', async () => {
		const id = await sendAndSettle(grittingNotice(phone));
		await admin(sandbox, 'POST', 'inbound', { from: phone, button: { text: 'Stop these' } });
		await sandbox.idle();
		expect(receiver.messages()).toMatchObject([{ type: 'button', button: { payload: 'Stop these', text: 'Stop these' }, context: { from: '441632960000', id } }]);
	});

	it('on a reply button comes as an interactive message', async () => {
		await admin(sandbox, 'POST', 'inbound', { from: phone, reply: { id: 'yes', title: 'Yes' } });
		await sandbox.idle();
		expect(receiver.messages()).toMatchObject([{ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } } }]);
	});
});

describe('the bytes', () => {
	it('are ASCII, signed as they are, and named as Meta names itself', async () => {
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'Ffyrdd wedi’u graeanu – gofal 🚜 a/b' });
		await sandbox.idle();
		const [webhook] = receiver.received;
		if (!webhook) throw new Error('No webhook came.');
		const { bytes, headers } = webhook;
		expect(bytes.toString('latin1')).toContain('Ffyrdd wedi\\u2019u graeanu \\u2013 gofal \\ud83d\\ude9c a\\/b');
		expect(headers['x-hub-signature-256']).toBe(signatureOf(bytes, sandbox.appSecret));
		expect(headers).toMatchObject({ 'user-agent': 'facebookexternalua', 'content-type': 'application/json', 'content-length': String(bytes.length) });
		expect(receiver.messages()).toMatchObject([{ text: { body: 'Ffyrdd wedi’u graeanu – gofal 🚜 a/b' } }]);
	});

	it('escape what JSON allows to be escaped and nothing else', () => {
		const value = { text: 'é "quoted" \\ / \u2028' };
		const escaped = escapeLikeMeta(JSON.stringify(value));
		expect(escaped).toBe('{"text":"\\u00e9 \\"quoted\\" \\\\ \\/ \\u2028"}');
		expect(JSON.parse(escaped)).toEqual(value);
	});
});

describe('delivery', () => {
	it('is tried again with the same bytes until it is answered with 200', async () => {
		sandbox.knobs.webhookRetryFactor = 0;
		receiver.answer = (nth) => (nth < 3 ? 500 : 200);
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		await sandbox.idle();
		expect(receiver.received).toHaveLength(4);
		expect(new Set(receiver.received.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
		expect(sandbox.journal.entries({ kind: 'webhook' }).map(({ status, attempt }) => [status, attempt])).toEqual([[500, 1], [500, 2], [500, 3], [200, 4]]);
	});

	it('is given up after the whole timetable', async () => {
		sandbox.knobs.webhookRetryFactor = 0;
		receiver.answer = () => 404;
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		await sandbox.idle();
		expect(sandbox.webhooks.counts).toMatchObject({ delivered: 0, dropped: 1 });
	});

	it('survives a receiver that goes away and comes back', async () => {
		sandbox.knobs.webhookRetryFactor = 0.02;
		const port = Number(new URL(sandbox.webhooks.url ?? '').port);
		await receiver.stop();
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		receiver = new WebhookReceiver();
		await receiver.start(port);
		await sandbox.idle();
		expect(receiver.messages()).toHaveLength(1);
	});

	it('puts many updates into one webhook where the knob says so', async () => {
		Object.assign(sandbox.knobs, { webhookBatch: 1000, webhookLingerMs: 50 });
		for (let nth = 0; nth < 20; nth++) await admin(sandbox, 'POST', 'inbound', { from: phone, text: `message ${nth}` });
		await sandbox.idle();
		expect(receiver.messages()).toHaveLength(20);
		expect(receiver.received.length).toBeLessThan(20);
	});

	it('repeats webhooks where the knob says so', async () => {
		sandbox.knobs.duplicateWebhooks = 1;
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		await sandbox.idle();
		expect(receiver.messages()).toHaveLength(2);
		expect(new Set(receiver.messages().map(({ id }) => id)).size).toBe(1);
	});

	it('lets later statuses overtake earlier ones where the knob says so', async () => {
		sandbox.knobs.disorderedWebhooks = 0.5;
		for (let nth = 100; nth < 112; nth++) await send(sandbox, grittingNotice(`+447700900${nth}`));
		await sandbox.idle();
		const orders = new Map<string, string[]>();
		for (const { id, status } of receiver.statuses()) orders.set(id, [...(orders.get(id) ?? []), status]);
		expect(new Set([...orders.values()].map(String)).size).toBeGreaterThan(1);
		for (const order of orders.values()) expect([...order].sort()).toEqual(['delivered', 'read', 'sent']);
	});

	it('stops while the account is not subscribed, and says so in the journal', async () => {
		await graph(sandbox, 'DELETE', `v25.0/${sandbox.businessAccountId}/subscribed_apps`);
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		await sandbox.idle();
		expect(receiver.received).toHaveLength(0);
		expect(sandbox.journal.entries({ kind: 'webhook' })).toMatchObject([{ outcome: expect.stringContaining('not sent') }]);
	});
});

describe('the handshake', () => {
	it('asks with mode, challenge and token before anything is sent', () => {
		expect(Object.fromEntries(receiver.handshakes[0] ?? [])).toEqual({ 'hub.mode': 'subscribe', 'hub.challenge': expect.stringMatching(/^\d+$/), 'hub.verify_token': 'sandbox-verify-token' });
	});

	it('must be answered with the challenge alone', async () => {
		receiver.challengeAnswer = (challenge) => JSON.stringify(challenge);
		const { status, body } = await admin(sandbox, 'POST', 'webhook', { url: sandbox.webhooks.url });
		expect([status, body.message]).toEqual([400, 'The address answered 200, but not with the challenge alone.']);
	});

	it('must be answered at all, with the right token', async () => {
		expect((await admin(sandbox, 'POST', 'webhook', { url: 'http://127.0.0.1:9/' })).body.message).toContain('did not answer');
		expect((await admin(sandbox, 'POST', 'webhook', { url: sandbox.webhooks.url, verifyToken: 'other' })).body.message).toContain('answered 403');
	});

	it('is not even tried with an address outside this computer', async () => {
		const { status, body } = await admin(sandbox, 'POST', 'webhook', { url: 'https://council.example/webhook' });
		expect([status, body.message]).toEqual([400, 'Webhooks of the sandbox go to this computer only, not to council.example.']);
	});

	it('goes on asking the address given at the start until it answers', async () => {
		const late = new WebhookReceiver();
		const address = await late.start();
		await late.stop();
		const patient = await startSandbox({ webhook: address });
		const answering = new WebhookReceiver();
		try {
			await answering.start(Number(new URL(address).port));
			await expect.poll(() => patient.webhooks.url, { timeout: 8000 }).toBe(address);
		} finally {
			await Promise.all([patient.stop(), answering.stop()]);
		}
	});

	it('moves the webhooks when it is asked for through subscribed_apps', async () => {
		const other = new WebhookReceiver('another-token');
		const address = await other.start();
		const { body } = await graph(sandbox, 'POST', `v25.0/${sandbox.businessAccountId}/subscribed_apps`, { override_callback_uri: address, verify_token: 'another-token' });
		expect(body).toEqual({ success: true });
		await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'hello' });
		await sandbox.idle();
		await other.stop();
		expect([receiver.messages().length, other.messages().length]).toEqual([0, 1]);
	});
});

describe('fates', () => {
	const fates = (seed: string): string[] => {
		const [random, knobs] = [new SeededRandom(seed), turnKnobs()];
		return Array.from({ length: 5000 }, (_, nth) => fateOf(new Resident(`4477009${100_000 + nth}`, random, knobs), random, { ...knobs, failuresBySuffix: false }).map(({ status }) => status).join());
	};
	const shareOf = (all: string[], fate: string): number => all.filter((one) => one === fate).length / all.length;

	it('keep the shares of the knobs', () => {
		const all = fates('one');
		expect(shareOf(all, 'sent,delivered')).toBeCloseTo(0.08, 1);
		expect(shareOf(all, 'sent,read')).toBeCloseTo(0.092, 1);
		expect(shareOf(all, 'sent,delivered,read')).toBeGreaterThan(0.79);
	});

	it('follow the seed', () => {
		expect(fates('one')).toEqual(fates('one'));
		expect(fates('one')).not.toEqual(fates('two'));
	});
});
