import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelFields, dutyManager } from '../../apps/demo/aldersea';
import { readSignOffPage, sign } from '../../apps/demo/approver';
import { until } from '../../apps/demo/until';
import type { Execution } from '../../apps/host/n8nRest';
import { decide } from '../../core/approval/decide';
import { readDesk } from '../../core/channel/deskAddress';
import { readDeskChannels } from '../../core/channel/deskChannels';
import { defineQuery } from '../../core/store/command';
import { askedToSign, itemFrom, nodesRun, openAldersea, peopleFile, type Aldersea, signal, startByForm } from './aldersea';
import { byForm, chain, draft, gate, send } from './smallFlows';

const people = 8;
let aldersea: Aldersea;
let workflowId: string;

beforeAll(async () => {
	aldersea = await openAldersea({ residents: peopleFile(people, 'Route 1') });
	const { channel, rest } = aldersea;
	const flow = chain('Signed and sent', [byForm(), draft(channel, 'Route 1'), gate(channel), send(channel)], { Gate: [[], [], ['Send']] });
	({ id: workflowId } = await rest.saveWorkflow(flow));
});

afterAll(async () => {
	await aldersea?.remove();
});

function message(id: string): string {
	const { businessAccountId, phoneNumberId } = aldersea.sandbox;
	const value = {
		messaging_product: 'whatsapp',
		metadata: { display_phone_number: '441632960001', phone_number_id: phoneNumberId },
		contacts: [{ profile: { name: 'Aled D.' }, wa_id: '447700900123' }],
		messages: [{ from: '447700900123', id, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: 'Which roads?' } }],
	};
	return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: businessAccountId, changes: [{ field: 'messages', value }] }] });
}

async function deliver(body: string, secret: string | undefined): Promise<number> {
	const signature = secret === undefined ? {} : { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
	const answer = await fetch(`${aldersea.deskBase}/whatsapp`, { method: 'POST', headers: { 'content-type': 'application/json', ...signature }, body });
	await answer.text();
	return answer.status;
}

const countEvents = defineQuery('test.events', async ({ db }, _: undefined): Promise<number> =>
	Number((await db.selectFrom('inbox_event').select((of) => of.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n),
);
const events = () => aldersea.inStore(countEvents, undefined);

async function deskIs(active: boolean): Promise<void> {
	await until(`the desk is ${active ? 'on' : 'off'}`, signal, async () => (await aldersea.inStore(readDesk, undefined))?.active === active);
}

function expectSent(execution: Execution): void {
	expect(execution.status, execution.data.resultData.error?.message).toBe('success');
	expect(nodesRun(execution)).toContain('Send');
	expect(itemFrom(execution, 'Send')).toMatchObject({ state: 'finished', totals: { recipients: people, accepted: people, uncertain: 0 } });
	expect(aldersea.sandbox.accepted.duplicates()).toEqual([]);
}

describe('the webhook address', () => {
	const ask = (token: string) => fetch(`${aldersea.deskBase}/whatsapp?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);

	it('passes Meta’s handshake with the channel’s verify token only', async () => {
		const right = await ask(aldersea.sandbox.verifyToken);
		expect([right.status, await right.text()]).toEqual([200, '1158201444']);
		expect((await ask('guessed')).status).toBe(403);
	});

	it('takes nothing that is not signed, or signed with another secret', async () => {
		const before = await events();
		expect(await deliver(message('wamid.unsigned'), undefined)).toBe(401);
		expect(await deliver(message('wamid.other'), 'another-secret')).toBe(401);
		expect(await events()).toBe(before);
	});

	it('takes what is signed once, however often it comes', async () => {
		const before = await events();
		const body = message('wamid.twice');
		expect([await deliver(body, aldersea.sandbox.appSecret), await deliver(body, aldersea.sandbox.appSecret)]).toEqual([200, 200]);
		expect(await events()).toBe(before + 1);
	});

	it('takes the previous app secret too while a new one is brought in', async () => {
		const { rest, sandbox, channel, flows } = aldersea;
		const fields = { ...channelFields(sandbox), appSecret: 'the-new-secret', previousAppSecret: sandbox.appSecret };
		expect(await deliver(message('wamid.too-soon'), 'the-new-secret')).toBe(401);
		await rest.saveCredential(channel.name, 'civicWhatsAppApi', fields);
		// A trigger reads its channel again when its flow is switched on.
		await rest.deactivate(flows.replies.id);
		await rest.activate(flows.replies.id);
		const secrets = async () => (await aldersea.inStore(readDeskChannels, undefined)).flatMap(({ appSecrets }) => appSecrets);
		await until('the channel has two secrets', signal, async () => (await secrets()).length === 2);
		const before = await events();
		expect(await deliver(message('wamid.new'), 'the-new-secret')).toBe(200);
		expect(await deliver(message('wamid.previous'), sandbox.appSecret)).toBe(200);
		expect(await deliver(message('wamid.guessed'), 'another-secret')).toBe(401);
		expect(await events()).toBe(before + 2);
		await rest.saveCredential(channel.name, 'civicWhatsAppApi', channelFields(sandbox));
		await rest.deactivate(flows.replies.id);
	});
});

describe('the desk and a gate that waits', () => {
	it('absorbs statuses without a single execution of its flow', async () => {
		const { id, link } = await askedToSign(aldersea, workflowId);
		await sign(link, await readSignOffPage(link));
		expectSent(await aldersea.rest.ended(id));
		await aldersea.sandbox.idle();
		expect(aldersea.sandbox.webhooks.counts.delivered).toBeGreaterThan(0);
		expect(await (await fetch(link)).text()).toMatch(/>Delivered<\/th><td[^>]*>[1-9]/);
		expect(await aldersea.rest.executions({ workflowId: aldersea.flows.desk.id })).toEqual([]);
	});

	it('makes the gate say that no desk is active, and old links work again once it is', async () => {
		const { rest, flows } = aldersea;
		const { id, link } = await askedToSign(aldersea, workflowId);
		const page = await readSignOffPage(link);
		await rest.deactivate(flows.desk.id);
		await deskIs(false);
		expect((await fetch(link)).status).toBe(404);
		const refused = await rest.ended(await startByForm(aldersea, workflowId));
		expect(refused.status).toBe('error');
		expect(refused.data.resultData.error).toMatchObject({
			message: expect.stringContaining('No desk is active') as string,
			description: expect.stringContaining('workflows/desk.json') as string,
		});
		expect((await rest.execution(id)).status).toBe('waiting');
		await rest.activate(flows.desk.id);
		await deskIs(true);
		await until('the link is there again', signal, async () => (await fetch(link)).ok);
		await sign(link, page);
		expectSent(await rest.ended(id));
	});

	it('goes on after a restart of n8n while it waited', async () => {
		const { id, link } = await askedToSign(aldersea, workflowId);
		await aldersea.n8n.stop();
		await aldersea.restart();
		await until('the link is there again', signal, async () => (await fetch(link)).ok);
		await sign(link, await readSignOffPage(link));
		expectSent(await aldersea.rest.ended(id));
	});

	it('is woken after a power cut that came between the decision and the waking', async () => {
		const { id, link } = await askedToSign(aldersea, workflowId);
		const { digest, people: acknowledgedPeople } = await readSignOffPage(link);
		await aldersea.n8n.kill();
		// What the desk commits before it answers; the process that would have woken the execution is gone.
		const token = link.slice(link.lastIndexOf('/') + 1);
		expect(await aldersea.inStore(decide, { token, decision: 'approve', digest, acknowledgedPeople, reason: '' })).toMatchObject({ state: 'approved' });
		await aldersea.restart();
		const execution = await aldersea.rest.ended(id, 90_000);
		expect(itemFrom(execution, 'Gate', 2)).toMatchObject({ approval: { state: 'approved', by: dutyManager.name } });
		expectSent(execution);
	});
});
