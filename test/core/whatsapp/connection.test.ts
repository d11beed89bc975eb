import * as diagnostics from 'node:diagnostics_channel';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { inspect } from 'node:util';

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { type TransportFault, type TransportRequest, createTransport } from '../../../core/whatsapp/connection';
import { answering, listen } from './localServer';
import { certificate, privateKey } from './tlsIdentity';

const transport = createTransport();
const poolKey = Symbol.for('n8n-nodes-civic-comms.agents');

async function faultOf(request: TransportRequest): Promise<TransportFault> {
	return await transport.request(request).then(
		() => expect.unreachable('an answer came'),
		(fault: unknown) => fault as TransportFault,
	);
}

function post(url: string, more: Partial<TransportRequest> = {}): TransportRequest {
	return { method: 'POST', url, headers: { authorization: 'Bearer secret-token', 'content-type': 'application/json' }, body: '{"a":"é"}', ...more };
}

beforeEach(() => {
	delete (globalThis as Record<symbol, unknown>)[poolKey];
	for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe('an answer', () => {
	it('is handed out with its status, headers and text, whatever the status', async () => {
		const server = await answering(() => ({ status: 503, headers: { 'X-Seen': 'yes' }, body: '<html>Busy</html>' }));
		const answer = await transport.request(post(`${server.origin}/v25.0/1/messages?x=1`));
		expect(answer).toMatchObject({ status: 503, text: '<html>Busy</html>', headers: { 'x-seen': 'yes' } });
		expect(server.seen[0]).toMatchObject({ method: 'POST', body: '{"a":"é"}', headers: { authorization: 'Bearer secret-token', 'content-type': 'application/json' } });
	});

	it('that redirects is not followed', async () => {
		const other = await answering(() => ({ body: 'stolen' }));
		const server = await answering(() => ({ status: 307, headers: { location: other.origin } }));
		expect((await transport.request(post(server.origin))).status).toBe(307);
		expect(other.seen).toEqual([]);
	});

	it('comes over one kept-alive connection, also after the package was loaded anew', async () => {
		const server = await answering(() => ({ body: 'ok' }));
		for (let i = 0; i < 5; i += 1) await transport.request(post(server.origin));
		vi.resetModules();
		const again = await vi.importActual<typeof import('../../../core/whatsapp/connection')>('../../../core/whatsapp/connection');
		expect(again.createTransport).not.toBe(createTransport);
		await again.createTransport().request(post(server.origin));
		expect(server.connections()).toBe(1);
	});

	it('is waited for on no more than 128 connections, however many requests are under way', async () => {
		const server = await answering(() => ({ body: 'ok' }));
		const answers = await Promise.all(Array.from({ length: 600 }, async () => await transport.request(post(server.origin))));
		expect(answers.every(({ status }) => status === 200)).toBe(true);
		expect(server.connections()).toBeLessThanOrEqual(128);
	});
});

describe('a request that cannot have been seen', () => {
	it('is one that was still waiting for a free connection when its time was up', async () => {
		const server = await answering(({ url }) => (url.pathname === '/late' ? { body: 'ok' } : 'silence'));
		const stop = new AbortController();
		const held = Array.from({ length: 128 }, async () => await faultOf(post(server.origin, { signal: stop.signal })));
		expect(await faultOf(post(`${server.origin}/late`, { timeoutMs: 50 }))).toMatchObject({ reason: 'timeout', mayHaveBeenSent: false });
		stop.abort();
		await Promise.all(held);
		await transport.request(post(`${server.origin}/late`, { body: 'after' }));
		expect(server.seen.filter(({ url }) => url.pathname === '/late').map(({ body }) => body)).toEqual(['after']);
	});

	it('is one with a header that HTTP does not allow', async () => {
		const server = await answering(() => ({ body: 'ok' }));
		const fault = await faultOf(post(server.origin, { headers: { authorization: 'Bearer secret-token\n' } }));
		expect(fault).toMatchObject({ reason: 'unreachable', mayHaveBeenSent: false });
		expect(inspect(fault, { depth: 20 })).not.toContain('secret-token');
	});

	it('is one to a port where nobody listens', async () => {
		const closed = net.createServer();
		await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
		const { port } = closed.address() as net.AddressInfo;
		await new Promise((resolve) => closed.close(resolve));
		expect(await faultOf(post(`http://127.0.0.1:${port}`))).toMatchObject({ reason: 'unreachable', mayHaveBeenSent: false });
	});

	it('is one to a name that does not exist', async () => {
		expect(await faultOf(post('https://graph.invalid'))).toMatchObject({ reason: 'unreachable', mayHaveBeenSent: false });
	});

	it('is one whose TLS handshake fails', async () => {
		const seen: string[] = [];
		const port = await listen(net.createServer((socket) => socket.on('data', (bytes) => {
			seen.push(bytes.toString('latin1'));
			socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
		})));
		expect(await faultOf(post(`https://127.0.0.1:${port}`))).toMatchObject({ reason: 'unreachable', mayHaveBeenSent: false });
		expect(seen.join('')).not.toContain('secret-token');
	});

	it('is one whose TLS handshake never ends', async () => {
		const port = await listen(net.createServer((socket) => socket.resume()));
		expect(await faultOf(post(`https://127.0.0.1:${port}`, { timeoutMs: 200 }))).toMatchObject({ reason: 'timeout', mayHaveBeenSent: false });
	});

	it('is one that was called off before it began', async () => {
		const server = await answering(() => ({ body: 'ok' }));
		expect(await faultOf(post(server.origin, { signal: AbortSignal.abort() }))).toMatchObject({ reason: 'aborted', mayHaveBeenSent: false });
		expect(server.seen).toEqual([]);
	});
});

describe('a request that may have been seen', () => {
	it('is one that the server read before it reset the connection', async () => {
		const server = await answering(() => 'reset');
		expect(await faultOf(post(server.origin))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
		expect(server.seen).toHaveLength(1);
	});

	it('is one whose connection was reset after it opened, though the server read nothing', async () => {
		const opened = new Promise<void>((resolve) => {
			const watch = (message: unknown) => {
				diagnostics.unsubscribe('net.client.socket', watch);
				(message as { socket: net.Socket }).socket.once('connect', () => setImmediate(resolve));
			};
			diagnostics.subscribe('net.client.socket', watch);
		});
		const server = net.createServer({ pauseOnConnect: true }, (socket) => void opened.then(() => socket.resetAndDestroy()));
		expect(await faultOf(post(`http://127.0.0.1:${await listen(server)}`))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
	});

	it('is one on a connection from the pool that turns out to be dead', async () => {
		let requests = 0;
		const server = await answering(() => ((requests += 1) === 1 ? { body: 'ok' } : 'reset'));
		await transport.request(post(server.origin));
		expect(await faultOf(post(server.origin))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
		expect(server.connections()).toBe(1);
	});

	it('is one that nobody answers in time', async () => {
		const server = await answering(() => 'silence');
		expect(await faultOf(post(server.origin, { timeoutMs: 200 }))).toMatchObject({ reason: 'timeout', mayHaveBeenSent: true });
	});

	it('is one that was called off on the way', async () => {
		const stop = new AbortController();
		const server = await answering(() => {
			stop.abort();
			return 'silence';
		});
		expect(await faultOf(post(server.origin, { signal: stop.signal }))).toMatchObject({ reason: 'aborted', mayHaveBeenSent: true });
	});

	it('is one whose answer breaks off, or does not end', async () => {
		const half = await listen(net.createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"mess'))));
		expect(await faultOf(post(`http://127.0.0.1:${half}`))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
		const flood = await listen(http.createServer((_, outgoing) => {
			const block = Buffer.alloc(1024 * 1024);
			const pour = () => {
				while (outgoing.write(block));
				outgoing.once('drain', pour);
			};
			pour();
		}));
		expect(await faultOf(post(`http://127.0.0.1:${flood}`))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
	});

	it.each([
		['closes', (socket: net.Socket, answer: string) => socket.end(answer)],
		['stays', (socket: net.Socket, answer: string) => socket.write(answer)],
	])('is one that is answered with a change of protocol, whether the connection %s', async (_what, say) => {
		const port = await listen(net.createServer((socket) => socket.once('data', () => say(socket, 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'))));
		expect(await faultOf(post(`http://127.0.0.1:${port}`, { timeoutMs: 500 }))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
	});

	it('never shows its token in what is thrown', async () => {
		const server = await answering(() => 'reset');
		const fault = await faultOf(post(server.origin));
		expect(inspect(fault, { depth: 20 })).not.toContain('secret-token');
		expect(fault.cause).toMatchObject({ code: 'ECONNRESET' });
	});
});

describe('over TLS and through a proxy', () => {
	beforeAll(() => tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate]));

	async function secureServer(answer: (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => void) {
		let requests = 0;
		const server = https.createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
			requests += 1;
			answer(incoming, outgoing);
		});
		return { port: await listen(server), requests: () => requests };
	}

	async function proxyTo(port: number | undefined) {
		const asked: string[] = [];
		const proxy = http.createServer((incoming, outgoing) => {
			asked.push(`${incoming.method} ${incoming.url}`);
			outgoing.end();
		});
		proxy.on('connect', (incoming: http.IncomingMessage, client: net.Socket) => {
			asked.push(`CONNECT ${incoming.url}${incoming.headers.authorization ?? ''}`);
			if (port === undefined) return client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			const upstream = net.connect(port, '127.0.0.1', () => {
				client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
				upstream.pipe(client).pipe(upstream);
			});
			upstream.on('error', () => client.destroy());
			client.on('error', () => upstream.destroy());
			client.on('close', () => upstream.destroy());
		});
		vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
		vi.stubEnv('HTTP_PROXY', process.env.HTTPS_PROXY);
		return asked;
	}

	it('a request that was read before the reset counts as possibly sent', async () => {
		const server = await secureServer((incoming) => void incoming.socket.destroy());
		expect(await faultOf(post(`https://localhost:${server.port}`))).toMatchObject({ reason: 'interrupted', mayHaveBeenSent: true });
		expect(server.requests()).toBe(1);
	});

	it('a certificate for another host ends the call before the token leaves', async () => {
		const server = await secureServer((_, outgoing) => outgoing.end());
		expect(await faultOf(post(`https://127.0.0.1:${server.port}`))).toMatchObject({ mayHaveBeenSent: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
		expect(server.requests()).toBe(0);
	});

	it('a certificate is checked whatever the environment says about certificates', async () => {
		vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
		const server = await secureServer((_, outgoing) => outgoing.end());
		expect(await faultOf(post(`https://127.0.0.1:${server.port}`))).toMatchObject({ mayHaveBeenSent: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
		expect(server.requests()).toBe(0);
	});

	it("Meta's host is reached through the proxy that the environment names, over one tunnel", async () => {
		const server = await secureServer((incoming, outgoing) => outgoing.end(String(incoming.headers.host)));
		const asked = await proxyTo(server.port);
		for (let i = 0; i < 3; i += 1) expect((await transport.request(post('https://graph.facebook.com/v25.0'))).text).toBe('graph.facebook.com');
		expect(asked).toEqual(['CONNECT graph.facebook.com:443']);
	});

	it('a proxy that gives no tunnel has let nothing out, and one that breaks it may have', async () => {
		await proxyTo(undefined);
		expect(await faultOf(post('https://graph.facebook.com/v25.0'))).toMatchObject({ mayHaveBeenSent: false });
		delete (globalThis as Record<symbol, unknown>)[poolKey];
		const server = await secureServer((incoming) => void incoming.socket.destroy());
		await proxyTo(server.port);
		expect(await faultOf(post('https://graph.facebook.com/v25.0'))).toMatchObject({ mayHaveBeenSent: true });
		expect(server.requests()).toBe(1);
	});

	it('this machine is never asked for through a proxy', async () => {
		const asked = await proxyTo(undefined);
		const plain = await answering(() => ({ body: 'here' }));
		const secure = await secureServer((_, outgoing) => outgoing.end('here'));
		expect((await transport.request(post(plain.origin))).text).toBe('here');
		expect((await transport.request(post(`https://localhost:${secure.port}`))).text).toBe('here');
		expect(asked).toEqual([]);
	});
});
