import { describe, expect, it } from 'vitest';
import { findReceivedFile, recordInbound } from '../../../core/inbox';
import { temporaryStore } from '../audience/temporaryStore';
import { channelId, message, text } from './webhooks';

describe('the file of an event', () => {
	it.each([
		['a picture', { type: 'image', image: { id: '77', mime_type: 'image/jpeg', sha256: 'x', caption: 'The pothole' } }, { mediaId: '77' }],
		['a document', { type: 'document', document: { id: '78', mime_type: 'application/pdf', sha256: 'x', filename: 'letter.pdf' } }, { mediaId: '78', filename: 'letter.pdf' }],
		['a voice note', { type: 'audio', audio: { id: '79', mime_type: 'audio/ogg; codecs=opus', sha256: 'x', voice: true } }, { mediaId: '79' }],
	])('is found: %s', async (_, content, expected) => {
		const temporary = await temporaryStore();
		await temporary.within((context) => recordInbound(context, { channelId, events: message(content) }));
		const [event] = await temporary.rows<{ id: string }>('SELECT id FROM inbox_event');
		expect(await temporary.store.execute(findReceivedFile, { channelId, eventId: event?.id ?? '' })).toEqual(expected);
		await expect(temporary.store.execute(findReceivedFile, { channelId: '1', eventId: event?.id ?? '' })).rejects.toMatchObject({ code: 'input.invalid' });
	});

	it.each([
		['words', text('Hello')],
		['a message of a kind that holds an id, but no file', message({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: '7', title: 'Yes' } } })],
	])('is refused where there is none: %s', async (_, events) => {
		const temporary = await temporaryStore();
		await temporary.within((context) => recordInbound(context, { channelId, events }));
		const [event] = await temporary.rows<{ id: string }>('SELECT id FROM inbox_event');
		await expect(temporary.store.execute(findReceivedFile, { channelId, eventId: event?.id ?? '' })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining('no file') as string });
	});
});
