import * as http from 'node:http';
import * as net from 'node:net';

import { describe, expect, it } from 'vitest';

import { type TransportRequest, createTransport } from '../../../core/whatsapp/connection';
import { answering, listen } from './localServer';

const transport = createTransport();

function post(url: string, more: Partial<TransportRequest> = {}): TransportRequest {
	return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{"a":"é"}', ...more };
}

describe('what is sent and fetched', () => {
	const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, at) => at % 256));

	it('may be bytes, which arrive as they were', async () => {
		const got: Buffer[] = [];
		const port = await listen(http.createServer((incoming, outgoing) => {
			incoming.on('data', (chunk: Buffer) => got.push(chunk));
			incoming.on('end', () => outgoing.end(String(incoming.headers['content-length'])));
		}));
		expect((await transport.request(post(`http://127.0.0.1:${port}`, { body: everyByte }))).text).toBe('1024');
		expect(Buffer.concat(got)).toEqual(everyByte);
	});

	it.each(['DELETE', 'POST'] as const)('is as long as it says with %s', async (method) => {
		const server = await answering(() => ({ body: 'ok' }));
		await transport.request(post(server.origin, { method }));
		expect(server.seen[0]).toMatchObject({ method, body: '{"a":"é"}', headers: { 'content-length': '10' } });
		await transport.request({ method, url: server.origin, headers: {} });
		expect(server.seen[1]).toMatchObject({ method, body: '' });
	});

	it('comes back as bytes when a file is asked for, and a refusal as text all the same', async () => {
		let status = 200;
		const port = await listen(http.createServer((_, outgoing) => outgoing.writeHead(status).end(status === 200 ? everyByte : '{"error":{}}')));
		const file = { method: 'GET', url: `http://127.0.0.1:${port}`, headers: {}, wantsBytes: true } as const;
		expect(await transport.request(file)).toMatchObject({ status: 200, text: '', bytes: everyByte });
		status = 404;
		const refused = await transport.request(file);
		expect(refused).toMatchObject({ status: 404, text: '{"error":{}}' });
		expect(refused.bytes).toBeUndefined();
	});

	it('is whole on a connection that closes with it, however it is measured', async () => {
		const long = 'é'.repeat(500_000);
		for (const headers of [{ connection: 'close' }, { connection: 'close', 'content-length': String(Buffer.byteLength(long)) }]) {
			const server = await answering(() => ({ headers, body: long }));
			expect((await transport.request(post(server.origin))).text).toBe(long);
		}
		const untilTheEnd = await listen(net.createServer((socket) => socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\n\r\n${long}`))));
		expect((await transport.request(post(`http://127.0.0.1:${untilTheEnd}`))).text).toBe(long);
	});

	it('is cut off where the caller sets the limit, to the byte', async () => {
		const port = await listen(http.createServer((_, outgoing) => outgoing.end(everyByte)));
		const file = { method: 'GET', url: `http://127.0.0.1:${port}`, headers: {}, wantsBytes: true } as const;
		expect((await transport.request({ ...file, maxAnswerBytes: 1024 })).bytes).toHaveLength(1024);
		expect(await transport.request({ ...file, maxAnswerBytes: 1023 }).catch((fault: unknown) => fault)).toMatchObject({
			reason: 'interrupted',
			cause: { message: expect.stringContaining('1023') as string },
		});
	});

	it('asks for no compression, and joins a header that came twice', async () => {
		const server = await answering(() => ({ headers: { 'set-cookie': ['a=1', 'b=2'], 'x-note': ['one', 'two'] } }));
		const { headers } = await transport.request(post(server.origin));
		expect(server.seen[0]?.headers['accept-encoding']).toBe('identity');
		expect([headers['set-cookie'], headers['x-note']]).toEqual(['a=1,b=2', 'one, two']);
	});
});
