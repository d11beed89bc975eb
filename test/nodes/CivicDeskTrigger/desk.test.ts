import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { closeDesk, readDesk } from '../../../core/channel/deskAddress';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { registerChannel } from '../../../core/channel/registerChannel';
import { channelFields } from '../../council/council';
import { flowOf, n8nWorkflow, workflowOf } from '../engine';
import { gatedFlow, linkOn } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('Civic Desk Trigger', () => {
	let hall: TownHall;
	let base: string;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 3 });
		base = `${hall.url}/webhook/${hall.deskFlow.nodes[0]?.webhookId}`;
	});
	afterAll(() => hall.stop());

	const desk = () => hall.store.execute(readDesk, undefined);
	const another = (webhookId: string) => flowOf([{ name: 'Desk', type: 'civicDeskTrigger', credentials: ['civicStoreApi'], webhookId }]);

	it('tells the store its addresses when it is activated, and that it is off when it is deactivated', async () => {
		const addresses = { pageAddress: `${base}/desk/`, webhookAddress: `${base}/whatsapp` };
		expect(await desk()).toEqual({ ...addresses, active: true });
		expect(await hall.n8n.callHook(hall.deskFlow, 'Desk', 'checkExists')).toBe(true);
		expect(await hall.n8n.callHook(hall.deskFlow, 'Desk', 'delete')).toBe(true);
		expect(await desk()).toEqual({ ...addresses, active: false });
		expect(await hall.n8n.callHook(hall.deskFlow, 'Desk', 'checkExists')).toBe(false);
		expect(await hall.n8n.callHook(hall.deskFlow, 'Desk', 'create')).toBe(true);
		expect(await desk()).toEqual({ ...addresses, active: true });
	});

	it('stays as it is when somebody tries the node out in the editor', async () => {
		const before = await desk();
		expect(await hall.n8n.callHook(hall.deskFlow, 'Desk', 'checkExists', 'manual')).toBe(false);
		await expect(hall.n8n.callHook(hall.deskFlow, 'Desk', 'create', 'manual')).rejects.toThrow('cannot be tried out');
		expect(await hall.n8n.callHook(hall.deskFlow, 'Desk', 'delete', 'manual')).toBe(true);
		expect(await desk()).toEqual(before);
		expect((await hall.n8n.run(hall.deskFlow, [], 'manual')).error?.message).toContain('cannot be tried out');
	});

	it('refuses a second desk while one is on, and the second cannot switch the first off', async () => {
		const before = await desk();
		const second = another('00000000-1111-4222-8333-444444444444');
		const refused = await hall.n8n.callHook(second, 'Desk', 'create').catch((error: unknown) => error);
		expect(refused).toBeInstanceOf(n8nWorkflow.NodeOperationError);
		expect((refused as Error).message).toContain('Another workflow with a Civic Desk Trigger is active');
		await hall.n8n.callHook(second, 'Desk', 'delete');
		expect(await desk()).toEqual(before);
	});

	it('takes over from a desk that is off', async () => {
		await hall.store.execute(closeDesk, undefined);
		const second = another('00000000-1111-4222-8333-444444444444');
		await hall.n8n.callHook(second, 'Desk', 'create');
		expect((await desk())?.pageAddress).toContain('00000000-1111-4222-8333-444444444444');
		await hall.n8n.callHook(second, 'Desk', 'delete');
		await hall.n8n.callHook(hall.deskFlow, 'Desk', 'create');
	});

	it('shows the sign-off page to GET and HEAD, decides nothing by them, and answers every other method in words', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		const link = await linkOn(hall);
		const page = await fetch(link);
		expect([page.status, page.headers.get('cache-control'), page.headers.get('x-content-type-options')]).toEqual([200, expect.stringContaining('no-store'), 'nosniff']);
		expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
		expect(await page.text()).toContain('Gritting tonight');
		const head = await fetch(link, { method: 'HEAD' });
		expect([head.status, await head.text()]).toEqual([200, '']);
		expect((await fetch(link, { method: 'DELETE' })).status).toBe(405);
		expect((await fetch(link, { method: 'POST' })).status).toBe(400);
		expect((await fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) })).status).toBe(400);
		expect((await fetch(`${base}/desk/${'A'.repeat(43)}`)).status).toBe(404);
		expect(execution.status).toBe('waiting');
	});

	it('answers Meta’s handshake with the right verify token only', async () => {
		const handshake = (token: string) => fetch(`${base}/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
		const right = await handshake(hall.sandbox.verifyToken);
		expect([right.status, await right.text()]).toEqual([200, '1158201444']);
		expect((await handshake('another')).status).toBe(403);
	});

	it('takes a webhook signed with the current or the previous secret over the exact bytes, and answers 401 to any other', async () => {
		const settings = parseChannelSettings(channelFields(hall.sandbox, { appSecret: 'the-new-secret', previousAppSecret: hall.sandbox.appSecret }));
		await hall.store.execute(registerChannel, settings);
		const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: hall.sandbox.businessAccountId, changes: [] }] }, null, '\t');
		const signed = (secret: string, text = body) => ({ 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}` });
		const call = async (headers: Record<string, string>, text = body) => (await fetch(`${base}/whatsapp`, { method: 'POST', headers, body: text })).status;
		expect(await call(signed('the-new-secret'))).toBe(200);
		expect(await call(signed(hall.sandbox.appSecret))).toBe(200);
		expect(await call(signed('another-secret'))).toBe(401);
		expect(await call(signed('the-new-secret', `${body} `))).toBe(401);
		expect(await call({ 'content-type': 'application/json' })).toBe(401);
		await hall.store.execute(registerChannel, parseChannelSettings(channelFields(hall.sandbox)));
	});

	it('never throws, never starts an execution, and always answers, whatever comes', async () => {
		const workflow = workflowOf(hall.deskFlow, true);
		const node = workflow.nodes.Desk;
		if (node === undefined) throw new Error('no desk');
		const request = fc.record({
			method: fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', ''),
			params: fc.oneof(fc.constant({}), fc.record({ token: fc.string() })),
			query: fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())),
			body: fc.oneof(fc.anything(), fc.record({ decision: fc.constantFrom('approve', 'reject'), digest: fc.anything(), understood: fc.anything() })),
			headers: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
			rawBody: fc.oneof(fc.constant(undefined), fc.uint8Array().map((bytes) => Buffer.from(bytes))),
		});
		await fc.assert(
			fc.asyncProperty(request, async (httpRequest) => {
				const statuses: number[] = [];
				const httpResponse = {
					status: (code: number) => {
						statuses.push(code);
						return httpResponse;
					},
					set: () => httpResponse,
					end: () => undefined,
				};
				expect(await hall.n8n.callWebhook(workflow, node, { httpRequest, httpResponse } as never)).toEqual({ noWebhookResponse: true });
				expect(statuses).toHaveLength(1);
				expect(statuses[0]).not.toBe(503);
			}),
			{ numRuns: 200 },
		);
	});

	it('answers 503 while the store cannot be opened, so that Meta tries again', async () => {
		const folder = hall.n8n.credentials.civicStoreApi?.folder as string;
		hall.n8n.credentials.civicStoreApi = { folder: `${process.env.HOME}/.n8n-files/civic` };
		try {
			expect((await fetch(`${base}/whatsapp`, { method: 'POST', body: '{}' })).status).toBe(503);
			expect((await fetch(`${base}/desk/${'A'.repeat(43)}`)).status).toBe(503);
		} finally {
			hall.n8n.credentials.civicStoreApi = { folder };
		}
	});

	it('stops tending when it is closed', async () => {
		const errors: unknown[] = [];
		const response = await hall.n8n.activate(hall.deskFlow, 'Desk', (one) => void errors.push(one));
		await response.closeFunction?.();
		await response.closeFunction?.();
		expect(response.manualTriggerFunction).toBeUndefined();
		expect(errors).toEqual([]);
	});
});
