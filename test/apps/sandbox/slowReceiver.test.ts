import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, grittingNotice, send } from './callSandbox';

let close: Array<() => unknown> = [];
afterEach(async () => {
	for (const one of close) await one();
	close = [];
});

/** A receiver that passes the handshake and answers webhooks as it is told. */
async function receiver(answer: (response: ServerResponse, socket: Socket) => void, handshake?: (response: ServerResponse) => void): Promise<string> {
	const server = createServer((request, response) => {
		request.resume();
		if (request.method !== 'GET') return answer(response, request.socket);
		if (handshake) return handshake(response);
		response.end(new URL(request.url ?? '/', 'http://x').searchParams.get('hub.challenge'));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	close.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

async function sandboxFor(address: string): Promise<Sandbox> {
	const sandbox = await startSandbox({ seed: 4, knobs: { webhookTimeoutMs: 150, webhookRetryFactor: 1, noReadReceipts: 0, sentLatencyMs: [0, 0], deliveredLatencyMs: [1e9, 1e9] } });
	close.push(() => sandbox.stop());
	await sandbox.target.accept(address);
	return sandbox;
}

/** Writes something every now and then, for as long as anybody listens. */
function drip(socket: { write(text: string): unknown; on(event: 'close', listener: () => void): unknown }, text: string): void {
	const dripping = setInterval(() => socket.write(text), 20);
	close.push(() => clearInterval(dripping));
	socket.on('close', () => clearInterval(dripping));
}

it.each<[string, (response: ServerResponse, socket: Socket) => void]>([
	['drips its body', (response) => {
		response.writeHead(200, { 'Content-Type': 'text/plain' });
		drip(response, '.');
	}],
	['drips its head', (_response, socket) => {
		socket.write('HTTP/1.1 200 OK\r\n');
		drip(socket, 'X-More: 1\r\n');
	}],
	['says again and again that it goes on', (_response, socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
	['says nothing', () => undefined],
])('a receiver that %s has no more time than another', async (_what, answer) => {
	const sandbox = await sandboxFor(await receiver(answer));
	await send(sandbox, grittingNotice('+447700900123'));
	// The second try shows that the sender was free again.
	await expect.poll(() => sandbox.journal.entries({ kind: 'webhook' }).map(({ attempt, outcome, status }) => [attempt, outcome, status]), { interval: 5 }).toEqual([
		[1, 'timed out', undefined],
		[2, 'timed out', undefined],
	]);
	sandbox.webhooks.clear();
	await expect.poll(() => sandbox.webhooks.busy, { interval: 5 }).toBe(0);
});

it('a receiver whose answer is endless costs no memory and is refused at the handshake', async () => {
	const chunk = 'x'.repeat(1 << 20);
	const pour = (response: ServerResponse): void => {
		const more = (): void => {
			while (response.write(chunk));
		};
		response.on('drain', more);
		more();
	};
	const address = await receiver(pour, pour);
	const sandbox = await startSandbox({ seed: 4 });
	close.push(() => sandbox.stop());
	expect((await admin(sandbox, 'POST', 'webhook', { url: address })).body.message).toContain('not with the challenge alone');
	const [entry] = sandbox.journal.entries({ kind: 'handshake' });
	expect(entry?.body?.length).toBeLessThan(100_000);
});

it('no time is longer than the machine’s timers can wait', async () => {
	await expect(startSandbox({ knobs: { webhookTimeoutMs: 2 ** 31 } })).rejects.toThrow('webhookTimeoutMs');
});
