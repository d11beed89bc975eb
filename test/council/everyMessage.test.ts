import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../apps/sandbox/sandbox';
import { createCloudApi, type CloudApi } from '../../core/whatsapp/cloudApi';
import type { MessageContent } from '../../core/whatsapp/messages/content';
import { parsePhoneNumber } from '../../core/whatsapp/phoneNumber';

const resident = parsePhoneNumber('07700 900123').number;
const jpeg = Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(600, 7), Buffer.from('ffd9', 'hex')]);

describe('what the client sends', () => {
	let sandbox: Sandbox;
	let api: CloudApi;
	let inbound = '';
	beforeAll(async () => {
		sandbox = await startSandbox({ seed: 5 });
		api = createCloudApi({ graphUrl: sandbox.api, graphVersion: 'v26.0', accessToken: sandbox.token, appSecret: sandbox.appSecret, phoneNumberId: sandbox.phoneNumberId, businessAccountId: sandbox.businessAccountId });
		const said = await fetch(`${sandbox.admin}/inbound`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ from: '+447700900123', text: 'Hello' }) });
		inbound = ((await said.json()) as { id: string }).id;
		expect(inbound).toMatch(/^wamid\./);
	});
	afterAll(() => sandbox.stop());

	const link = 'https://aldersea.example/bins.jpg';
	it.each<[string, (wamid: string) => MessageContent]>([
		['a text', () => ({ type: 'text', body: 'See https://aldersea.example', previewUrl: true })],
		['an image', () => ({ type: 'image', media: { link }, caption: 'The new bins' })],
		['a video', () => ({ type: 'video', media: { link: 'https://aldersea.example/bins.mp4' } })],
		['a document', () => ({ type: 'document', media: { link: 'https://aldersea.example/bins.pdf' }, filename: 'bins.pdf' })],
		['a sound', () => ({ type: 'audio', media: { link: 'https://aldersea.example/bins.mp3' } })],
		['a sticker', () => ({ type: 'sticker', media: { link: 'https://aldersea.example/bin.webp' } })],
		['a place', () => ({ type: 'location', latitude: 53.28, longitude: -3.83, name: 'Town Hall', address: '1 Harbour Road' })],
		['a contact card', () => ({ type: 'contacts', contacts: [{ name: { formattedName: 'Highways Desk', firstName: 'Highways' }, phones: [{ phone: '+441632960000', type: 'WORK' }] }] })],
		['a reaction', (messageId) => ({ type: 'reaction', messageId, emoji: '👍' })],
		['buttons', () => ({ type: 'buttons', header: { type: 'text', text: 'Bins' }, body: 'Collected?', footer: 'Waste team', buttons: [{ id: 'y', title: 'Yes' }, { id: 'n', title: 'No' }] })],
		['a list', () => ({ type: 'list', body: 'Which ward?', button: 'Choose', sections: [{ title: 'North', rows: [{ id: '1', title: 'Saltmarsh', description: 'Off the quay' }] }, { title: 'South', rows: [{ id: '2', title: 'Millfield' }] }] })],
		['a link', () => ({ type: 'link', body: 'Report it here', displayText: 'Report', url: 'https://aldersea.example/report' })],
		['a location request', () => ({ type: 'locationRequest', body: 'Where is the pothole?' })],
	])('is taken by an API that was written without it: %s', async (_, content) => {
		expect(await api.send({ to: resident, content: content(inbound) }, { callbackData: 'delivery 7' })).toMatchObject({ outcome: 'accepted', messageId: expect.stringMatching(/^wamid\./) as string });
	});

	it('may answer what a resident wrote, and show that it was read', async () => {
		expect(await api.send({ to: resident, content: { type: 'text', body: 'Thank you' }, replyTo: inbound }, { callbackData: 'delivery 8' })).toMatchObject({ outcome: 'accepted' });
		await expect(api.markAsRead(inbound, { typing: true })).resolves.toBeUndefined();
	});

	it('may be a file that was uploaded, until it is deleted', async () => {
		const { id } = await api.uploadMedia({ bytes: jpeg, mimeType: 'image/jpeg', filename: 'bins.jpg' });
		expect(await api.mediaDetails(id)).toMatchObject({ mimeType: 'image/jpeg', sizeBytes: jpeg.length });
		expect((await api.downloadMedia(id)).bytes.equals(jpeg)).toBe(true);
		expect(await api.send({ to: resident, content: { type: 'image', media: { id } } }, { callbackData: 'delivery 9' })).toMatchObject({ outcome: 'accepted' });
		await api.deleteMedia(id);
		await expect(api.mediaDetails(id)).rejects.toMatchObject({ code: 'media.unknown' });
	});
});
