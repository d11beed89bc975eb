import { canonicalJson, type JsonValue } from '../../ledger/canonicalJson';
import type { CommandContext } from '../../store/command';
import type { MessageContent } from '../../whatsapp/messages/content';

/**
 * The keyed hash by which the same content to several people is recognised. Case, spaces, punctuation and invisible marks
 * make no other content, nor does the same file under another media id.
 */
export async function contentKey(context: CommandContext, channelId: string, content: MessageContent): Promise<string> {
	const mediaId = 'media' in content && 'id' in content.media ? content.media.id : undefined;
	const file = mediaId === undefined ? undefined : await uploadOf(context, channelId, mediaId);
	const counted = file === undefined ? content : { ...content, media: { file } };
	return context.keys.lookup('content', canonicalJson(plain(JSON.parse(JSON.stringify(counted)) as JsonValue)));
}

async function uploadOf({ sql }: CommandContext, channelId: string, mediaId: string): Promise<string | undefined> {
	const rows = await sql.all<{ content_lookup: string }>('SELECT content_lookup FROM media_upload WHERE channel_id = ? AND media_id = ?', channelId, mediaId);
	return rows[0]?.content_lookup;
}

function plain(value: JsonValue): JsonValue {
	if (typeof value === 'string') return plainText(value);
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/** Texts of signs alone, such as an emoji, stay what they are. */
function plainText(text: string): string {
	const letters = text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu);
	return letters === null ? text.trim() : letters.join(' ');
}
