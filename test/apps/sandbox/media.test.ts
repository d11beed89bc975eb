import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, send, type Reply } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { sentLatencyMs: [0, 1], deliveredLatencyMs: [0, 1], readLatencyMs: [0, 1], pairLimit: 'off' } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const day = 24 * 60 * 60 * 1000;
const phone = '+447700900123';

async function upload(bytes: Uint8Array, type: string, fields: Record<string, string> = { messaging_product: 'whatsapp' }, query = ''): Promise<Reply> {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	if (bytes.length > 0) form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), 'picture.png');
	const response = await fetch(`${sandbox.api}/v26.0/${sandbox.phoneNumberId}/media${query}`, { method: 'POST', headers: { Authorization: `Bearer ${sandbox.token}` }, body: form });
	return { status: response.status, headers: response.headers, body: (await response.json()) as Reply['body'] };
}

async function uploaded(bytes: Uint8Array = Buffer.from('picture'), type = 'image/png'): Promise<string> {
	const { status, body } = await upload(bytes, type);
	expect([status, body.error]).toEqual([200, undefined]);
	return String(body.id);
}

function bytesAt(url: unknown, token: string | undefined = sandbox.token): Promise<Response> {
	return fetch(String(url), { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
}

describe('an upload', () => {
	it('gets a numeric id, and its details and bytes come back as they went', async () => {
		const bytes = randomBytes(300_000);
		const id = await uploaded(bytes);
		expect(id).toMatch(/^\d{10,}$/);
		const { body } = await graph(sandbox, 'GET', `v26.0/${id}`);
		expect(body).toEqual({ messaging_product: 'whatsapp', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//), mime_type: 'image/png', sha256: createHash('sha256').update(bytes).digest('hex'), file_size: '300000', id });
		const fetched = await bytesAt(body.url);
		expect(fetched.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await fetched.arrayBuffer()).equals(bytes)).toBe(true);
	});

	it('may name the product in the query, as a published client does', async () => {
		expect((await upload(Buffer.from('x'), 'image/png', {}, '?messaging_product=whatsapp')).status).toBe(200);
	});

	it.each([
		['no product', Buffer.from('x'), 'image/png', {}, /messaging_product is required/],
		['another product', Buffer.from('x'), 'image/png', { messaging_product: 'sms' }, /must be one of/],
		['no file', Buffer.alloc(0), 'image/png', undefined, /file is required/],
		['a file of no type that WhatsApp takes', Buffer.from('x'), 'image/gif', undefined, /Received file of type 'image\/gif'/],
		['a file of unknown type', Buffer.from('x'), 'application/octet-stream', undefined, /Received file of type 'application\/octet-stream'/],
	])('is refused with %s', async (_what, bytes, type, fields, message) => {
		const { status, body } = await upload(bytes, type, fields);
		expect([status, body.error?.code]).toEqual([400, 100]);
		expect(body.error?.message).toMatch(message);
	});

	it('of a picture above 5 MB is refused, and one of exactly that is not', async () => {
		expect((await upload(Buffer.alloc(5 * 1024 * 1024 + 1), 'image/png')).body.error).toMatchObject({ code: 100, error_data: { details: expect.stringContaining('5242880') } });
		expect((await upload(Buffer.alloc(5 * 1024 * 1024), 'image/png')).status).toBe(200);
	});

	it('of a document of 90 MB is taken while memory stays small', async () => {
		const chunk = Buffer.alloc(1024 * 1024, 7);
		const before = process.memoryUsage().rss;
		let most = 0;
		const status = await new Promise((resolve, reject) => {
			const outgoing = request(`${sandbox.api}/${sandbox.phoneNumberId}/media?messaging_product=whatsapp`, { method: 'POST', headers: { Authorization: `Bearer ${sandbox.token}`, 'Content-Type': 'multipart/form-data; boundary=e' } }, (response) => resolve(response.resume().statusCode));
			outgoing.on('error', reject);
			outgoing.write('--e\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n');
			let left = 90;
			const more = (): void => {
				most = Math.max(most, process.memoryUsage().rss);
				if (left-- === 0) outgoing.end('\r\n--e--\r\n');
				else if (outgoing.write(chunk)) setImmediate(more);
				else outgoing.once('drain', more);
			};
			more();
		});
		expect(status).toBe(200);
		expect(most - before).toBeLessThan(80 * 1024 * 1024);
	});

	it('that the client gives up in the middle leaves nothing behind', async () => {
		await new Promise<void>((resolve) => {
			const outgoing = request(`${sandbox.api}/${sandbox.phoneNumberId}/media`, { method: 'POST', headers: { Authorization: `Bearer ${sandbox.token}`, 'Content-Type': 'multipart/form-data; boundary=e' } });
			outgoing.on('error', () => resolve());
			outgoing.write('--e\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\nhalf', () => outgoing.destroy(new Error('gone')));
		});
		expect((await graph(sandbox, 'GET', sandbox.phoneNumberId)).status).toBe(200);
	});

	it('is not taken without the token, and none of the rest is either', async () => {
		const id = await uploaded();
		const form = new FormData();
		form.append('file', new Blob(['x'], { type: 'image/png' }));
		expect((await fetch(`${sandbox.api}/${sandbox.phoneNumberId}/media`, { method: 'POST', body: form })).status).toBe(401);
		expect((await fetch(`${sandbox.api}/${id}`)).status).toBe(401);
	});

	it('must be multipart, in one piece, and for a number that exists', async () => {
		expect((await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/media`, { messaging_product: 'whatsapp' })).body.error?.message).toContain('file is required');
		expect((await graph(sandbox, 'POST', `${sandbox.phoneNumberId}/media`, '--e', { 'Content-Type': 'multipart/form-data; boundary=e' })).body.error?.code).toBe(100);
		expect((await graph(sandbox, 'POST', '111/media', '--e--', { 'Content-Type': 'multipart/form-data; boundary=e' })).body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});
});

describe('the address of the bytes', () => {
	it('opens with the token in the header only', async () => {
		const { url } = (await graph(sandbox, 'GET', await uploaded())).body;
		expect((await fetch(String(url))).status).toBe(401);
		expect((await bytesAt(url, 'wrong')).status).toBe(401);
		expect((await fetch(`${String(url)}&access_token=${sandbox.token}`)).status).toBe(401);
		expect((await bytesAt(url)).status).toBe(200);
	});

	it('is good for five minutes, after which a new one is', async () => {
		const id = await uploaded();
		const { url } = (await graph(sandbox, 'GET', id)).body;
		await sandbox.time.pass(4 * 60_000);
		expect((await bytesAt(url)).status).toBe(200);
		await sandbox.time.pass(2 * 60_000);
		expect((await bytesAt(url)).status).toBe(404);
		expect((await bytesAt((await graph(sandbox, 'GET', id)).body.url)).status).toBe(200);
	});

	it('cannot be made up', async () => {
		const [one, other] = [await uploaded(), await uploaded()];
		const { url } = (await graph(sandbox, 'GET', one)).body;
		expect((await bytesAt(String(url).replace(one, other))).status).toBe(404);
		expect((await bytesAt(String(url).replace(/ext=\d+/, 'ext=99999999999'))).status).toBe(404);
	});
});

describe('an id', () => {
	it('lives 30 days, or 7 when a resident sent the medium', async () => {
		const own = await uploaded();
		const theirs = sandbox.media.add({ numberId: sandbox.phoneNumberId, mime: 'image/jpeg', from: 'resident' }, Buffer.from('x')).id;
		const known = async (id: string): Promise<number> => (await graph(sandbox, 'GET', id)).status;
		await sandbox.time.pass(6.9 * day);
		expect([await known(own), await known(theirs)]).toEqual([200, 200]);
		await sandbox.time.pass(0.2 * day);
		expect([await known(own), await known(theirs)]).toEqual([200, 400]);
		await sandbox.time.pass(23 * day);
		expect(await known(own)).toBe(400);
		sandbox.inbound.receive(sandbox.residents.at('447700900123'), { kind: 'text', text: 'x' });
		expect((await send(sandbox, { to: phone, type: 'image', image: { id: own } })).body.error).toMatchObject({ code: 100, message: expect.stringContaining("image['id']") });
	});

	it('is gone once deleted', async () => {
		const id = await uploaded();
		expect((await graph(sandbox, 'DELETE', `${id}?phone_number_id=${sandbox.phoneNumberId}`)).body).toEqual({ success: true });
		for (const method of ['GET', 'DELETE']) expect((await graph(sandbox, method, id)).body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});

	it('belongs to its number', async () => {
		const foreign = sandbox.media.add({ numberId: '1', mime: 'image/jpeg', from: 'business' }, Buffer.from('x')).id;
		expect((await graph(sandbox, 'GET', `${foreign}?phone_number_id=${sandbox.phoneNumberId}`)).body.error?.code).toBe(100);
		expect((await send(sandbox, { to: phone, type: 'image', image: { id: foreign } })).body.error?.code).toBe(100);
	});
});

describe('media of the wrong kind', () => {
	const statusesOf = async (message: Record<string, unknown>): Promise<Array<number | undefined>> => {
		sandbox.inbound.receive(sandbox.residents.at('447700900123'), { kind: 'text', text: 'x' });
		expect((await send(sandbox, { to: phone, ...message })).status).toBe(200);
		await sandbox.idle();
		return [...(sandbox.residents.find('447700900123')?.notArrived ?? [])].map(({ failure }) => failure);
	};

	it('fail with 131053 after acceptance', async () => {
		expect(await statusesOf({ type: 'video', video: { id: await uploaded() } })).toEqual([131053]);
	});

	it('fail when their address leads nowhere, and when a sticker is too large to stand still', async () => {
		expect(await statusesOf({ type: 'image', image: { link: 'https://nowhere.invalid/a.png' } })).toEqual([131053]);
		sandbox.reset();
		expect(await statusesOf({ type: 'sticker', sticker: { id: await uploaded(Buffer.alloc(200 * 1024), 'image/webp') } })).toEqual([131053]);
		sandbox.reset();
		const moving = Buffer.alloc(200 * 1024);
		moving.write('RIFF....WEBPVP8X....', 'latin1');
		moving[20] = 0b10;
		expect(await statusesOf({ type: 'sticker', sticker: { id: await uploaded(moving, 'image/webp') } })).toEqual([]);
	});

	it('are refused at once where the knob says so', async () => {
		sandbox.knobs.wrongMedia = 'synchronous';
		expect((await send(sandbox, { to: phone, type: 'video', video: { id: await uploaded() } })).body.error?.code).toBe(131053);
	});
});
