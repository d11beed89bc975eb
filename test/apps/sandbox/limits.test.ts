import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, grittingNotice, send } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

let sandbox: Sandbox;
const receiver = new WebhookReceiver();
beforeAll(async () => {
	// Time stands still unless a test lets it pass.
	sandbox = await startSandbox({ seed: 1, clockRate: 0, startsAt: Date.UTC(2026, 10, 24, 12), knobs: { throughputPerSecond: 10_000, throughputBurst: 10_000, sentLatencyMs: [0, 0], deliveredLatencyMs: [0, 0], readLatencyMs: [0, 0], noReadReceipts: 0, readWithoutDelivered: 0 } });
	await sandbox.target.accept(await receiver.start());
});
beforeEach(() => {
	sandbox.reset();
	receiver.received.length = 0;
});
afterAll(async () => {
	await sandbox.stop();
	await receiver.stop();
});

const phone = '+447700900123';
const digits = phone.slice(1);

async function codes(count: number, to = phone): Promise<number[]> {
	const found: number[] = [];
	for (let nth = 0; nth < count; nth++) found.push((await send(sandbox, grittingNotice(to))).body.error?.code ?? 200);
	return found;
}

function write(number = digits): void {
	sandbox.inbound.receive(sandbox.residents.at(number), { kind: 'text', text: 'Hello' });
}

interface Status {
	id: string;
	status: string;
	errors?: Array<{ code: number }>;
	pricing?: object;
	conversation?: { id: string; expiration_timestamp?: string; origin: { type: string } };
}

/** What statuses told once everything that was accepted has taken its course. */
async function statuses(): Promise<Status[]> {
	await sandbox.time.pass(1000);
	return receiver.statuses() as unknown as Status[];
}

describe('one person', () => {
	it('gets 45 messages in a burst, and then none until all of them are worked off', async () => {
		expect((await codes(46)).filter((code) => code === 200)).toHaveLength(45);
		expect((await codes(1))[0]).toBe(131056);
		expect((await codes(1, '+447700900124'))[0]).toBe(200);
		await sandbox.time.pass(45 * 6000 - 1000);
		expect((await codes(1))[0]).toBe(131056);
		await sandbox.time.pass(1000);
		expect((await codes(1))[0]).toBe(200);
	});

	it('gets a message every six seconds without end', async () => {
		for (let nth = 0; nth < 20; nth++) {
			expect((await codes(1))[0]).toBe(200);
			await sandbox.time.pass(6000);
		}
	});

	it('waits about two minutes after a burst of twenty', async () => {
		await codes(20);
		await sandbox.time.pass(6000);
		expect((await codes(1))[0]).toBe(131056);
		await sandbox.time.pass(114_000);
		expect((await codes(1))[0]).toBe(200);
	});

	it('gets another one six seconds after a burst in the lenient reading', async () => {
		sandbox.knobs.pairLimit = 'gcra';
		expect((await codes(46)).at(-1)).toBe(131056);
		await sandbox.time.pass(6000);
		expect(await codes(2)).toEqual([200, 131056]);
	});

	it('gets as many as one likes where the knob is off', async () => {
		sandbox.knobs.pairLimit = 'off';
		expect(new Set(await codes(100))).toEqual(new Set([200]));
	});
});

describe('the portfolio', () => {
	it('reaches so many people in 24 hours, and the messages beyond fail with 131048', async () => {
		sandbox.knobs.messagingLimit = 'TIER_250';
		for (let nth = 0; nth < 252; nth++) await codes(1, `+4477009${String(10_000 + nth)}`);
		expect((await statuses()).filter(({ errors }) => errors?.[0]?.code === 131048)).toHaveLength(2);
		receiver.received.length = 0;
		await codes(1, '+447700910000');
		expect((await statuses()).some(({ errors }) => errors)).toBe(false);
		await sandbox.time.pass(24 * 3_600_000);
		receiver.received.length = 0;
		await codes(1, phone);
		expect((await statuses()).some(({ errors }) => errors)).toBe(false);
	});

	it('does not count people whose window is open, nor those who got nothing', async () => {
		write();
		await codes(1);
		await codes(1, '+447700900026');
		expect(sandbox.limits.reach.used).toBe(1);
		await sandbox.time.pass(1000);
		expect(sandbox.limits.reach.used).toBe(0);
	});

	it('tells its limit at the phone number', async () => {
		sandbox.knobs.messagingLimit = 'TIER_2K';
		expect((await graph(sandbox, 'GET', `${sandbox.phoneNumberId}?fields=whatsapp_business_manager_messaging_limit`)).body.whatsapp_business_manager_messaging_limit).toBe('TIER_2K');
	});
});

describe('calls about the account', () => {
	it('tell their usage, and are refused with 80007 when there were too many in an hour', async () => {
		sandbox.knobs.managementCallsPerHour = 4;
		const paths = [sandbox.businessAccountId, `${sandbox.businessAccountId}/phone_numbers`, `${sandbox.businessAccountId}/message_templates?limit=1`, sandbox.phoneNumberId];
		const usage: unknown[] = [];
		for (const path of paths) {
			const { status, headers } = await graph(sandbox, 'GET', path);
			expect(status).toBe(200);
			usage.push((JSON.parse(headers.get('x-business-use-case-usage') ?? '{}') as Record<string, Array<{ call_count: number }>>)[sandbox.businessAccountId]?.[0]?.call_count);
		}
		expect(usage).toEqual([25, 50, 75, 100]);
		const refused = await graph(sandbox, 'GET', sandbox.businessAccountId);
		expect([refused.status, refused.body.error?.code]).toEqual([400, 80007]);
		expect(refused.headers.get('x-business-use-case-usage')).toContain('"estimated_time_to_regain_access":60');
		expect((await send(sandbox, grittingNotice(phone))).status).toBe(200);
		await sandbox.time.pass(3_600_000);
		expect((await graph(sandbox, 'GET', sandbox.businessAccountId)).status).toBe(200);
	});

	it('are fewer for an account without a registered number', async () => {
		sandbox.knobs.numberRegistered = false;
		const statusesOf = await Promise.all(Array.from({ length: 201 }, async () => (await graph(sandbox, 'GET', sandbox.businessAccountId)).status));
		expect(statusesOf.filter((status) => status === 400)).toHaveLength(1);
	});
});

describe('pricing', () => {
	const text = async (version = ''): Promise<void> => void (await graph(sandbox, 'POST', `${version}${sandbox.phoneNumberId}/messages`, { messaging_product: 'whatsapp', to: phone, text: { body: 'x' } }));
	const priceOf = async (): Promise<Array<object | undefined>> => (await statuses()).map(({ pricing }) => pricing);
	const free = { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' };
	const charged = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' };

	it('is free for service messages within the tier, and charged beyond', async () => {
		sandbox.knobs.freeServiceMessages = 1;
		write();
		await text();
		expect(await priceOf()).toEqual([free, free, undefined]);
		receiver.received.length = 0;
		await text();
		expect(await priceOf()).toEqual([charged, charged, undefined]);
		receiver.received.length = 0;
		await sandbox.time.pass(7 * 24 * 3_600_000);
		write();
		await text();
		expect((await priceOf())[0]).toEqual(free);
	});

	it('marks what an exempt government does not pay for', async () => {
		Object.assign(sandbox.knobs, { freeServiceMessages: 0, paidExempt: true });
		write();
		await text();
		expect((await priceOf())[0]).toEqual({ ...charged, billable: false, subtype: 'paid_exempt' });
	});

	it('charges utility templates inside the window too, unless the knob says otherwise', async () => {
		write();
		await codes(1);
		expect((await priceOf())[0]).toEqual({ billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' });
		receiver.received.length = 0;
		sandbox.knobs.utilityInWindow = 'free_customer_service';
		await sandbox.time.pass(6000);
		receiver.received.length = 0;
		await codes(1);
		expect((await priceOf())[0]).toMatchObject({ billable: false, type: 'free_customer_service', category: 'utility' });
	});

	it('is free for reactions, which use up nothing and are never delivered', async () => {
		sandbox.knobs.freeServiceMessages = 0;
		const id = sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		await send(sandbox, { to: phone, type: 'reaction', reaction: { message_id: id, emoji: '👍' } });
		expect((await statuses()).map(({ status, pricing }) => [status, pricing])).toEqual([['sent', free]]);
	});

	it('stands beside a conversation up to v23.0 only', async () => {
		write();
		for (const [version, told] of [['v23.0/', true], ['v24.0/', false], ['', false]] as const) {
			receiver.received.length = 0;
			await text(version);
			const [sent, delivered] = await statuses();
			expect(sent?.conversation !== undefined).toBe(told);
			if (told) expect([sent?.conversation, delivered?.conversation]).toMatchObject([{ expiration_timestamp: expect.stringMatching(/^\d+$/), origin: { type: 'service' } }, { id: sent?.conversation?.id }]);
			if (told) expect(delivered?.conversation).not.toHaveProperty('expiration_timestamp');
		}
	});
});

describe('what fails after acceptance', () => {
	const failureOf = async (message: Record<string, unknown>): Promise<number | undefined> => {
		receiver.received.length = 0;
		expect((await send(sandbox, { to: phone, ...message })).status).toBe(200);
		return (await statuses()).find(({ status }) => status === 'failed')?.errors?.[0]?.code;
	};

	it('is a free-form message outside the window, whatever its type', async () => {
		for (const message of [{ text: { body: 'x' } }, { type: 'location', location: { latitude: 1, longitude: 1 } }, { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } }]) expect(await failureOf(message)).toBe(131047);
	});

	it('is a reaction to what is unknown, older than 30 days, or a reaction', async () => {
		write();
		expect(await failureOf({ type: 'reaction', reaction: { message_id: 'wamid.unknown', emoji: '👍' } })).toBe(131009);
		const id = sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
		expect(await failureOf({ type: 'reaction', reaction: { message_id: id, emoji: '👍' } })).toBeUndefined();
		expect(await failureOf({ type: 'reaction', reaction: { message_id: id, emoji: '' } })).toBeUndefined();
		const reaction = sandbox.residents.find(digits)?.thread.find(({ content }) => content.reaction)?.id;
		expect(await failureOf({ type: 'reaction', reaction: { message_id: reaction, emoji: '👍' } })).toBe(131009);
		await sandbox.time.pass(31 * 24 * 3_600_000);
		write();
		expect(await failureOf({ type: 'reaction', reaction: { message_id: id, emoji: '👍' } })).toBe(131009);
	});

	it('is a message to somebody whose identity is another by now', async () => {
		write();
		const { identityKeyHash } = sandbox.residents.at(digits);
		expect(await failureOf({ text: { body: 'x' }, recipient_identity_key_hash: identityKeyHash })).toBeUndefined();
		expect(await failureOf({ text: { body: 'x' }, recipient_identity_key_hash: 'other' })).toBe(137000);
	});
});
