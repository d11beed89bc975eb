import { z } from 'zod';
import type { MediaStore } from '../cloudApi/media/mediaStore';
import type { SentMedia } from '../residents/act';
import { AdminRefusal } from './adminRefusal';

const usualTypes = { image: 'image/jpeg', video: 'video/mp4', audio: 'audio/ogg; codecs=opus', document: 'application/pdf', sticker: 'image/webp' } as const;

/** A medium from a resident: its bytes in base64, or a few that stand for them. */
export const mediaSchema = z
	.object({
		kind: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
		mime: z.string().regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w=.-]+)*$/, 'a media type such as image/jpeg').optional(),
		base64: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64').optional(),
		caption: z.string().max(1024).optional(),
		filename: z.string().max(240).optional(),
		/** Recorded with the microphone. */
		voice: z.boolean().optional(),
		animated: z.boolean().optional(),
	})
	.strict();

/** Puts the medium where the council can download it for seven days. @throws AdminRefusal when there is no room */
export function readMedia({ kind, mime = usualTypes[kind], base64, filename, ...more }: z.infer<typeof mediaSchema>, numberId: string, store: MediaStore): SentMedia {
	if (store.full) throw new AdminRefusal('This sandbox keeps no more media: delete some, or reset it.');
	const bytes = base64 === undefined ? Buffer.from(`A simulated ${kind}.`) : Buffer.from(base64, 'base64');
	const { id, sha256 } = store.add({ numberId, mime, ...(filename !== undefined && { filename }), from: 'resident' }, bytes);
	const { caption, voice, animated } = more;
	return {
		kind,
		id,
		mime,
		sha256: Buffer.from(sha256, 'hex').toString('base64'),
		...(caption !== undefined && { caption }),
		...(filename !== undefined && { filename }),
		...(voice !== undefined && { voice }),
		...(animated !== undefined && { animated }),
	};
}
