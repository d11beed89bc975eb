import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin } from './callSandbox';

/** @kapso/whatsapp-cloud-api, unmodified: it takes the address of the API as `baseUrl`. */

const phone = '+447700900123';
let sandbox: Sandbox;
let client: WhatsAppClient;
let server: Server;
let to: { phoneNumberId: string; to: string };
const heard: Array<ReturnType<typeof normalizeWebhook>> = [];

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 13 });
	client = new WhatsAppClient({ accessToken: sandbox.token, baseUrl: sandbox.api, graphVersion: 'v25.0' });
	to = { phoneNumberId: sandbox.phoneNumberId, to: phone };
	server = createServer((request, response) => {
		const query = new URL(request.url ?? '/', 'http://desk').searchParams;
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			if (request.method === 'GET') return response.end(query.get('hub.challenge'));
			const rawBody = Buffer.concat(chunks);
			const genuine = verifySignature({ appSecret: sandbox.appSecret, rawBody, signatureHeader: String(request.headers['x-hub-signature-256']) });
			if (genuine) heard.push(normalizeWebhook(JSON.parse(rawBody.toString())));
			response.writeHead(genuine ? 200 : 403).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	await sandbox.target.accept(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'Is the road open? – Jo', name: 'Jo' });
	await sandbox.idle();
});
afterAll(async () => {
	await sandbox.stop();
	await new Promise((resolve) => server.close(resolve));
});

function inbound(): { id: string } {
	return heard[0]?.messages[0] as unknown as { id: string };
}

describe('@kapso/whatsapp-cloud-api', () => {
	it('verifies and reads an inbound message, and marks it as read while typing', async () => {
		expect(heard[0]).toMatchObject({ phoneNumberId: sandbox.phoneNumberId, contacts: [{ waId: '447700900123', profile: { name: 'Jo' } }], messages: [{ type: 'text', text: { body: 'Is the road open? – Jo' } }] });
		expect(await client.messages.markRead({ phoneNumberId: sandbox.phoneNumberId, messageId: inbound().id, typingIndicator: { type: 'text' } })).toEqual({ success: true });
	});

	it('sends what WhatsApp can show', async () => {
		const sent = [
			await client.messages.sendText({ ...to, body: 'Yes, since six.' }),
			await client.messages.sendTemplate({ ...to, template: { name: 'appointment_reminder', language: { code: 'en_GB' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'the Civic Centre' }, { type: 'text', text: '3 March at 10:00' }] }] } } as never),
			await client.messages.sendImage({ ...to, image: { link: 'https://aldersea.example/map.png', caption: 'The map' } }),
			await client.messages.sendDocument({ ...to, document: { link: 'https://aldersea.example/routes.pdf', filename: 'routes.pdf' } }),
			await client.messages.sendLocation({ ...to, location: { latitude: 53.2, longitude: -1.5, name: 'Civic Centre', address: '1 Harbour Road' } }),
			await client.messages.sendReaction({ ...to, reaction: { messageId: inbound().id, emoji: '👍' } }),
			await client.messages.sendInteractiveButtons({ ...to, bodyText: 'Is your bin back?', buttons: [{ id: 'yes', title: 'Yes' }, { id: 'no', title: 'No' }] }),
			await client.messages.sendInteractiveList({ ...to, bodyText: 'What is it about?', buttonText: 'Choose', sections: [{ title: 'Streets', rows: [{ id: 'bins', title: 'Bins' }] }] }),
			await client.messages.sendInteractiveCtaUrl({ ...to, bodyText: 'The gritting map', parameters: { displayText: 'Open map', url: 'https://aldersea.example/map' } }),
		];
		for (const { messages } of sent) expect(messages[0]?.id).toMatch(/^wamid\./);
		await sandbox.idle();
		expect(heard.flatMap(({ statuses }) => statuses).filter(({ status }) => status === 'failed')).toEqual([]);
	});

	it('sends to a business-scoped user id', async () => {
		const recipient = sandbox.residents.at('447700900123').userId;
		expect(await client.messages.sendText({ phoneNumberId: sandbox.phoneNumberId, recipient, body: 'Hello' })).toMatchObject({ contacts: [{ input: recipient, userId: recipient }] });
	});

	it('uploads, finds, downloads and deletes media', async () => {
		const content = Buffer.from('Routes: Harbour Road');
		const { id } = await client.media.upload({ phoneNumberId: sandbox.phoneNumberId, type: 'text/plain', file: new Blob([content], { type: 'text/plain' }), fileName: 'routes.txt' });
		const found = await client.media.get({ mediaId: id });
		expect(found).toMatchObject({ mimeType: 'text/plain', id });
		expect(Buffer.from((await client.media.download({ mediaId: id, auth: 'always', as: 'arrayBuffer' })) as ArrayBuffer)).toEqual(content);
		expect(await client.media.delete({ mediaId: id })).toEqual({ success: true });
	});

	it('lists, makes and deletes templates', async () => {
		const { data } = await client.templates.list({ businessAccountId: sandbox.businessAccountId, limit: 3 });
		expect(data).toHaveLength(3);
		const made = await client.templates.create({ businessAccountId: sandbox.businessAccountId, name: 'ferry_notice', language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'The ferry does not run today.' }] });
		expect(made).toMatchObject({ status: 'PENDING' });
		expect(await client.templates.delete({ businessAccountId: sandbox.businessAccountId, name: 'ferry_notice' })).toEqual({ success: true });
	});

	it('knows the refusals by code and kind', async () => {
		const refusal = (call: Promise<unknown>): Promise<GraphApiError> => call.then(() => Promise.reject(new Error('It was not refused.')), (thrown: GraphApiError) => thrown);
		const missing = await refusal(client.messages.sendTemplate({ ...to, template: { name: 'no_such_template', language: { code: 'en_GB' } } } as never));
		expect(missing).toBeInstanceOf(GraphApiError);
		expect([missing.code, missing.isTemplateError()]).toEqual([132001, true]);
		const stranger = new WhatsAppClient({ accessToken: 'wrong', baseUrl: sandbox.api });
		const denied = await refusal(stranger.messages.sendText({ ...to, body: 'Hello' }));
		expect([denied.code, denied.httpStatus, denied.requiresTokenRefresh()]).toEqual([190, 401, true]);
		sandbox.account.firstNumber.throughput.clear();
		sandbox.knobs.throughputPerSecond = 0.001;
		sandbox.knobs.throughputBurst = 1;
		await client.messages.sendText({ ...to, body: 'Hello' });
		const slow = await refusal(client.messages.sendText({ ...to, body: 'Hello' }));
		expect([slow.code, slow.isRateLimit()]).toEqual([130429, true]);
	});
});
