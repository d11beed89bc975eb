import { pipeline } from 'node:stream';
import { json } from '../../http/json';
import type { Answer, HttpRequest } from '../../http/listener';
import type { AccessTokenCheck } from '../accessToken';
import type { MediaStore, StoredMedia } from './mediaStore';

const path = '/whatsapp_business/attachments/';

/** Meta's own name of the API, under which a proxy or a hosts entry may lead here. */
export const graphHost = 'graph.facebook.com';
/** The name of the host that keeps the bytes of media. */
export const mediaHost = 'lookaside.fbsbx.com';

/** Where a caller reaches the API: by the name that it used, since that is the one that works for it. */
export function baseAddress(host = 'localhost'): string {
	return `${host.toLowerCase() === graphHost ? 'https' : 'http'}://${host}`;
}

/** An address of the bytes, good for five minutes. */
export function mediaUrl(store: MediaStore, id: string, base: string): string {
	return `${base}${path}?${store.addressQuery(id)}`;
}

/** The addresses at which the bytes of media are: good for five minutes, and only with the token in the header. */
export class MediaAddresses {
	constructor(
		private readonly access: AccessTokenCheck,
		private readonly store: MediaStore,
		private readonly date: () => string,
	) {}

	static isOne({ path: asked }: Pick<HttpRequest, 'path'>): boolean {
		return asked === path || asked === path.slice(0, -1);
	}

	addressOf({ id }: StoredMedia, base: string): string {
		return mediaUrl(this.store, id, base);
	}

	answer({ method, query, headers }: HttpRequest): Answer {
		if (method !== 'GET' && method !== 'HEAD') return json({ error: { message: 'Method not allowed' } }, 405);
		if (!this.access.opensMedia(headers.authorization)) return { status: 401, headers: { 'Content-Type': 'text/plain', 'WWW-Authenticate': 'OAuth "Facebook Platform" "invalid_token"' }, body: 'Unauthorized' };
		const media = this.store.atAddress(new URLSearchParams(query));
		if (!media) return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' };
		return {
			stream: (response) => {
				response.writeHead(200, {
					'Content-Type': media.mime,
					'Content-Length': media.size,
					'Content-Disposition': `inline;filename=${encodeURIComponent(media.filename ?? media.id)}`,
					Date: this.date(),
				});
				if (method === 'HEAD') response.end();
				else pipeline(this.store.read(media.id), response, (failed) => failed && response.destroy());
			},
		};
	}
}
