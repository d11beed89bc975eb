import { describe, expect, it } from 'vitest';

import type { MessageContent } from '../../../core/whatsapp/messages/content';
import { parsePhoneNumber } from '../../../core/whatsapp/phoneNumber';
import type { Recipient } from '../../../core/whatsapp/recipient';
import { parseUserId } from '../../../core/whatsapp/userId';
import { accepted, localChannel } from './sending';

const resident = parsePhoneNumber('07700 900123').number;

async function bodyOf(content: MessageContent, to: Recipient = resident, replyTo?: string): Promise<Record<string, unknown>> {
	const { api, seen } = await localChannel(() => ({ body: accepted }));
	expect(await api.send({ to, content, replyTo }, { callbackData: 'delivery 7' })).toMatchObject({ outcome: 'accepted', messageId: 'wamid.HBgM' });
	expect(seen.map(({ method, url }) => [method, url.pathname])).toEqual([['POST', '/v25.0/106540352242922/messages']]);
	return JSON.parse(seen[0]?.body ?? '') as Record<string, unknown>;
}

const common = { messaging_product: 'whatsapp', recipient_type: 'individual', biz_opaque_callback_data: 'delivery 7' };

/** What each kind of message looks like on the wire, from Meta's pages. */
const wire: Array<[string, MessageContent, Record<string, unknown>]> = [
	['text', { type: 'text', body: 'Hello\nthere' }, { type: 'text', text: { body: 'Hello\nthere' } }],
	['text with a preview', { type: 'text', body: 'See https://aldersea.example', previewUrl: true }, { type: 'text', text: { body: 'See https://aldersea.example', preview_url: true } }],
	['image by id', { type: 'image', media: { id: '1003383421387256' }, caption: 'The new bins' }, { type: 'image', image: { id: '1003383421387256', caption: 'The new bins' } }],
	['video by link', { type: 'video', media: { link: 'https://aldersea.example/bins.mp4' } }, { type: 'video', video: { link: 'https://aldersea.example/bins.mp4' } }],
	['document', { type: 'document', media: { id: '1' }, caption: 'Timetable', filename: 'bins.pdf' }, { type: 'document', document: { id: '1', caption: 'Timetable', filename: 'bins.pdf' } }],
	['voice note', { type: 'audio', media: { id: '1' }, voice: true }, { type: 'audio', audio: { id: '1', voice: true } }],
	['sticker', { type: 'sticker', media: { id: '1' } }, { type: 'sticker', sticker: { id: '1' } }],
	[
		'location',
		{ type: 'location', latitude: 53.28, longitude: -3.83, name: 'Town Hall', address: '1 Harbour Road' },
		{ type: 'location', location: { latitude: 53.28, longitude: -3.83, name: 'Town Hall', address: '1 Harbour Road' } },
	],
	[
		'contacts',
		{
			type: 'contacts',
			contacts: [
				{
					name: { formattedName: 'Highways Desk', firstName: 'Highways' },
					phones: [{ phone: '+441632960000', type: 'WORK', waId: '441632960000' }],
					emails: [{ email: 'highways@aldersea.example', type: 'WORK' }],
					urls: [{ url: 'https://aldersea.example/roads' }],
					addresses: [{ street: '1 Harbour Road', city: 'Aldersea', zip: 'AL1 1AA', countryCode: 'gb' }],
					org: { company: 'Aldersea Borough Council' },
					birthday: '1974-04-01',
				},
			],
		},
		{
			type: 'contacts',
			contacts: [
				{
					name: { formatted_name: 'Highways Desk', first_name: 'Highways' },
					phones: [{ phone: '+441632960000', type: 'WORK', wa_id: '441632960000' }],
					emails: [{ email: 'highways@aldersea.example', type: 'WORK' }],
					urls: [{ url: 'https://aldersea.example/roads' }],
					addresses: [{ street: '1 Harbour Road', city: 'Aldersea', zip: 'AL1 1AA', country_code: 'gb' }],
					org: { company: 'Aldersea Borough Council' },
					birthday: '1974-04-01',
				},
			],
		},
	],
	['reaction', { type: 'reaction', messageId: 'wamid.IN', emoji: '👍' }, { type: 'reaction', reaction: { message_id: 'wamid.IN', emoji: '👍' } }],
	['reaction taken back', { type: 'reaction', messageId: 'wamid.IN', emoji: '' }, { type: 'reaction', reaction: { message_id: 'wamid.IN', emoji: '' } }],
	[
		'buttons',
		{ type: 'buttons', header: { type: 'image', media: { id: '9' } }, body: 'Was your bin collected?', footer: 'Waste team', buttons: [{ id: 'y', title: 'Yes' }, { id: 'n', title: 'No' }] },
		{
			type: 'interactive',
			interactive: {
				type: 'button',
				header: { type: 'image', image: { id: '9' } },
				body: { text: 'Was your bin collected?' },
				footer: { text: 'Waste team' },
				action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }, { type: 'reply', reply: { id: 'n', title: 'No' } }] },
			},
		},
	],
	[
		'list',
		{
			type: 'list',
			header: { type: 'text', text: 'Areas' },
			body: 'Which ward?',
			button: 'Choose',
			sections: [{ title: 'North', rows: [{ id: 'n1', title: 'Saltmarsh', description: 'Roads off the quay' }] }, { title: 'South', rows: [{ id: 's1', title: 'Millfield' }] }],
		},
		{
			type: 'interactive',
			interactive: {
				type: 'list',
				header: { type: 'text', text: 'Areas' },
				body: { text: 'Which ward?' },
				action: {
					button: 'Choose',
					sections: [{ title: 'North', rows: [{ id: 'n1', title: 'Saltmarsh', description: 'Roads off the quay' }] }, { title: 'South', rows: [{ id: 's1', title: 'Millfield' }] }],
				},
			},
		},
	],
	[
		'link',
		{ type: 'link', header: { type: 'document', media: { link: 'https://aldersea.example/a.pdf' } }, body: 'Report it here', displayText: 'Report', url: 'https://aldersea.example/report' },
		{
			type: 'interactive',
			interactive: {
				type: 'cta_url',
				header: { type: 'document', document: { link: 'https://aldersea.example/a.pdf' } },
				body: { text: 'Report it here' },
				action: { name: 'cta_url', parameters: { display_text: 'Report', url: 'https://aldersea.example/report' } },
			},
		},
	],
	[
		'location request',
		{ type: 'locationRequest', body: 'Where is the pothole?' },
		{ type: 'interactive', interactive: { type: 'location_request_message', body: { text: 'Where is the pothole?' }, action: { name: 'send_location' } } },
	],
	[
		'template',
		{ type: 'template', name: 'gritting_notice', language: 'en_GB', components: [] },
		{ type: 'template', template: { name: 'gritting_notice', language: { code: 'en_GB' } } },
	],
];

describe('sending', () => {
	it.each(wire)('writes %s as Meta reads it', async (_, content, expected) => {
		expect(await bodyOf(content)).toEqual({ ...common, to: '+447700900123', ...expected });
	});

	it('addresses a person by user id alone where that is what is known', async () => {
		const body = await bodyOf({ type: 'text', body: 'Hello' }, parseUserId('GB.1349abcXYZ'));
		expect(body).toEqual({ ...common, recipient: 'GB.1349abcXYZ', type: 'text', text: { body: 'Hello' } });
	});

	it('names the message that it answers', async () => {
		expect(await bodyOf({ type: 'text', body: 'Hello' }, resident, 'wamid.IN')).toMatchObject({ context: { message_id: 'wamid.IN' } });
	});

	it('lets no reaction be a reply, and no reply be to nothing', async () => {
		const { api, seen } = await localChannel(() => ({ body: accepted }));
		const options = { callbackData: 'x' };
		await expect(api.send({ to: resident, content: { type: 'reaction', messageId: 'wamid.IN', emoji: '👍' }, replyTo: 'wamid.IN' }, options)).rejects.toMatchObject({ code: 'input.invalid' });
		await expect(api.send({ to: resident, content: { type: 'text', body: 'Hi' }, replyTo: ' ' }, options)).rejects.toMatchObject({ code: 'input.invalid' });
		expect(seen).toEqual([]);
	});

	it('refuses what Meta would refuse, naming field and limit, before anything is sent', async () => {
		const { api, seen } = await localChannel(() => ({ body: accepted }));
		const content: MessageContent = { type: 'buttons', body: 'Well?', buttons: [{ id: '1', title: 'Yes' }, { id: '2', title: 'x'.repeat(24) }] };
		await expect(api.send({ to: resident, content }, { callbackData: 'x' })).rejects.toMatchObject({
			code: 'input.invalid',
			message: 'The title of button 2 has 24 characters; WhatsApp takes at most 20.',
		});
		expect(seen).toEqual([]);
	});
});

describe('marking as read', () => {
	it('goes to the same address, with or without the sign that somebody types', async () => {
		const { api, seen } = await localChannel(() => ({ body: { success: true } }));
		await api.markAsRead('wamid.IN');
		await api.markAsRead('wamid.IN', { typing: true });
		expect(seen.map(({ url, body }) => [url.pathname, JSON.parse(body)])).toEqual([
			['/v25.0/106540352242922/messages', { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.IN' }],
			['/v25.0/106540352242922/messages', { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.IN', typing_indicator: { type: 'text' } }],
		]);
	});

	it('says in words that the message is unknown', async () => {
		const { api } = await localChannel(() => ({ status: 400, body: { error: { message: '(#131009) Parameter value is not valid', code: 131009 } } }));
		await expect(api.markAsRead('wamid.IN')).rejects.toMatchObject({ code: 'whatsapp.refused' });
		await expect(api.markAsRead('')).rejects.toMatchObject({ code: 'input.invalid' });
	});
});

describe('an answer that names the user id of whoever the message is for', () => {
	const userId = 'GB.13491208655302741918';
	it.each([
		['beside the number', { input: '+447700900123', wa_id: '447700900123', user_id: userId }, { phone: resident, userId }],
		['alone', { input: userId, user_id: userId }, { phone: undefined, userId }],
		['not at all', { input: '+447700900123', wa_id: '447700900123' }, undefined],
	])('is passed on: %s', async (_, contact, recipient) => {
		const { api } = await localChannel(() => ({ body: { ...accepted, contacts: [contact] } }));
		const sent = await api.send({ to: resident, content: { type: 'text', body: 'Hello' } }, { callbackData: '1' });
		expect(sent).toMatchObject({ outcome: 'accepted' });
		expect('recipient' in sent ? sent.recipient : undefined).toEqual(recipient);
	});
});
