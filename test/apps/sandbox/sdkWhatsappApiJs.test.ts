import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionButtons, ActionCTA, ActionList, ActionLocation, BodyComponent, BodyParameter, Body, Button, Contacts, Document, Footer, Header, HeaderComponent, HeaderParameter, Image, Interactive, ListSection, Location, Name, Phone, Reaction, Row, Template, Text } from 'whatsapp-api-js/messages';
import { WhatsAppAPI } from 'whatsapp-api-js/middleware/node-http';
import type { OnMessageArgs, OnStatusArgs } from 'whatsapp-api-js/emitters';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin } from './callSandbox';

/** whatsapp-api-js, unmodified: its one public option for another host is the fetch it calls. */

const phone = '+447700900123';
let sandbox: Sandbox;
let client: WhatsAppAPI;
let server: Server;
const heard: OnMessageArgs[] = [];
const statuses: OnStatusArgs[] = [];

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 11, knobs: { noReadReceipts: 0, readWithoutDelivered: 0 } });
	client = new WhatsAppAPI({
		token: sandbox.token,
		appSecret: sandbox.appSecret,
		webhookVerifyToken: sandbox.verifyToken,
		v: 'v25.0',
		ponyfill: { fetch: (url, options) => fetch(String(url).replace('https://graph.facebook.com', sandbox.api), options) },
	});
	client.on.message = (message) => void heard.push(message);
	client.on.status = (status) => void statuses.push(status);
	server = createServer((request, response) => {
		if (request.method === 'GET') response.end(client.handle_get(request));
		else void client.handle_post(request).then((status) => response.writeHead(status).end());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	await sandbox.target.accept(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	await admin(sandbox, 'POST', 'inbound', { from: phone, text: 'Ffyrdd wedi’u graeanu – gofal 🚜' });
	await sandbox.idle();
});
afterAll(async () => {
	await sandbox.stop();
	await new Promise((resolve) => server.close(resolve));
});

function number(): string {
	return sandbox.phoneNumberId;
}

async function accepted(message: Parameters<WhatsAppAPI['sendMessage']>[2], ...more: [context?: string, callback?: string]): Promise<string> {
	const answer = await client.sendMessage(number(), phone, message, ...more);
	if (!('messages' in answer)) throw new Error(JSON.stringify(answer));
	expect(answer.contacts).toEqual([{ input: phone, wa_id: '447700900123' }]);
	return answer.messages[0].id;
}

const gritting = new Template('gritting_notice', 'en_GB', new BodyComponent(new BodyParameter('Harbour Road', 'routes'), new BodyParameter('18:00', 'time'), new BodyParameter('Pavements are not treated.', 'note')));

describe('whatsapp-api-js', () => {
	it('verifies the signature of an inbound message beyond ASCII, and marks it as read with typing', async () => {
		expect(heard[0]).toMatchObject({ phoneID: number(), from: '447700900123', message: { type: 'text', text: { body: 'Ffyrdd wedi’u graeanu – gofal 🚜' } } });
		expect(await client.markAsRead(number(), heard[0]?.message.id ?? '', 'text')).toEqual({ success: true });
	});

	it('sends a template and hears how it went', async () => {
		const id = await accepted(gritting, undefined, 'run:1');
		await sandbox.idle();
		const own = statuses.filter((status) => status.id === id);
		expect(own.map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
		expect(own[0]).toMatchObject({ recipient: { phone: '447700900123' }, biz_opaque_callback_data: 'run:1', pricing: { category: 'utility', type: 'regular' } });
	});

	it('sends a text that answers the resident', async () => {
		await accepted(new Text('See https://aldersea.example', true), heard[0]?.message.id);
	});

	it.each([
		['buttons', new Interactive(new ActionButtons(new Button('yes', 'Yes'), new Button('no', 'No')), new Body('Is your bin back?'), new Header('Bins'), new Footer('Aldersea'))],
		['a list', new Interactive(new ActionList('Choose', new ListSection(undefined, new Row('a', 'Bins', 'Missed or late'), new Row('b', 'Roads'))), new Body('What is it about?'))],
		['a link', new Interactive(new ActionCTA('Open map', 'https://aldersea.example/map'), new Body('The gritting map'))],
		['a request for the location', new Interactive(new ActionLocation(), new Body('Where is the pothole?'))],
		['a location', new Location(-1.5, 53.2, 'Civic Centre', '1 Harbour Road')],
		['a contact', new Contacts([new Name('Highways Desk', 'Highways', 'Desk'), new Phone('+441632960001', 'WORK')])],
	])('sends %s', async (_what, message) => {
		await accepted(message);
	});

	it('reacts to the resident’s message', async () => {
		await accepted(new Reaction(heard[0]?.message.id ?? '', '👍'));
	});

	it('uploads, sends, finds, downloads and deletes media', async () => {
		const form = new FormData();
		form.set('file', new Blob([pixel], { type: 'image/png' }), 'map.png');
		form.set('type', 'image/png');
		const uploaded = await client.uploadMedia(number(), form);
		if (!('id' in uploaded)) throw new Error(JSON.stringify(uploaded));
		await accepted(new Image(uploaded.id, true, 'Tonight’s routes'));
		await accepted(new Document('https://aldersea.example/routes.pdf', false, 'Routes', 'routes.pdf'));
		const found = await client.retrieveMedia(uploaded.id, number());
		if (!('url' in found)) throw new Error(JSON.stringify(found));
		expect(found).toMatchObject({ id: uploaded.id, mime_type: 'image/png', messaging_product: 'whatsapp' });
		const bytes = await client.fetchMedia(found.url);
		expect([bytes.status, Buffer.from(await bytes.arrayBuffer())]).toEqual([200, pixel]);
		expect(await client.deleteMedia(uploaded.id)).toEqual({ success: true });
		expect(await client.retrieveMedia(uploaded.id)).toMatchObject({ error: { code: 100, error_subcode: 33 } });
	});

	it('hears taps on buttons, list replies and media from the resident', async () => {
		heard.length = 0;
		await admin(sandbox, 'POST', 'inbound', { from: phone, button: { text: 'Stop these' } });
		await admin(sandbox, 'POST', 'inbound', { from: phone, reply: { id: 'yes', title: 'Yes' } });
		await sandbox.idle();
		expect(heard.map(({ message }) => message.type).sort()).toEqual(['button', 'interactive']);
	});

	it('answers an unusable template and a wrong token as Meta does', async () => {
		const missing = await client.sendMessage(number(), phone, new Template('no_such_template', 'en_GB', new HeaderComponent(new HeaderParameter('x'))));
		expect(missing).toMatchObject({ error: { code: 132001, type: 'OAuthException', fbtrace_id: expect.any(String) } });
		const stranger = new WhatsAppAPI({ token: 'wrong', secure: false, ponyfill: { fetch: (url, options) => fetch(String(url).replace('https://graph.facebook.com', sandbox.api), options) } });
		expect(await stranger.sendMessage(number(), phone, new Text('hello'))).toMatchObject({ error: { code: 190 } });
	});
});

/** One transparent point. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
