import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../childProgram';
import { certificate, privateKey } from './tlsIdentity';

export interface ServerCounts {
	port: number;
	handshakes: number;
	/** Messages that were whole and answered. */
	messages: number;
}

const latencyMs = Number(process.argv[2] ?? 20);

/** Plays the Cloud API: takes a message, answers with its id after the time that Meta may take. */
let handshakes = 0;
let messages = 0;

const server = createServer({ cert: certificate, key: privateKey, keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
	let size = 0;
	incoming.on('data', (chunk: Buffer) => (size += chunk.length));
	incoming.on('end', () => {
		const isMessage = incoming.method === 'POST' && size > 0 && size === Number(incoming.headers['content-length']);
		setTimeout(() => {
			if (!isMessage) return outgoing.writeHead(400).end();
			messages += 1;
			const body = `{"messaging_product":"whatsapp","contacts":[{"input":"+447700900123","wa_id":"447700900123"}],"messages":[{"id":"wamid.HBgM${messages}","message_status":"accepted"}]}`;
			outgoing.writeHead(200, { 'content-type': 'application/json; charset=UTF-8', 'content-length': body.length, 'facebook-api-version': 'v25.0', 'x-fb-trace-id': 'AbCdEfGh' });
			outgoing.end(body);
		}, latencyMs);
	});
});
server.on('secureConnection', () => {
	handshakes += 1;
});

const listening = new Promise<number>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => resolve((server.address() as AddressInfo).port)));

answerParent<'counts', ServerCounts>(async () => ({ port: await listening, handshakes, messages }));
