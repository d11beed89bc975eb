import { canonicalJson, type JsonValue } from '../../ledger/canonicalJson';
import type { CommandContext } from '../../store/command';
import type { MessageContent } from '../../whatsapp/messages/content';
import type { MediaSource } from '../../whatsapp/messages/media';
import { visibleContent } from './visibleContent';

/**
 * The keyed hash by which the same content to several people is recognised. It covers what the person sees; case, spaces,
 * punctuation and invisible signs make no other content, nor does the same file under another media id.
 */
export async function contentKey(context: CommandContext, channelId: string, content: MessageContent): Promise<string> {
	const visible = await visibleContent(content, (media) => fileName(context, channelId, media));
	// The message that a reaction is on is an opaque id, in which case and signs count.
	return context.keys.lookup('content', canonicalJson(content.type === 'reaction' ? visible : plain(visible)));
}

/**
 * A file that went up from here is known by its bytes. What stands behind a link is not known; the same address counts as the
 * same file, whatever is hung on behind it.
 */
async function fileName({ sql }: CommandContext, channelId: string, media: MediaSource): Promise<string> {
	if ('link' in media) {
		const { origin, pathname } = new URL(media.link);
		return `link ${origin}${pathname}`;
	}
	const rows = await sql.all<{ content_lookup: string }>('SELECT content_lookup FROM media_upload WHERE channel_id = ? AND media_id = ?', channelId, media.id);
	return rows[0]?.content_lookup ?? `id ${media.id}`;
}

function plain(value: JsonValue): JsonValue {
	if (typeof value === 'string') return plainText(value);
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/** Signs that no phone shows (Unicode: Default_Ignorable_Code_Point), among them ones that count as letters. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** Texts of signs alone, such as an emoji, stay what they are. */
function plainText(text: string): string {
	const shown = text.replace(invisible, '').normalize('NFKC').replace(invisible, '').toLowerCase();
	const letters = shown.match(/[\p{L}\p{N}]+/gu);
	return letters === null ? shown.trim() : letters.join(' ');
}
