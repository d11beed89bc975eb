import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subscribe, takeEvents } from '../../../core/inbox';
import { post } from '../../council/council';
import { flowOf, type Execution, type NodeOfFlow } from '../engine';
import { draftNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

const ada = '447700900000';
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
const byEvent = { __rl: true, mode: 'event', value: '={{ $json.eventId }}' };
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('one person', () => {
	let hall: TownHall;
	let event: string;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 8, channel: { directMessages: 'all', directPeoplePerHour: 3 }, sandbox: { knobs: { pairLimit: 'off', sentLatencyMs: [0, 1], deliveredLatencyMs: [0, 1], readLatencyMs: [0, 1], noReadReceipts: 0 } } });
		await hall.store.execute(subscribe, { subscriberId: 'test', channelId: hall.sandbox.phoneNumberId, kinds: ['message', 'opt-out'] });
	});
	afterAll(() => hall.stop());
	beforeEach(async () => {
		event = await writes(ada);
	});

	/** @returns the id of the event, as the trigger would put it out */
	async function writes(from: string, text = 'Is my road gritted?', more: object = {}): Promise<string> {
		await post(`${hall.sandbox.admin}/inbound`, { from: `+${from}`, text, ...more });
		await hall.sandbox.idle();
		const taken = await hall.store.execute(takeEvents, { subscriberId: 'test', limit: 5 });
		return taken.at(-1)?.id ?? '';
	}

	function node(resource: string, operation: string, parameters: IDataObject = {}): NodeOfFlow {
		return { name: 'Civic WhatsApp', type: 'civicWhatsApp', parameters: { resource, operation, ...(resource === 'message' && operation !== 'react' ? { person: byEvent } : {}), ...parameters } as NodeOfFlow['parameters'] };
	}
	const run = (resource: string, operation: string, parameters: IDataObject = {}, item: IDataObject | INodeExecutionData = { eventId: event }): Promise<Execution> => hall.n8n.run(flowOf([node(resource, operation, parameters)]), [item]);
	const out = (execution: Execution): IDataObject[] => {
		if (execution.error !== undefined) throw new Error(`${execution.error.message} ${execution.error.description ?? ''}`);
		return execution.json('Civic WhatsApp');
	};
	/** What a phone shows last, once everything has got there. */
	async function newest(of = ada) {
		await hall.sandbox.idle();
		return hall.sandbox.residents.find(of)?.thread.at(-1);
	}
	const file = (bytes: Buffer, mimeType: string, fileName: string): INodeExecutionData => ({ json: { eventId: event }, binary: { data: { data: bytes.toString('base64'), mimeType, fileName } } });

	it('who wrote is answered in words, under the message that is answered, and ids come out', async () => {
		const [item] = out(await run('message', 'reply', { text: 'It is, from *18:00*.', options: { quote: '={{ $json.eventId }}' } }));
		expect(item).toEqual({ messageId: uuid, outcome: 'accepted', conversationId: uuid, contactId: uuid, windowOpenUntil: expect.any(String) as string });
		const asked = hall.sandbox.residents.find(ada)?.thread.findLast(({ from }) => from === 'resident')?.id;
		expect(await newest()).toMatchObject({ from: 'council', content: { body: 'It is, from *18:00*.' }, answers: asked, tick: expect.stringMatching(/delivered|read/) as string });
	});

	it.each([
		['buttons', { buttons: { button: [{ title: 'Yes', id: 'yes' }, { title: 'No', id: '' }] }, options: { header: 'Bins', footer: 'Aldersea' } }, { buttons: [{ text: 'Yes', id: 'yes' }, { text: 'No', id: 'No' }], footer: 'Aldersea' }],
		['list', { menuLabel: 'Choose', rows: { row: [{ title: 'Bins', id: 'bins', description: 'Missed ones', section: 'Waste' }, { title: 'Gritting', id: 'grit', section: 'Roads' }, { title: 'Tip', section: 'Waste' }] } }, { list: { button: 'Choose', sections: [{ title: 'Waste', rows: [{ id: 'bins' }, { id: 'Tip' }] }, { title: 'Roads' }] } }],
		['link', { linkText: 'See the map', linkUrl: 'https://aldersea.example/map' }, { link: { text: 'See the map', url: 'https://aldersea.example/map' } }],
		['locationRequest', {}, { asksFor: 'location' }],
	])('is offered %s', async (interactiveType, parameters, content) => {
		out(await run('message', 'sendInteractive', { interactiveType, text: 'How can we help?', ...parameters }));
		expect((await newest())?.content).toMatchObject({ body: 'How can we help?', ...content });
	});

	it('gets a place, contact cards and a reaction', async () => {
		out(await run('message', 'sendLocation', { latitude: 53.2, longitude: -3.1, options: { name: 'Aldersea Library', address: '1 Market Square' } }));
		expect((await newest())?.content.location).toEqual({ latitude: 53.2, longitude: -3.1, name: 'Aldersea Library', address: '1 Market Square' });
		out(await run('message', 'sendContacts', { cards: { card: [{ formattedName: 'Youth Support', phone: '+44 1632 960123', mail: 'youth@aldersea.example' }] } }));
		expect((await newest())?.content.contacts).toMatchObject([{ name: 'Youth Support', emails: ['youth@aldersea.example'] }]);
		out(await run('message', 'react', { emoji: '👍' }));
		expect((await newest())?.content.reaction).toMatchObject({ emoji: '👍' });
	});

	it('gets a file from the item, by link or by id; the same file is uploaded once, and can be fetched and deleted', async () => {
		out(await run('message', 'sendMedia', { options: { caption: 'Tonight' } }, file(png, 'image/png', 'map.png')));
		const first = (await newest())?.content.media;
		expect(first).toMatchObject({ kind: 'image', mime: 'image/png' });
		const [uploaded] = out(await run('media', 'upload', {}, file(png, 'image/png', 'other-name.png')));
		expect(uploaded).toMatchObject({ mediaId: first?.id, reused: true });
		out(await run('message', 'sendMedia', { mediaKind: 'image', mediaFrom: 'id' }, { eventId: event, ...uploaded }));
		expect((await newest())?.content.media?.id).toBe(first?.id);
		out(await run('message', 'sendMedia', { mediaKind: 'video', mediaFrom: 'link', mediaLink: 'https://aldersea.example/film.mp4' }));
		expect((await newest())?.content.media).toMatchObject({ kind: 'video', link: 'https://aldersea.example/film.mp4' });
		const fetched = await run('media', 'download', { fileOf: 'mediaId', outputField: 'picture' }, { mediaId: first?.id });
		expect(out(fetched)).toEqual([{ mediaId: first?.id, mimeType: 'image/png', bytes: png.length }]);
		expect(fetched.items('Civic WhatsApp')[0]?.binary?.picture).toMatchObject({ mimeType: 'image/png', data: png.toString('base64') });
		expect(out(await run('media', 'delete', {}, { mediaId: first?.id }))).toEqual([{ deleted: true }]);
		const [again] = out(await run('media', 'upload', {}, file(png, 'image/png', 'map.png')));
		expect(again).toMatchObject({ reused: false });
		expect(again?.mediaId).not.toBe(first?.id);
	});

	it('is seen in the list of conversations by id, and sees that the message was read', async () => {
		const [conversation, ...more] = out(await run('conversation', 'getMany'));
		expect(conversation).toEqual({ conversationId: uuid, contactId: uuid, lastEventId: event, lastMessageAt: expect.any(String) as string, windowOpenUntil: expect.any(String) as string });
		expect(more).toEqual([]);
		expect(out(await run('conversation', 'markAsRead', { answered: { __rl: true, mode: 'conversation', value: String(conversation?.conversationId) }, typing: true }))).toEqual([{ eventId: event, read: true, typing: true }]);
		expect(await newest()).toMatchObject({ from: 'resident', tick: 'read' });
	});

	it('outside the window is refused before anything is sent, and reached by template', async () => {
		const late = '447700900001';
		const item = { eventId: await writes(late, 'Hello', { ageSeconds: 25 * 3600 }) };
		const { error } = await run('message', 'reply', { text: 'Sorry, we are late' }, item);
		expect(error).toMatchObject({ context: { code: 'direct.window' }, description: expect.stringContaining('Send Template') as string });
		expect(error?.message).not.toContain('7700900001');
		expect(hall.sandbox.residents.find(late)?.accepted).toBe(0);
		const { template, templateValues } = draftNode({ template: 'civic_report|en_GB' }).parameters as { template: object; templateValues: object };
		const values = { ...templateValues, value: { body_title: 'Your question', body_summary: 'We grit Route 1 tonight.' }, schema: [] };
		expect(out(await run('message', 'sendTemplate', { sendTo: 'person', template, templateValues: values } as never, item))).toMatchObject([{ outcome: 'accepted' }]);
		expect(await newest(late)).toMatchObject({ template: 'civic_report' });
	});

	it('who said STOP gets no reply, and a fourth person in an hour is a broadcast', async () => {
		const stopped = await writes('447700900002', 'STOP');
		expect((await run('message', 'reply', { text: 'Bye' }, { eventId: stopped })).error).toMatchObject({ context: { code: 'direct.opted-out' } });
		out(await run('message', 'reply', { text: 'One more' }, { eventId: await writes('447700900003') }));
		const { error } = await run('message', 'reply', { text: 'And another' }, { eventId: await writes('447700900004') });
		expect(error).toMatchObject({ context: { code: 'direct.limit' }, description: expect.stringContaining('Broadcast: Draft') as string });
		await hall.sandbox.idle();
	});

	it('is not reached by a field that an expression left empty, nor by what WhatsApp would refuse', async () => {
		expect((await run('message', 'reply', { text: 'Hello' }, {})).error).toMatchObject({ context: { code: 'input.invalid' }, message: expect.stringContaining("'To'") as string });
		expect((await run('message', 'reply', { text: '={{ $json.nothing }}' })).error).toMatchObject({ context: { code: 'input.invalid' } });
		expect((await run('message', 'sendLocation', { latitude: '={{ $json.nothing }}', longitude: 1 })).error).toMatchObject({ context: { code: 'input.invalid' } });
		expect((await run('message', 'sendLocation', { latitude: 0, longitude: 0 })).error).toMatchObject({ context: { code: 'input.invalid' }, message: expect.stringContaining("'Latitude' and 'Longitude'") as string });
		expect((await run('message', 'sendMedia', {}, { eventId: event })).error).toMatchObject({ context: { code: 'input.invalid' }, message: expect.stringContaining('no file') as string });
		expect((await run('message', 'sendMedia', {}, file(png, 'image/webp', 'x.webp'))).error).toMatchObject({ context: { code: 'media.unusable' } });
		expect((await run('message', 'sendInteractive', { interactiveType: 'buttons', text: 'x', buttons: {} })).error).toMatchObject({ context: { code: 'input.invalid' } });
		expect((await run('media', 'download', {}, { eventId: event })).error).toMatchObject({ message: expect.stringContaining('brought no file') as string });
	});
});

it.each([
	['broadcast', 'getReport', {}, 'Broadcast ID'],
	['media', 'delete', {}, 'Media ID'],
	['media', 'download', {}, 'Event ID'],
	['media', 'download', { fileOf: 'mediaId' }, 'Media ID'],
	['message', 'react', {}, 'Event ID'],
])('%s: %s says which field an expression left empty: %j', async (resource, operation, parameters, field) => {
	const hall = await startTownHall({ residents: 1, desk: false });
	try {
		const { error } = await hall.n8n.run(flowOf([{ name: 'Node', type: 'civicWhatsApp', parameters: { resource, operation, ...parameters } as never }]));
		expect(error).toMatchObject({ context: { code: 'input.invalid' }, message: expect.stringContaining(`'${field}' is empty.`) as string, description: expect.stringMatching(/put out/) as string });
	} finally {
		await hall.stop();
	}
});

it('a channel that was not asked about direct messages answers nobody', async () => {
	const hall = await startTownHall({ residents: 2 });
	try {
		await post(`${hall.sandbox.admin}/inbound`, { from: `+${ada}`, text: 'Hello' });
		await hall.sandbox.idle();
		const flow = flowOf([{ name: 'Reply', type: 'civicWhatsApp', parameters: { resource: 'message', operation: 'reply', person: { __rl: true, mode: 'address', value: `+${ada}` }, text: 'Hello' } as never }]);
		expect((await hall.n8n.run(flow)).error).toMatchObject({ context: { code: 'direct.not-allowed' } });
		expect(hall.sandbox.residents.find(ada)?.accepted).toBe(0);
	} finally {
		await hall.stop();
	}
});
