import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../childProgram';

const body = '{"messaging_product":"whatsapp","contacts":[{"input":"+447700900123","wa_id":"447700900123"}],"messages":[{"id":"wamid.HBgMNDQ3NzAwOTAwMTIzFQIAERgSQTFCMkMzRDRFNUY2Nzg5MDEyAA==","message_status":"accepted"}]}';
const head = { 'content-type': 'application/json; charset=UTF-8', 'content-length': body.length };

/** The limit: Node's own server, which reads a request whole and answers always the same. */
const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
	incoming.resume();
	incoming.on('end', () => {
		outgoing.writeHead(200, head);
		outgoing.end(body);
	});
});

const listening = new Promise<string>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));

answerParent<'url', { url: string }>(async () => ({ url: await listening }));
