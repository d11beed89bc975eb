import * as net from 'node:net';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePhoneNumber } from '../../../core/whatsapp/phoneNumber';
import { createCloudApi } from '../../../core/whatsapp/cloudApi';
import { listen } from './localServer';
import { settings } from './sending';

const message = { to: parsePhoneNumber('07700 900123').number, content: { type: 'text' as const, body: 'Hello' } };
const acceptedBody = Buffer.from(JSON.stringify({ messages: [{ id: 'wamid.HBgM', message_status: 'accepted' }] }));
const refusedBody = Buffer.from(JSON.stringify({ error: { message: '(#131026) Message undeliverable', code: 131026 } }));

/** What a server does with a connection once the whole request has come, byte for byte. */
interface Script {
	/** Before the request is read: reset at once. */
	before?: 'reset' | 'close';
	bytes: Buffer;
	then: 'keep' | 'end' | 'reset';
}

/** A server that plays a script on each connection, and counts whole requests. */
async function playing() {
	let script: Script = { bytes: Buffer.alloc(0), then: 'reset' };
	let requests = 0;
	const server = net.createServer((socket) => {
		socket.on('error', () => undefined);
		if (script.before === 'reset') return void socket.resetAndDestroy();
		if (script.before === 'close') return void socket.destroy();
		let read = Buffer.alloc(0);
		socket.on('data', (chunk) => {
			read = Buffer.concat([read, chunk]);
			if (!isWhole(read)) return;
			read = Buffer.alloc(0);
			requests += 1;
			const { bytes, then } = script;
			const last = () => (then === 'reset' ? socket.resetAndDestroy() : then === 'end' ? socket.end() : undefined);
			if (bytes.length === 0) last();
			else socket.write(bytes, () => last());
		});
	});
	const port = await listen(server);
	const send = async (next: Script, timeoutMs = 5_000) => {
		script = next;
		requests = 0;
		const api = createCloudApi({ ...settings, graphUrl: `http://127.0.0.1:${port}` });
		const outcome = await api.send(message, { callbackData: 'delivery 7', timeoutMs });
		return { outcome, requests };
	};
	return { send };
}
function isWhole(read: Buffer): boolean {
	const end = read.indexOf('\r\n\r\n');
	const length = Number(/content-length: (\d+)/i.exec(read.toString('latin1'))?.[1] ?? Number.NaN);
	return end >= 0 && read.length >= end + 4 + length;
}

function http(status: number, body: Buffer, headers: Record<string, string> = {}): Buffer {
	const all = { 'content-type': 'application/json', 'content-length': String(body.length), ...headers };
	const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
	return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${head}\r\n`, 'latin1'), body]);
}

const huge = Buffer.concat([Buffer.from('{"padding":"'), Buffer.alloc(9 * 1024 * 1024, 0x78), Buffer.from('","messages":[{"id":"wamid.HBgM"}]}')]);
const deep = Buffer.from('['.repeat(200_000));

const scripts: Array<[string, Script, 'accepted' | 'notSent' | 'uncertain', requests: number]> = [
	['an acceptance', { bytes: http(200, acceptedBody), then: 'keep' }, 'accepted', 1],
	['a refusal', { bytes: http(400, refusedBody), then: 'keep' }, 'notSent', 1],
	['an acceptance of the wrong content type', { bytes: http(200, acceptedBody, { 'content-type': 'text/html' }), then: 'keep' }, 'accepted', 1],
	['an acceptance with a reset after its last byte', { bytes: http(200, acceptedBody), then: 'end' }, 'accepted', 1],
	['a refusal with a byte order mark', { bytes: http(400, Buffer.concat([Buffer.from('efbbbf', 'hex'), refusedBody])), then: 'keep' }, 'uncertain', 1],
	['an acceptance in broken UTF-8', { bytes: http(200, Buffer.concat([acceptedBody, Buffer.from('ff', 'hex')])), then: 'keep' }, 'uncertain', 1],
	['an acceptance in UTF-16', { bytes: http(200, Buffer.from(acceptedBody.toString(), 'utf16le')), then: 'keep' }, 'uncertain', 1],
	['a page of HTML', { bytes: http(502, Buffer.from('<html>'), { 'content-type': 'text/html' }), then: 'keep' }, 'uncertain', 1],
	['nothing in the body', { bytes: http(200, Buffer.alloc(0)), then: 'keep' }, 'uncertain', 1],
	['a refusal without a status that refuses', { bytes: http(200, refusedBody), then: 'keep' }, 'uncertain', 1],
	['more than 8 MiB', { bytes: http(200, huge), then: 'keep' }, 'uncertain', 1],
	['brackets without end', { bytes: http(200, deep), then: 'keep' }, 'uncertain', 1],
	['half of an acceptance', { bytes: http(200, acceptedBody).subarray(0, -20), then: 'end' }, 'uncertain', 1],
	['half of an acceptance, then a reset', { bytes: http(200, acceptedBody).subarray(0, -20), then: 'reset' }, 'uncertain', 1],
	['half of a refusal', { bytes: http(400, refusedBody).subarray(0, -20), then: 'end' }, 'uncertain', 1],
	['half of a head', { bytes: http(200, acceptedBody).subarray(0, 20), then: 'end' }, 'uncertain', 1],
	['chunks that break off', { bytes: Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"mes'), then: 'end' }, 'uncertain', 1],
	['chunks of nonsense', { bytes: Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'), then: 'keep' }, 'uncertain', 1],
	['an invitation to go on and no more', { bytes: Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), then: 'end' }, 'uncertain', 1],
	['another protocol', { bytes: Buffer.from('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'), then: 'end' }, 'uncertain', 1],
	['no HTTP at all', { bytes: Buffer.from('220 mail.aldersea.example ESMTP\r\n'), then: 'keep' }, 'uncertain', 1],
	['headers without end', { bytes: Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nx: '), Buffer.alloc(100_000, 0x78)]), then: 'keep' }, 'uncertain', 1],
	['two lengths', { bytes: Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: ${acceptedBody.length}\r\n\r\n`), acceptedBody]), then: 'end' }, 'uncertain', 1],
	['compressed bytes that nobody asked for', { bytes: http(200, Buffer.from('1f8b0800', 'hex'), { 'content-encoding': 'gzip' }), then: 'keep' }, 'uncertain', 1],
	['a closed connection after the request', { bytes: Buffer.alloc(0), then: 'end' }, 'uncertain', 1],
	['a reset after the request', { bytes: Buffer.alloc(0), then: 'reset' }, 'uncertain', 1],
];

describe('a message to a server on this machine', () => {
	it.each(scripts)('that answers with %s', async (_, script, expected, seen) => {
		const { send } = await playing();
		const { outcome, requests } = await send(script);
		expect([outcome.outcome, requests]).toEqual([expected, seen]);
	});

	it.each(['reset', 'close'] as const)('that ends the connection before it reads (%s) is not called accepted', async (before) => {
		const { send } = await playing();
		const { outcome, requests } = await send({ before, bytes: Buffer.alloc(0), then: 'reset' });
		// Whether our bytes had left by then is a race, and both words are true to what is known in each case.
		expect(['notSent', 'uncertain']).toContain(outcome.outcome);
		expect(requests).toBe(0);
	});

	it('that says nothing is uncertain when the time is over', async () => {
		const { send } = await playing();
		expect(await send({ bytes: Buffer.alloc(0), then: 'keep' }, 90)).toMatchObject({ outcome: { outcome: 'uncertain', reason: 'No answer came in time; the message may have been sent.' }, requests: 1 });
		expect(await send({ bytes: http(200, acceptedBody).subarray(0, -1), then: 'keep' }, 90)).toMatchObject({ outcome: { outcome: 'uncertain' }, requests: 1 });
	});

	it('that does not exist was not sent', async () => {
		const server = net.createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as net.AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		const api = createCloudApi({ ...settings, graphUrl: `http://127.0.0.1:${port}` });
		expect(await api.send(message, { callbackData: 'x' })).toMatchObject({ outcome: 'notSent', refusal: { action: 'retry', title: 'Not reached' } });
	});

	it('that breaks off, or garbles, any answer at any place is never said to be more than it proves', async () => {
		const answer = fc.record({
			status: fc.constantFrom(200, 200, 400, 429, 500, 503, 302),
			body: fc.oneof(fc.constantFrom(acceptedBody, refusedBody), fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))),
			cut: fc.option(fc.nat({ max: 400 }), { nil: undefined }),
			spoilt: fc.option(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { nil: undefined }),
			then: fc.constantFrom('end' as const, 'reset' as const),
		});
		await fc.assert(
			fc.asyncProperty(answer, async ({ status, body, cut, spoilt, then }) => {
				const whole = http(status, body);
				const bytes = Buffer.from(whole.subarray(0, cut ?? whole.length));
				if (spoilt !== undefined && spoilt[0] < bytes.length) bytes[spoilt[0]] = spoilt[1];
				// A server of its own, so that no connection is left over from the run before.
				const { outcome, requests } = await (await playing()).send({ bytes, then });
				expect(requests).toBe(1);
				if (outcome.outcome === 'accepted') expect(bytes.toString('latin1')).toContain(outcome.messageId);
				if (outcome.outcome === 'accepted') expect(bytes.toString('latin1')).toMatch(/^HTTP\/1\.[01] 2/);
				if (outcome.outcome === 'notSent') expect(bytes.toString('latin1')).toMatch(/^HTTP\/1\.[01] [45-9][\s\S]*"error"[\s\S]*\}\}/);
			}),
			{ numRuns: 120 },
		);
	});
});
