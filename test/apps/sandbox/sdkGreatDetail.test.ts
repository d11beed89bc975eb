import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Client from '@great-detail/whatsapp' with { 'resolution-mode': 'import' };
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin } from './callSandbox';

/** @great-detail/whatsapp, unmodified: it takes the address of the API as `baseUrl`. */

const phone = '+447700900123';
let sandbox: Sandbox;
let sdk: Client;
let server: Server;
interface Heard {
	value: { messages?: Array<{ id: string; type: string }>; statuses?: Array<{ id: string; status: string }> };
	field: string;
}
const heard: Heard[] = [];

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 12 });
	const { Client: Sdk } = await import('@great-detail/whatsapp');
	sdk = new Sdk({ baseUrl: sandbox.api, graphVersion: 'v25.0', request: { headers: { Authorization: `Bearer ${sandbox.token}` }, retry: 0 } });
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const query = Object.fromEntries(new URL(request.url ?? '/', 'http://desk').searchParams);
			void listen(request.method ?? '', query, Buffer.concat(chunks).toString(), request.headers as Record<string, string>).then(
				(body) => response.end(body),
				() => response.writeHead(403).end(),
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	await sandbox.target.accept(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'Mae’n rhewi – diolch' });
	await sandbox.idle();
});
afterAll(async () => {
	await sandbox.stop();
	await new Promise((resolve) => server.close(resolve));
});

/** The SDK's own registration and event handling. */
async function listen(method: string, query: Record<string, string>, body: string, headers: Record<string, string>): Promise<string> {
	if (method === 'GET') {
		const registration = await sdk.webhook.register({ method, query, headers });
		if (registration.verifyToken !== sandbox.verifyToken) throw new Error('Not our sandbox.');
		return registration.accept();
	}
	const event = await sdk.webhook.eventNotification({ method, query, body, headers });
	await event.verifySignature(sandbox.appSecret);
	for (const { changes } of event.eventNotification.entry) heard.push(...(changes as unknown as Heard[]));
	return '';
}

/** The SDK's type wants an enum of its own; the wire has the words. */
function create(message: object): Promise<unknown> {
	return sdk.message.createMessage({ phoneNumberID: sandbox.phoneNumberId, to: phone, ...message } as unknown as Parameters<Client['message']['createMessage']>[0]).json();
}

describe('@great-detail/whatsapp', () => {
	it('registers the webhook, verifies its signature, and marks what came as read', async () => {
		const [message] = heard[0]?.value.messages ?? [];
		expect(message).toMatchObject({ type: 'text' });
		expect(await sdk.message.createStatus({ phoneNumberID: sandbox.phoneNumberId, status: 'read', message_id: message?.id ?? '' }).json()).toEqual({ success: true });
	});

	it('sends a text, a template and buttons', async () => {
		const text = await create({ type: 'text', text: { body: 'Hello' } });
		const parameters = Object.entries({ routes: 'Harbour Road', time: '18:00', note: 'Take care.' }).map(([parameter_name, value]) => ({ type: 'text' as const, parameter_name, text: value }));
		const template = await create({ type: 'template', template: { name: 'gritting_notice', language: { code: 'en_GB' }, components: [{ type: 'body', parameters }] } });
		const buttons = await create({ type: 'interactive', interactive: { type: 'button', body: { text: 'Is your bin back?' }, action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] } } });
		for (const answer of [text, template, buttons]) expect(answer).toMatchObject({ messaging_product: 'whatsapp', contacts: [{ input: phone, wa_id: '447700900123' }], messages: [{ id: expect.stringMatching(/^wamid\./) }] });
		await sandbox.idle();
		expect(heard.flatMap(({ value }) => value.statuses ?? []).filter(({ status }) => status === 'delivered' || status === 'read').length).toBeGreaterThanOrEqual(3);
	});

	it('uploads, finds, downloads and deletes media', async () => {
		const phoneNumberID = sandbox.phoneNumberId;
		const content = 'Routes: Harbour Road, Mill Lane';
		const uploaded = await sdk.media.upload({ phoneNumberID, file: new Blob([content], { type: 'text/plain' }), filename: 'routes.txt', mimeType: 'text/plain' } as never).json();
		const { id } = uploaded as unknown as { id: string };
		const { url } = (await sdk.media.getURL({ mediaID: id, phoneNumberID }).json()) as unknown as { url: string };
		const download = await sdk.media.download({ mediaURL: url, request: { headers: { Authorization: `Bearer ${sandbox.token}` } } } as never);
		expect(await download.text()).toBe(content);
		await expect(sdk.media.download({ mediaURL: url, request: { retry: 0 } } as never)).rejects.toMatchObject({ response: { status: 401 } });
		expect(await sdk.media.delete({ mediaID: id, phoneNumberID }).json()).toEqual({ success: true });
	});

	it('lists, makes, edits and deletes templates', async () => {
		const created = (await sdk.template.create(sandbox.businessAccountId, { name: 'tide_notice', language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'High tide is at {{1}} tonight.', example: { body_text: [['21:10']] } }] } as never).json()) as unknown as { id: string; status: string };
		expect(created).toMatchObject({ status: 'PENDING' });
		await sandbox.idle();
		const listed = (await sdk.template.list(sandbox.businessAccountId, { limit: 5, status: ['APPROVED'] }).json()) as unknown as { data: Array<{ status: string }>; paging: { next?: string } };
		expect([listed.data.length, listed.data.every(({ status }) => status === 'APPROVED'), listed.paging.next !== undefined]).toEqual([5, true, true]);
		expect(await sdk.template.get(created.id, { fields: ['name', 'status'] }).json()).toEqual({ name: 'tide_notice', status: 'APPROVED', id: created.id });
		expect(await sdk.template.delete(sandbox.businessAccountId, { name: 'tide_notice' } as never).json()).toEqual({ success: true });
	});

	it('reads the number, its profile and the subscribed apps', async () => {
		expect(await sdk.phoneNumbers.getPhoneNumber({ phoneNumberID: sandbox.phoneNumberId, fields: ['quality_rating', 'verified_name'] } as never).json()).toMatchObject({ id: sandbox.phoneNumberId, quality_rating: 'GREEN' });
		expect(await sdk.phoneNumbers.listPhoneNumbers({ businessAccountID: sandbox.businessAccountId }).json()).toMatchObject({ data: [{ id: sandbox.phoneNumberId }] });
		expect(await sdk.subscribedApps.listSubscriptions({ businessAccountID: sandbox.businessAccountId }).json()).toMatchObject({ data: [{ whatsapp_business_api_data: { name: expect.any(String) } }] });
		expect(await sdk.businessProfile.getBusinessProfile({ phoneNumberID: sandbox.phoneNumberId, fields: ['about'] } as never).json()).toMatchObject({ data: [{ messaging_product: 'whatsapp' }] });
	});

	it('hears refusals as HTTP errors with Graph’s body', async () => {
		const refused: { response?: Response; data?: unknown } = await create({ type: 'text', text: { body: '' } }).then(() => ({}), (thrown: { response: Response }) => thrown);
		expect(refused.response?.status).toBe(400);
	});
});
