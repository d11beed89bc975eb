import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { grittingNotice, send } from './callSandbox';
import { act, phoneOf, post, put, wall, written } from './phones';

const jo = '+447700900101';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1 });
});
beforeEach(async () => {
	sandbox.reset();
	await post(sandbox, 'invite', { number: jo, name: 'Jo' });
});
afterAll(() => sandbox.stop());

const replyButtons = { body: 'Should the library open on Sundays?', buttons: [{ kind: 'reply', id: 'vote:yes', text: 'Yes' }, { kind: 'reply', id: 'vote:no', text: 'No' }] } as const;
const list = { body: 'Which bin?', list: { button: 'Choose', sections: [{ title: 'Household', rows: [{ id: 'bin:1', title: 'Refuse', description: 'Black lid' }, { id: 'bin:2', title: 'Recycling' }] }] } };

describe('a resident', () => {
	it('writes', async () => {
		expect(await act(sandbox, jo, { act: 'text', text: 'STOP' })).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^wamid\./) } });
		expect(written(sandbox)).toMatchObject([{ from: '447700900101', type: 'text', text: { body: 'STOP' } }]);
	});

	it('taps a quick reply of a template', async () => {
		await send(sandbox, grittingNotice(jo));
		await sandbox.idle();
		const [message] = (await phoneOf(sandbox, jo)).messages;
		await act(sandbox, jo, { act: 'tap', message: message?.id, button: 0 });
		expect(written(sandbox)).toMatchObject([{ type: 'button', button: { payload: 'Stop these', text: 'Stop these' }, context: { from: '441632960000', id: message?.id } }]);
		expect((await phoneOf(sandbox, jo)).messages[0]?.chosen).toEqual(['Stop these']);
	});

	it('taps a reply button, and the poll shows the answer', async () => {
		const message = put(sandbox, jo, replyButtons);
		await act(sandbox, jo, { act: 'tap', message, button: 1 });
		expect(written(sandbox)).toMatchObject([{ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'vote:no', title: 'No' } }, context: { id: message } }]);
		expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ chosen: ['vote:no'] }, { body: 'No', quoted: { from: 'council', words: replyButtons.body } }]);
	});

	it('chooses a row of a list', async () => {
		const message = put(sandbox, jo, list);
		await act(sandbox, jo, { act: 'choose', message, row: 'bin:1' });
		await act(sandbox, jo, { act: 'choose', message, row: 'bin:2' });
		expect(written(sandbox)).toMatchObject([{ interactive: { type: 'list_reply', list_reply: { id: 'bin:1', title: 'Refuse', description: 'Black lid' } } }, { interactive: { list_reply: { id: 'bin:2', title: 'Recycling' } } }]);
		expect(written(sandbox)[1]).not.toHaveProperty('interactive.list_reply.description');
		expect((await phoneOf(sandbox, jo)).messages[0]?.chosen).toEqual(['bin:1', 'bin:2']);
	});

	it('reacts, and takes it back', async () => {
		const message = put(sandbox, jo, { body: 'Gritting tonight' });
		await act(sandbox, jo, { act: 'react', message, emoji: '👍' });
		expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ reactions: { resident: '👍' } }]);
		await act(sandbox, jo, { act: 'react', message, emoji: '' });
		expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ reactions: { resident: '' } }]);
		expect(written(sandbox)).toMatchObject([{ type: 'reaction', reaction: { message_id: message, emoji: '👍' } }, { type: 'reaction', reaction: { message_id: message } }]);
		expect(written(sandbox)[1]).not.toHaveProperty('reaction.emoji');
	});

	it('quotes a message', async () => {
		const answers = put(sandbox, jo, { body: 'Where is the pothole?' });
		await act(sandbox, jo, { act: 'text', text: 'Mill Lane', answers });
		expect(written(sandbox)).toMatchObject([{ text: { body: 'Mill Lane' }, context: { from: '441632960000', id: answers } }]);
	});

	it('shares a location, asked or not', async () => {
		const answers = put(sandbox, jo, { body: 'Where are you?', asksFor: 'location' });
		await act(sandbox, jo, { act: 'shareLocation', place: 1, answers });
		await act(sandbox, jo, { act: 'shareLocation' });
		expect(written(sandbox)).toMatchObject([{ type: 'location', location: { latitude: expect.any(Number), longitude: expect.any(Number), name: expect.any(String) }, context: { id: answers } }, { type: 'location' }]);
		expect((await phoneOf(sandbox, jo)).messages[1]).toMatchObject({ location: { name: 'Quay Primary School' } });
	});

	it('shares their contact when asked for it', async () => {
		const answers = put(sandbox, jo, { body: 'May we call you?', asksFor: 'contact' });
		await act(sandbox, jo, { act: 'shareContact', answers });
		expect(written(sandbox)).toMatchObject([{ type: 'contacts', contacts: [{ name: { formatted_name: 'Jo', first_name: 'Jo' }, phones: [{ wa_id: '447700900101', phone: '+44 7700 900101' }], origin: 'contact_request' }] }]);
	});

	it.each([
		['picture', 'image', { mime_type: 'image/jpeg' }],
		['voice', 'audio', { mime_type: 'audio/ogg; codecs=opus', voice: true }],
		['document', 'document', { mime_type: 'application/pdf', filename: 'letter.pdf' }],
	])('sends a %s that the council can download', async (sample, type, medium) => {
		await act(sandbox, jo, { act: 'sendSample', sample });
		const [message] = written(sandbox) as Array<Record<string, { id: string; sha256: string }>>;
		expect(message).toMatchObject({ type, [type]: medium });
		const { id = '', sha256 } = message?.[type] ?? {};
		const [shown] = (await phoneOf(sandbox, jo)).messages;
		expect(shown?.media).toMatchObject({ kind: type, id, src: `/media/${id}` });
		const response = await fetch(`${sandbox.phones}/media/${id}`);
		expect(createHash('sha256').update(Buffer.from(await response.arrayBuffer())).digest('base64')).toBe(sha256);
		expect(response.headers.get('content-security-policy')).toContain('sandbox');
		expect(response.headers.get('content-type')).toBe(type === 'document' ? 'application/octet-stream' : medium.mime_type.split(';')[0]);
	});
});

it('shows no medium in place that a browser could run', async () => {
	const { id } = sandbox.media.add({ numberId: sandbox.phoneNumberId, mime: 'text/html', from: 'business' }, Buffer.from('<script>alert(1)</script>'));
	const { headers } = await fetch(`${sandbox.phones}/media/${id}`);
	expect([headers.get('content-type'), headers.get('content-disposition'), headers.get('x-content-type-options')]).toEqual(['application/octet-stream', 'attachment', 'nosniff']);
});

describe('what cannot be done is refused in words', () => {
	it.each([
		['an empty answer', { act: 'text', text: ' ' }, 'Write something first'],
		['a message that is not there', { act: 'tap', message: 'wamid.x', button: 0 }, 'not on this phone'],
		['a reaction to nothing', { act: 'react', message: 'wamid.x', emoji: '👍' }, 'not on this phone'],
		['a number that is none', { act: 'changeNumber', to: 'nobody' }, 'not a phone number'],
		['no act', {}, ''],
		['an act that is none', { act: 'fly' }, ''],
		['an act with more in it', { act: 'read', more: 1 }, ''],
		['a text that is none', { act: 'text', text: 5 }, ''],
	])('%s', async (_what, body, words) => {
		const { status, body: answer } = await act(sandbox, jo, body);
		expect(status).toBe(400);
		expect(answer.message).toContain(words);
		expect(written(sandbox)).toEqual([]);
	});

	it('buttons and rows that are not in the message, or send nothing', async () => {
		const message = put(sandbox, jo, { ...list, buttons: [{ kind: 'url', text: 'Map', url: 'https://aldersea.example/map' }, { kind: 'copy_code', text: 'Copy code', code: '123' }] });
		for (const body of [{ act: 'tap', message, button: 0 }, { act: 'tap', message, button: 1 }, { act: 'tap', message, button: 9 }, { act: 'choose', message, row: 'bin:9' }]) expect((await act(sandbox, jo, body)).status).toBe(400);
		expect((await act(sandbox, jo, { act: 'react', message, emoji: 'x' })).body.message).toContain('one emoji');
	});

	it('phones that are not here', async () => {
		for (const number of ['+447700900999', 'x', undefined, 7]) expect((await post(sandbox, 'act', { number, act: 'read' })).status).toBe(404);
		expect((await fetch(`${sandbox.phones}/phone?number=x`)).status).toBe(404);
		expect((await wall(sandbox)).total).toBe(1);
	});

	it('bodies of other shapes', async () => {
		for (const body of ['', '[]', '"x"', '{', 'null']) {
			const response = await fetch(`${sandbox.phones}/act`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
			expect(response.status, body).toBe(403);
		}
	});
});
