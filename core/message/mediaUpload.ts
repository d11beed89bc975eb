import { createHash } from 'node:crypto';
import { isCivicError } from '../errors';
import { defineCommand, defineQuery, type CommandContext } from '../store/command';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import { bareMimeType } from '../whatsapp/messages/mediaFile';

/** Meta: "Media": what is uploaded is kept for 30 days. */
const keptMs = 30 * 24 * 3_600_000;
/** An id is not used in its last hour, so that it does not run out on the way. */
const lastHourMs = 3_600_000;

export interface MediaFile {
	bytes: Buffer;
	mimeType: string;
	filename: string;
}

export interface UploadedMedia {
	mediaId: string;
	/** Whether Meta had the file from an earlier upload. */
	reused: boolean;
	/** ISO 8601. */
	expiresAt: string;
}

interface KnownFile {
	channelId: string;
	/** SHA-256 of the bytes, hex. */
	digest: string;
	mimeType: string;
}

/** An id at Meta belongs to one number, so the same file is known once for each channel. */
export const findUpload = defineQuery('media.find', async (context, file: KnownFile): Promise<{ mediaId: string; expiresAt: number } | null> => {
	const [row] = await context.sql.all<{ media_id: string; expires_at: number }>(
		'SELECT media_id, expires_at FROM media_upload WHERE channel_id = ? AND content_lookup = ? AND expires_at > ?',
		file.channelId,
		fileKey(context, file),
		context.now + lastHourMs,
	);
	return row === undefined ? null : { mediaId: row.media_id, expiresAt: Number(row.expires_at) };
});

export const recordUpload = defineCommand('media.record', async (context, upload: KnownFile & { mediaId: string; bytes: number }): Promise<{ expiresAt: number }> => {
	const key = fileKey(context, upload);
	const expiresAt = context.now + keptMs;
	await context.sql.run(
		`INSERT INTO media_upload (channel_id, content_lookup, media_id, mime_type, bytes, uploaded_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (channel_id, content_lookup) DO UPDATE SET media_id = excluded.media_id, uploaded_at = excluded.uploaded_at, expires_at = excluded.expires_at`,
		upload.channelId,
		key,
		upload.mediaId,
		bareMimeType(upload.mimeType),
		upload.bytes,
		context.now,
		expiresAt,
	);
	context.append({
		act: 'media.upload',
		actor: { role: 'system' },
		outcome: 'ok',
		channel: upload.channelId,
		resource: { type: 'file', id: key },
		counts: { bytes: upload.bytes },
		disclose: { sha256: upload.digest, mimeType: bareMimeType(upload.mimeType) },
	});
	return { expiresAt };
});

/** The file is gone at Meta, so its id is handed out no more. */
export const forgetUpload = defineCommand('media.forget', async (context, { channelId, mediaId }: { channelId: string; mediaId: string }): Promise<void> => {
	const { changes } = await context.sql.run('DELETE FROM media_upload WHERE channel_id = ? AND media_id = ?', channelId, mediaId);
	context.append({ act: 'media.delete', actor: { role: 'system' }, outcome: 'ok', channel: channelId, counts: { known: changes }, disclose: { mediaId } });
});

/** Keyed: whoever knows all but one word of a file could otherwise find that word by trying. */
function fileKey({ keys }: Pick<CommandContext, 'keys'>, { digest, mimeType }: KnownFile): string {
	return keys.lookup('content', `file:${digest}:${bareMimeType(mimeType)}`);
}

/**
 * Brings a file to Meta, unless Meta has it: the same bytes of the same type are uploaded once in 30 days for each channel.
 * @throws CivicError `media.unusable`, `channel.access`, `whatsapp.*`
 */
export async function uploadOnce({ store, api, channelId }: { store: Store; api: CloudApi; channelId: string }, file: MediaFile): Promise<UploadedMedia> {
	const known = { channelId, digest: createHash('sha256').update(file.bytes).digest('hex'), mimeType: file.mimeType };
	const found = await store.execute(findUpload, known);
	if (found !== null) return { mediaId: found.mediaId, reused: true, expiresAt: new Date(found.expiresAt).toISOString() };
	const { id } = await api.uploadMedia(file);
	const { expiresAt } = await store.execute(recordUpload, { ...known, mediaId: id, bytes: file.bytes.length });
	return { mediaId: id, reused: false, expiresAt: new Date(expiresAt).toISOString() };
}

/**
 * Deletes a file at Meta.
 * @throws CivicError `media.unknown` when Meta has it no more, which is remembered, and as `uploadOnce`
 */
export async function deleteMedia({ store, api, channelId }: { store: Store; api: CloudApi; channelId: string }, mediaId: string): Promise<void> {
	try {
		await api.deleteMedia(mediaId);
	} catch (thrown) {
		if (isCivicError(thrown) && thrown.code === 'media.unknown') await store.execute(forgetUpload, { channelId, mediaId });
		throw thrown;
	}
	await store.execute(forgetUpload, { channelId, mediaId });
}
