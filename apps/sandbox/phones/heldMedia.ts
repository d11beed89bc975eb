import type { Answer } from '../http/listener';
import { json } from '../http/json';
import type { SandboxInside } from '../sandbox';

/** What a browser may show in its place; everything else is only offered as a file. */
const shown = /^(image\/(jpeg|png|webp)|audio\/(aac|amr|mpeg|mp4|ogg|opus)|video\/(mp4|3gpp|3gp))$/;

/** The bytes of a medium that the sandbox holds, for the phones page. */
export function heldMedia(id: string, { media }: SandboxInside, security: Readonly<Record<string, string>>): Answer {
	const stored = media.find(id);
	if (!stored) return json({ message: 'This medium is not here, or no longer.' }, 404);
	const mime = (stored.mime.split(';', 1)[0] ?? '').trim().toLowerCase();
	const inPlace = shown.test(mime);
	return {
		stream: (response) => {
			response.writeHead(200, {
				...security,
				'Content-Security-Policy': "default-src 'none'; sandbox",
				'Content-Type': inPlace ? mime : 'application/octet-stream',
				'Content-Length': stored.size,
				'Content-Disposition': inPlace ? 'inline' : 'attachment',
			});
			const bytes = media.read(id);
			// A medium that is deleted while it is read ends the answer early.
			bytes.on('error', () => response.destroy());
			bytes.pipe(response);
		},
	};
}
