import * as http from 'node:http';
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

/** Starts any server on a free port of 127.0.0.1 and stops it, connections included, when the test is over. */
export async function listen(server: net.Server): Promise<number> {
	const open = new Set<net.Socket>();
	server.on('connection', (socket: net.Socket) => {
		open.add(socket);
		socket.on('close', () => open.delete(socket));
		socket.on('error', () => open.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(async () => {
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		for (const socket of open) socket.destroy();
		await closed;
	});
	return (server.address() as AddressInfo).port;
}

export interface SeenRequest {
	method: string;
	url: URL;
	headers: http.IncomingHttpHeaders;
	body: string;
	bytes: Buffer;
}

export interface ServerAnswer {
	status?: number;
	headers?: http.OutgoingHttpHeaders;
	body?: unknown;
}

/** An HTTP server that answers with what `answer` gives: text and bytes as they are, anything else as JSON. Keeps what it saw. */
export async function answering(answer: (request: SeenRequest) => ServerAnswer | 'reset' | 'silence') {
	const seen: SeenRequest[] = [];
	let connections = 0;
	const server = http.createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			const request: SeenRequest = {
				method: incoming.method ?? '',
				url: new URL(incoming.url ?? '/', 'http://local'),
				headers: incoming.headers,
				body: Buffer.concat(chunks).toString('utf8'),
				bytes: Buffer.concat(chunks),
			};
			seen.push(request);
			const given = answer(request);
			if (given === 'silence') return;
			if (given === 'reset') return void incoming.socket.resetAndDestroy();
			outgoing.writeHead(given.status ?? 200, given.headers);
			outgoing.end(typeof given.body === 'string' || Buffer.isBuffer(given.body) ? given.body : JSON.stringify(given.body ?? {}));
		});
	});
	server.on('connection', () => {
		connections += 1;
	});
	const port = await listen(server);
	return { origin: `http://127.0.0.1:${port}`, seen, connections: () => connections };
}
