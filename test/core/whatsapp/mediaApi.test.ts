import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { TransportRequest } from '../../../core/whatsapp/connection';
import { TransportFault } from '../../../core/whatsapp/connection';
import { assertMediaAddress } from '../../../core/whatsapp/mediaAddress';
import { mediaFileLimits, mediaKindOf } from '../../../core/whatsapp/messages/mediaFile';
import { formWithFile } from '../../../core/whatsapp/multipart';
import type { SeenRequest, ServerAnswer } from './localServer';
import { channelOver, localChannel, refusal } from './sending';

const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('not a picture that anybody could see, with é and \r\n--civic')]);
const sha256 = createHash('sha256').update(jpeg).digest('hex');
const png = (depth: number, colour: number) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(16), Buffer.from([depth, colour]), Buffer.alloc(8)]);
const webp = (animated: boolean, size: number) => {
	const bytes = Buffer.alloc(size);
	bytes.write('RIFF', 0, 'latin1');
	bytes.write('WEBPVP8X', 8, 'latin1');
	bytes[20] = animated ? 2 : 0;
	return bytes;
};

describe('uploading a file', () => {
	it('sends a form with the type and the bytes as they are, and gives the id', async () => {
		const { api, seen } = await localChannel(() => ({ body: { id: '1003383421387256' } }));
		expect(await api.uploadMedia({ bytes: jpeg, mimeType: 'image/jpeg', filename: 'the "new" bins.jpg' })).toEqual({ id: '1003383421387256' });
		const [request] = seen;
		expect([request?.method, request?.url.pathname, request?.headers.authorization]).toEqual(['POST', '/v25.0/106540352242922/media', 'Bearer EAAtest']);
		expect(request?.url.searchParams.get('appsecret_proof')).toMatch(/^[0-9a-f]{64}$/);
		const form = await new Response(new Uint8Array(request?.bytes ?? []), { headers: { 'content-type': request?.headers['content-type'] ?? '' } }).formData();
		expect([form.get('messaging_product'), form.get('type')]).toEqual(['whatsapp', 'image/jpeg']);
		const file = form.get('file') as File;
		expect([file.name, file.type, Buffer.from(await file.arrayBuffer()).equals(jpeg)]).toEqual(['the "new" bins.jpg', 'image/jpeg', true]);
	});

	it.each<[string, string, Buffer, RegExp]>([
		['of a type that WhatsApp does not take', 'image/gif', jpeg, /no files of the type image\/gif/],
		['without a type', '', jpeg, /of the type unknown/],
		['that is empty', 'image/jpeg', Buffer.alloc(0), /is empty/],
		['that is too large', 'image/jpeg', Buffer.alloc(5 * 1024 * 1024 + 1, 0xff), /5242881 bytes; WhatsApp takes at most 5242880 \(5 MB\)/],
		['that is another one than it says', 'image/jpeg', png(8, 2), /not of the type image\/jpeg/],
		['that is a page in place of a picture', 'image/png', Buffer.from('<html>'), /not of the type image\/png/],
		['with a palette', 'image/png', png(8, 3), /8 bits a colour/],
		['with 16 bits a colour', 'image/png', png(16, 2), /8 bits a colour/],
		['for a still sticker that is too large', 'image/webp', webp(false, 100 * 1024 + 1), /takes at most 102400 \(100 KB\)/],
	])('is refused before anything leaves: a file %s', async (_, mimeType, bytes, said) => {
		const { api, seen } = await localChannel(() => ({ body: { id: '1' } }));
		await expect(api.uploadMedia({ bytes, mimeType, filename: 'a' })).rejects.toMatchObject({ code: 'media.unusable', message: expect.stringMatching(said) as string });
		expect(seen).toEqual([]);
	});

	it.each<[string, string, Buffer]>([
		['8-bit RGB', 'image/png', png(8, 2)],
		['8-bit RGBA', 'image/png', png(8, 6)],
		['a still sticker of 100 KB', 'image/webp', webp(false, 100 * 1024)],
		['a moving sticker of 500 KB', 'image/webp', webp(true, 500 * 1024)],
		['a voice note', 'audio/ogg; codecs=opus', Buffer.from('OggS....')],
		['a document', 'application/pdf', Buffer.from('%PDF-1.7')],
		['a word document', 'application/msword', Buffer.from('anything')],
	])('takes %s', async (_, mimeType, bytes) => {
		const { api } = await localChannel(() => ({ body: { id: '1' } }));
		expect(await api.uploadMedia({ bytes, mimeType, filename: 'a' })).toEqual({ id: '1' });
	});

	it.each<[string, ServerAnswer | 'reset', string]>([
		['no id', { body: {} }, 'whatsapp.refused'],
		['an id that is a path', { body: { id: '../1' } }, 'whatsapp.refused'],
		['a refusal', { status: 400, body: refusal(131053) }, 'whatsapp.refused'],
		['a token that has expired', { status: 401, body: refusal(190) }, 'channel.access'],
		['a page', { status: 502, body: '<html>' }, 'whatsapp.unreachable'],
		['nothing', 'reset', 'whatsapp.unreachable'],
	])('says in words when the answer is %s', async (_, answer, code) => {
		const { api } = await localChannel(() => answer);
		await expect(api.uploadMedia({ bytes: jpeg, mimeType: 'image/jpeg', filename: 'a' })).rejects.toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
	});

	it('has the types and sizes of Meta’s page', () => {
		const sizes = Object.fromEntries(Object.entries(mediaFileLimits).map(([kind, { maxBytes }]) => [kind, maxBytes / 1024]));
		expect(sizes).toEqual({ audio: 16 * 1024, document: 100 * 1024, image: 5 * 1024, sticker: 500, video: 16 * 1024 });
		expect(mediaFileLimits.audio.mimeTypes).toEqual(['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg']);
		expect(['image/png', 'video/3gpp', 'AUDIO/OGG; codecs=opus', 'image/webp', 'text/plain', 'text/html', ''].map(mediaKindOf)).toEqual(['image', 'video', 'audio', 'sticker', 'document', undefined, undefined]);
	});

	it('gives the bytes back out of any form', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), async (bytes, name) => {
				fc.pre(!/[\p{Cs}\p{Cc}]/u.test(name));
				const form = formWithFile({ type: 'x' }, { field: 'file', filename: name, contentType: 'image/png', bytes: Buffer.from(bytes) });
				if (typeof form === 'string') return expect.unreachable();
				const read = await new Response(new Uint8Array(form.bytes), { headers: { 'content-type': form.contentType } }).formData();
				expect(Buffer.from(await (read.get('file') as File).arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});
});

/** Meta's two hosts in one: what is known of a file, and its bytes. */
function media(change: { details?: Record<string, unknown>; bytes?: (request: SeenRequest) => ServerAnswer | 'reset' } = {}) {
	let origin = '';
	const answer = (request: SeenRequest): ServerAnswer | 'reset' => {
		if (request.url.pathname === '/bytes') return change.bytes?.(request) ?? { body: jpeg, headers: { 'content-type': 'image/jpeg' } };
		return { body: { messaging_product: 'whatsapp', id: '17', url: `${origin}/bytes?mid=17`, mime_type: 'image/jpeg', sha256, file_size: String(jpeg.length), ...change.details } };
	};
	return localChannel(answer).then((channel) => {
		origin = channel.origin;
		return channel;
	});
}

describe('what Meta knows of a file', () => {
	it('is asked for with the number that it belongs to', async () => {
		const { api, seen, origin } = await media();
		expect(await api.mediaDetails('17')).toEqual({ url: `${origin}/bytes?mid=17`, mimeType: 'image/jpeg', sha256, sizeBytes: jpeg.length });
		expect([seen[0]?.url.pathname, seen[0]?.url.searchParams.get('phone_number_id')]).toEqual(['/v25.0/17', '106540352242922']);
	});

	it('has its hash in hexadecimal, however it is written, and its size also as a number', async () => {
		const { api } = await media({ details: { sha256: Buffer.from(sha256, 'hex').toString('base64'), file_size: 5 } });
		expect(await api.mediaDetails('17')).toMatchObject({ sha256, sizeBytes: 5 });
	});

	it.each(['', 'wamid.HBgM', '../106540352242922', '1/2', '1?x=y'])('is not asked for by %j', async (id) => {
		const { api, seen } = await media();
		for (const call of [api.mediaDetails, api.downloadMedia, api.deleteMedia]) await expect(call(id)).rejects.toMatchObject({ code: 'media.unknown' });
		expect(seen).toEqual([]);
	});

	it('is nothing once the file has expired', async () => {
		const { api } = await localChannel(() => ({ status: 400, body: refusal(100, { error_subcode: 33 }) }));
		for (const call of [api.mediaDetails, api.downloadMedia, api.deleteMedia]) {
			await expect(call('17')).rejects.toMatchObject({ code: 'media.unknown', message: 'Meta does not know the file with the id 17 (Meta’s code 100).', hint: expect.stringContaining('30 days') as string });
		}
	});
});

describe('downloading a file', () => {
	it('gives the bytes, with the token on both calls', async () => {
		const { api, seen } = await media();
		expect(await api.downloadMedia('17')).toEqual({ bytes: jpeg, mimeType: 'image/jpeg' });
		expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer EAAtest', 'Bearer EAAtest']);
	});

	it('asks for a new address once when the old one has run out', async () => {
		let tries = 0;
		const { api, seen } = await media({ bytes: () => ((tries += 1) === 1 ? { status: 404 } : { body: jpeg }) });
		expect((await api.downloadMedia('17')).bytes.equals(jpeg)).toBe(true);
		expect(seen).toHaveLength(4);
		const gone = await media({ bytes: () => ({ status: 404 }) });
		await expect(gone.api.downloadMedia('17')).rejects.toMatchObject({ code: 'media.unknown' });
		expect(gone.seen).toHaveLength(4);
	});

	it.each<[string, Parameters<typeof media>[0], string]>([
		['other bytes than Meta describes', { bytes: () => ({ body: Buffer.concat([jpeg, Buffer.from('x')]) }) }, 'media.unusable'],
		['a hash that is none', { details: { sha256: 'zz' } }, 'media.unusable'],
		['a file said to be above 100 MB', { details: { file_size: 100 * 1024 * 1024 + 1 } }, 'media.unusable'],
		['no token accepted', { bytes: () => ({ status: 401 }) }, 'channel.access'],
		['a redirect', { bytes: () => ({ status: 302, headers: { location: 'https://evil.example/' } }) }, 'whatsapp.unreachable'],
		['a server that is down', { bytes: () => ({ status: 500, body: 'x' }) }, 'whatsapp.unreachable'],
		['a connection that breaks', { bytes: () => 'reset' }, 'whatsapp.unreachable'],
		['no address', { details: { url: '' } }, 'whatsapp.refused'],
		['no type', { details: { mime_type: 7 } }, 'whatsapp.refused'],
	])('is refused in words after %s', async (_, change, code) => {
		const { api } = await media(change);
		const refused = await api.downloadMedia('17').catch((reason: unknown) => reason);
		expect(refused).toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
		expect(String(refused)).not.toMatch(/EAAtest|undefined|\.\./);
	});

	it('reads no more than 100 MB', async () => {
		const asked: TransportRequest[] = [];
		const api = channelOver(async (request) => {
			asked.push(request);
			if (asked.length > 1) throw new TransportFault('interrupted', true);
			return await Promise.resolve({ status: 200, headers: {}, text: JSON.stringify({ url: 'http://127.0.0.1:1/x', mime_type: 'image/jpeg' }) });
		});
		await expect(api.downloadMedia('17')).rejects.toMatchObject({ code: 'whatsapp.unreachable' });
		expect(asked[1]).toMatchObject({ wantsBytes: true, maxAnswerBytes: 100 * 1024 * 1024 });
	});

	it.each(['https://evil.example/x', 'https://lookaside.fbsbx.com.evil.example/x', 'http://169.254.169.254/latest'])('never carries the token to %s', async (url) => {
		const { api, seen } = await media({ details: { url } });
		await expect(api.downloadMedia('17')).rejects.toMatchObject({ code: 'channel.address' });
		expect(seen).toHaveLength(1);
	});
});

describe('the address of a file', () => {
	const meta = 'https://graph.facebook.com';
	it('is one of Meta’s', () => {
		expect(assertMediaAddress('https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=17', meta)).toBe('https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=17');
	});

	it('may be on this machine for a simulator, and for nobody else', () => {
		expect(assertMediaAddress('http://localhost:8081/media/17', 'http://127.0.0.1:8080')).toBe('http://localhost:8081/media/17');
		expect(() => assertMediaAddress('http://localhost:8081/media/17', meta)).toThrowError(expect.objectContaining({ code: 'channel.address' }));
	});

	it.each([
		'http://lookaside.fbsbx.com/x',
		'https://lookaside.fbsbx.com:8443/x',
		'https://lookaside.fbsbx.com@evil.example/x',
		'https://apps.fbsbx.com/x',
		'https://evil.example/lookaside.fbsbx.com',
		'https://lookaside.fbsbx.com\\@evil.example',
		'//lookaside.fbsbx.com/x',
		'file:///etc/passwd',
		'',
	])('is never %j', (address) => {
		expect(() => assertMediaAddress(address, meta)).toThrowError(expect.objectContaining({ code: 'channel.address' }));
	});
});

describe('deleting a file', () => {
	it('asks Meta to', async () => {
		const { api, seen } = await localChannel(() => ({ body: { success: true } }));
		await api.deleteMedia('17');
		expect(seen.map(({ method, url }) => [method, url.pathname])).toEqual([['DELETE', '/v25.0/17']]);
	});
});
