import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, grittingNotice } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { throughputPerSecond: 1e6, throughputBurst: 1e6, pairLimit: 'off', managementCallsPerHour: 1e6, failuresBySuffix: false } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const phone = '+447700900123';

/** One good message of every family: what the wrong values are put into. */
function goodMessages(): Array<Record<string, unknown>> {
	const media = { link: 'https://aldersea.example/file', caption: 'x' };
	const interactive = (parts: Record<string, unknown>): Record<string, unknown> => ({ type: 'interactive', interactive: { body: { text: 'x' }, header: { type: 'text', text: 'x' }, footer: { text: 'x' }, ...parts } });
	return [
		{ type: 'text', text: { body: 'x', preview_url: true } },
		...['image', 'video'].map((type) => ({ type, [type]: media })),
		{ type: 'document', document: { ...media, filename: 'x.pdf' } },
		{ type: 'audio', audio: { link: media.link, voice: true } },
		{ type: 'sticker', sticker: { link: media.link } },
		{ type: 'location', location: { latitude: 1, longitude: 2, name: 'x', address: 'x' } },
		{ type: 'contacts', contacts: [{ name: { formatted_name: 'x', first_name: 'x' }, phones: [{ phone: 'x' }], emails: [{ email: 'x' }], addresses: [{ street: 'x' }], org: { company: 'x' }, urls: [{ url: 'x' }], birthday: '2000-01-01' }] },
		{ type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } },
		interactive({ type: 'button', action: { buttons: [{ type: 'reply', reply: { id: 'x', title: 'x' } }] } }),
		interactive({ type: 'list', action: { button: 'x', sections: [{ title: 'x', rows: [{ id: 'x', title: 'x', description: 'x' }] }] } }),
		interactive({ type: 'cta_url', action: { name: 'cta_url', parameters: { display_text: 'x', url: 'https://a.example/' } } }),
		interactive({ type: 'flow', action: { name: 'flow', parameters: { flow_message_version: '3', flow_id: '1', flow_cta: 'x', flow_action_payload: { screen: 'x' } } } }),
		{ type: 'interactive', interactive: { type: 'location_request_message', body: { text: 'x' }, action: { name: 'send_location' } } },
		{ type: 'interactive', interactive: { type: 'contact_request', body: { text: 'x' }, action: { name: 'request_contact_info' } } },
		grittingNotice(phone),
		{ status: 'read', message_id: 'wamid.x', typing_indicator: { type: 'text' } },
	].map((message) => ({ messaging_product: 'whatsapp', to: phone, ...(message.type !== 'reaction' && !('status' in message) && { context: { message_id: 'wamid.x' } }), ...(!('status' in message) && { biz_opaque_callback_data: 'x', recipient_type: 'individual' }), ...message }));
}

/** Every place of a value, itself included, as a path of keys. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
	if (typeof value !== 'object' || value === null) return [[...path]];
	return [[...path], ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function withAt(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
	if (key === undefined) return put;
	const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as unknown as Record<string, unknown>) : { ...(value as object) };
	Object.defineProperty(copy, key, { value: withAt(copy[key], rest, put), enumerable: true, configurable: true, writable: true });
	return copy;
}

const wrong = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.constantFrom<unknown>('', ' ', '{}', '[]', '[{', '{"a":1}', '__proto__', 'constructor', 1e308, -1, '\u0000', '\ud800', '𝄞'.repeat(3000), 'x'.repeat(5000), Array.from({ length: 300 }, () => ({})), JSON.parse('{"__proto__":{"a":1}}')),
);

/** Whether an answer is one that Meta gives: 200, or a Graph error with a status below 500. */
function expectMetasAnswer(status: number, body: Record<string, unknown>, what: unknown): void {
	const error = body.error as { message?: unknown; type?: unknown; code?: unknown; fbtrace_id?: unknown } | undefined;
	const graphError = error !== undefined && typeof error.message === 'string' && typeof error.type === 'string' && Number.isInteger(error.code) && typeof error.fbtrace_id === 'string';
	expect({ what: JSON.stringify(what)?.slice(0, 500), status, fits: status === 200 ? error === undefined : graphError && status >= 400 && status < 500 }).toMatchObject({ fits: true });
}

describe('any JSON at any place of any message', () => {
	it('is put into messages that are good without it', async () => {
		for (const message of goodMessages()) {
			const { body } = await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/messages`, message);
			expect([message.type, body.error?.code]).toEqual([message.type, message.type === undefined ? 131009 : undefined]);
		}
	});

	it('is answered as Meta answers', async () => {
		const messages = goodMessages();
		const spoilt = fc.constantFrom(...messages).chain((message) => fc.tuple(fc.constantFrom(...placesOf(message)), wrong).map(([place, value]) => withAt(message, place, value)));
		await fc.assert(
			fc.asyncProperty(spoilt, async (message) => {
				const { status, body } = await graph(sandbox, 'POST', `v26.0/${sandbox.phoneNumberId}/messages`, JSON.stringify(message) ?? 'undefined');
				expectMetasAnswer(status, body, message);
			}),
			{ numRuns: 1500 },
		);
	});

	it('is so for an extra key at any place as well, which is never ignored', async () => {
		for (const message of goodMessages()) {
			for (const place of placesOf(message)) {
				const value = place.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], message);
				// What is inside these is the caller's own, or Meta's legacy.
				if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
				const { status, body } = await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/messages`, withAt(message, [...place, 'misspelt'], 'x') as object);
				expect([place.join('.'), status, body.error?.code]).toEqual([place.join('.'), 400, 100]);
			}
		}
	});
});

describe('any body at any edge', () => {
	const edges = (): string[] => [
		...['messages', 'register', 'deregister', 'settings', 'whatsapp_business_profile', 'block_users', 'media', 'contact_book', ''].map((edge) => `${sandbox.phoneNumberId}/${edge}`),
		...['message_templates', 'subscribed_apps', 'phone_numbers', ''].map((edge) => `${sandbox.businessAccountId}/${edge}`),
		`${sandbox.appId}/subscriptions`, 'debug_token', 'oauth/access_token', '123456789', 'me',
	];
	const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', 'image/png', ''];

	it('is answered as Meta answers, whatever its type', async () => {
		const body = fc.oneof(fc.json(), fc.string(), fc.constantFrom('', '{', '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--x--', 'a=1&b[]=2&c={', '\u0000'));
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...edges()), fc.constantFrom('POST', 'DELETE', 'PUT', 'PATCH'), fc.constantFrom(...types), body, async (path, method, type, text) => {
				// One of the edges takes the number off, after which the others would have little to say.
				sandbox.knobs.numberRegistered = true;
				const reply = await graph(sandbox, method, `v26.0/${path}`, text, { 'Content-Type': type });
				expectMetasAnswer(reply.status, reply.body, [method, path, type, text]);
			}),
			{ numRuns: 1000 },
		);
	});

	it('is answered as Meta answers when its bytes are not UTF-8', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...edges()), fc.constantFrom(...types), fc.uint8Array({ minLength: 1, maxLength: 60 }), async (path, type, bytes) => {
				const response = await fetch(`${sandbox.api}/${path}`, { method: 'POST', headers: { Authorization: `Bearer ${sandbox.token}`, 'Content-Type': type }, body: bytes as Uint8Array<ArrayBuffer> });
				expectMetasAnswer(response.status, (await response.json()) as Record<string, unknown>, [path, type, [...bytes]]);
			}),
			{ numRuns: 300 },
		);
	});

	it('is answered as Meta answers for any query', async () => {
		const names = ['fields', 'limit', 'after', 'before', 'name', 'status', 'input_token', 'phone_number_id', 'hsm_id', 'appsecret_proof', 'method'];
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...edges()), fc.constantFrom(...names), fc.string({ maxLength: 30 }), async (path, name, value) => {
				const { status, body } = await graph(sandbox, 'GET', `${path}?${name}=${encodeURIComponent(value)}`);
				expectMetasAnswer(status, body, [path, name, value]);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('a body of ten megabytes', () => {
	it.each(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('of type %s is refused', async (type) => {
		const { status, body } = await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/messages`, 'x'.repeat(10_000_000), { 'Content-Type': type });
		expect([status, body.error?.code]).toEqual([413, 100]);
	});

	it.each([
		['a field that is too long', `--x\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\n${'w'.repeat(10_000_000)}\r\n--x--`, /messaging_product is too long/],
		['a head that is too long', `--x\r\nContent-Disposition: form-data; name="${'w'.repeat(70_000)}"\r\n\r\n${'w'.repeat(10_000_000)}\r\n--x--`, /head of a part .* is too long/],
		['a broken boundary', `--xQ${'w'.repeat(10_000_000)}`, /not followed by a line end/],
	])('with %s is answered although it is still being written', async (_what, upload, says) => {
		const { status, body } = await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/media`, upload, { 'Content-Type': 'multipart/form-data; boundary=x' });
		expect([status, body.error?.error_data?.details]).toEqual([400, expect.stringMatching(says)]);
		expect((await graph(sandbox, 'GET', sandbox.phoneNumberId)).status).toBe(200);
	});

	it('without a boundary is read to its end and kept nowhere', async () => {
		const { status, body } = await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/media`, 'x'.repeat(10_000_000), { 'Content-Type': 'multipart/form-data; boundary=x' });
		expect([status, body.error?.code]).toEqual([400, 100]);
	});
});

describe('connections', () => {
	it('may be a thousand at once', async () => {
		const body = JSON.stringify({ messaging_product: 'whatsapp', ...grittingNotice(phone) });
		const { hostname, port } = new URL(sandbox.api);
		const head = `POST /v26.0/${sandbox.phoneNumberId}/messages HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${sandbox.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
		let open = 0;
		const sockets = await Promise.all(
			Array.from({ length: 1000 }, () => new Promise<ReturnType<typeof connect>>((resolve, reject) => {
				const socket = connect({ host: hostname, port: Number(port) }, () => {
					open++;
					resolve(socket);
				});
				socket.on('error', reject);
			})),
		);
		expect(open).toBe(1000);
		const answers = await Promise.all(
			sockets.map((socket) => new Promise<string>((resolve, reject) => {
				let text = '';
				socket.on('data', (chunk) => (text += chunk.toString()));
				socket.on('end', () => resolve(text));
				socket.on('error', reject);
				socket.write(head + body);
			})),
		);
		expect(answers.filter((text) => text.startsWith('HTTP/1.1 200'))).toHaveLength(1000);
	});

	it('that speak no HTTP, or stop in the middle, do no harm', async () => {
		const { hostname, port } = new URL(sandbox.api);
		for (const text of ['\x16\x03\x01 hello', 'GET / HTTP/1.1\r\nHost:', `POST /${sandbox.phoneNumberId}/messages HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 100\r\n\r\n{`]) {
			await new Promise<void>((resolve) => {
				const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text, () => socket.destroy()));
				socket.on('close', () => resolve());
			});
		}
		expect((await graph(sandbox, 'GET', sandbox.phoneNumberId)).status).toBe(200);
	});
});
