import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../childProgram';

export interface ReceivedWebhooks {
	/** Where webhooks go. */
	url: string;
	/** Whether the sandbox has asked whether this is the right place. */
	verified: boolean;
	webhooks: number;
	/** Updates with the status `sent`, of which every message that does not fail gets exactly one. */
	sent: number;
}

/** A desk at its fastest: takes each webhook whole, counts what it tells, answers. */
let verified = false;
let webhooks = 0;
let sent = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
	if (incoming.method === 'GET') {
		verified = true;
		outgoing.end(new URL(incoming.url ?? '/', 'http://receiver').searchParams.get('hub.challenge'));
		return;
	}
	let body = '';
	incoming.setEncoding('latin1');
	incoming.on('data', (part: string) => (body += part));
	incoming.on('end', () => {
		webhooks += 1;
		sent += body.split('"status":"sent"').length - 1;
		outgoing.writeHead(200, { 'content-length': 0 });
		outgoing.end();
	});
});

const listening = new Promise<string>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`)));

answerParent<'counts', ReceivedWebhooks>(async () => ({ url: await listening, verified, webhooks, sent }));
