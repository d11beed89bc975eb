import { CivicError } from '../errors';
import { defineQuery } from '../store/command';
import { objectAt, textAt } from '../whatsapp/jsonReading';
import { readEventRow } from './readEvent';

/**
 * The file that came with a message of a person, by Meta's id. Meta keeps it for seven days ("Media").
 * @throws CivicError `input.invalid` when the event is none of this channel, or brought no file
 */
export const findReceivedFile = defineQuery('inbox.received-file', async (context, { channelId, eventId }: { channelId: string; eventId: string }): Promise<{ mediaId: string; filename?: string }> => {
	const { content, channelId: of } = await readEventRow(context, eventId);
	const file = content?.kind === 'message' && of === channelId ? objectAt(content.raw, content.type) : undefined;
	const mediaId = textAt(file, 'id');
	if (mediaId === undefined || textAt(file, 'mime_type') === undefined) {
		throw new CivicError('input.invalid', 'This event brought no file on this channel.', 'Use the event of an image, a video, a document, a voice note or a sticker. Of an erased person nothing can be fetched.');
	}
	const filename = textAt(file, 'filename');
	return { mediaId, ...(filename === undefined ? {} : { filename }) };
});
