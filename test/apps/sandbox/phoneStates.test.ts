import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Knobs } from '../../../apps/sandbox/knobs';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, grittingNotice, send } from './callSandbox';
import { act, phoneOf, post, put, statusesOf, told, wall, written } from './phones';

/** Fast, and every message read. */
const quick: Partial<Knobs> = { sentLatencyMs: [0, 4], deliveredLatencyMs: [0, 4], readLatencyMs: [0, 4], noReadReceipts: 0, readWithoutDelivered: 0 };
const jo = '+447700900101';
const hour = 3_600_000;

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: quick });
});
beforeEach(async () => {
	sandbox.reset();
	await post(sandbox, 'invite', { number: jo, name: 'Jo' });
});
afterAll(() => sandbox.stop());

async function grit(): Promise<string | undefined> {
	const { body } = await send(sandbox, grittingNotice(jo));
	await sandbox.idle();
	return body.messages?.[0]?.id;
}

/** `summer_festival`, a marketing template. */
async function festival(): Promise<string | undefined> {
	const { body } = await send(sandbox, { to: jo, type: 'template', template: { name: 'summer_festival', language: { code: 'en_GB' }, components: [{ type: 'body', parameters: [{ type: 'text', parameter_name: 'place', text: 'the quay' }] }] } });
	await sandbox.idle();
	return body.messages?.[0]?.id;
}

describe('a phone that is offline', () => {
	it('gets nothing until it is back, and then everything', async () => {
		await act(sandbox, jo, { act: 'online', on: false });
		const id = await grit();
		expect(statusesOf(sandbox, id)).toEqual(['sent']);
		expect(await phoneOf(sandbox, jo)).toMatchObject({ online: false, waiting: 1, messages: [{ arrived: false, tick: 'sent' }] });
		await act(sandbox, jo, { act: 'online', on: true });
		await sandbox.idle();
		expect(statusesOf(sandbox, id)).toEqual(['sent', 'delivered', 'read']);
		expect(await phoneOf(sandbox, jo)).toMatchObject({ waiting: 0, messages: [{ arrived: true, tick: 'read' }] });
	});

	it('never gets a message whose time to live is over, and nobody is told', async () => {
		await act(sandbox, jo, { act: 'online', on: false });
		const late = await grit();
		await sandbox.time.pass(3 * hour);
		const inTime = await grit();
		await post(sandbox, 'pass', { ms: 2 * hour });
		expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ silence: 'expired' }, { tick: 'sent' }]);
		await act(sandbox, jo, { act: 'online', on: true });
		await sandbox.idle();
		expect([statusesOf(sandbox, late), statusesOf(sandbox, inTime)]).toEqual([['sent'], ['sent', 'delivered', 'read']]);
		expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ arrived: false, silence: 'expired' }, { arrived: true }]);
	});

	it.each([
		['writing', { act: 'text', text: 'Hello' }],
		['reading', { act: 'read' }],
		['WhatsApp’s own control', { act: 'stopMarketing', on: true }],
		['changing the number', { act: 'changeNumber', to: '07700 900555' }],
	])('refuses %s in words', async (_what, body) => {
		await act(sandbox, jo, { act: 'online', on: false });
		expect(await act(sandbox, jo, body)).toEqual({ status: 400, body: { message: 'The phone of Jo is offline. Bring it back online first.' } });
		expect(told(sandbox)).toEqual([]);
	});

	it('refuses acts through the controls in words, too', async () => {
		await act(sandbox, jo, { act: 'online', on: false });
		expect(await admin(sandbox, 'POST', 'inbound', { from: jo, text: 'Hello' })).toMatchObject({ status: 400, body: { message: expect.stringContaining('offline') } });
	});
});

describe('a person who reads when they like', () => {
	it('has delivered messages until they are read by hand, which the council hears', async () => {
		await act(sandbox, jo, { act: 'readsByItself', on: false });
		const ids = [await grit(), await grit()];
		expect(ids.map((id) => statusesOf(sandbox, id))).toEqual([['sent', 'delivered'], ['sent', 'delivered']]);
		expect(await phoneOf(sandbox, jo)).toMatchObject({ readsByItself: false, unread: 2 });
		expect((await act(sandbox, jo, { act: 'read' })).body.said).toContain('told of 2');
		expect(ids.map((id) => statusesOf(sandbox, id))).toEqual([['sent', 'delivered', 'read'], ['sent', 'delivered', 'read']]);
		expect((await act(sandbox, jo, { act: 'read' })).body.said).toContain('already');
	});

	it('has no chat open in which messages would be read at once', async () => {
		sandbox.knobs.readWithoutDelivered = 1;
		await act(sandbox, jo, { act: 'readsByItself', on: false });
		const id = await grit();
		expect(statusesOf(sandbox, id)).toEqual(['sent', 'delivered']);
		await act(sandbox, jo, { act: 'readsByItself', on: true });
		await sandbox.idle();
		expect(statusesOf(sandbox, id)).toEqual(['sent', 'delivered', 'read']);
	});
});

describe('a person who blocks the council', () => {
	it('never gets what is sent meanwhile, not even afterwards', async () => {
		await act(sandbox, jo, { act: 'block', on: true });
		const id = await grit();
		expect(statusesOf(sandbox, id)).toEqual(['sent']);
		expect(await phoneOf(sandbox, jo)).toMatchObject({ waiting: 0, messages: [{ arrived: false, tick: 'sent', silence: 'blocked' }] });
		await act(sandbox, jo, { act: 'block', on: false });
		await sandbox.idle();
		expect(statusesOf(sandbox, id)).toEqual(['sent']);
		expect(statusesOf(sandbox, await grit())).toEqual(['sent', 'delivered', 'read']);
	});

	it('looks like a phone that cannot be reached, where the knob says so', async () => {
		sandbox.knobs.blockedByResident = '131026';
		await act(sandbox, jo, { act: 'block', on: true });
		expect(statusesOf(sandbox, await grit())).toEqual(['failed']);
	});

	it('is told in words to unblock before writing', async () => {
		await act(sandbox, jo, { act: 'block', on: true });
		expect(await act(sandbox, jo, { act: 'text', text: 'Hello' })).toEqual({ status: 400, body: { message: 'Jo has blocked the council. Unblock it on this phone first.' } });
		expect((await act(sandbox, jo, { act: 'block', on: false })).status).toBe(200);
		expect((await act(sandbox, jo, { act: 'text', text: 'Hello' })).status).toBe(200);
	});
});

describe('WhatsApp’s own control', () => {
	it('stops marketing templates and no others, until it is taken back', async () => {
		await act(sandbox, jo, { act: 'stopMarketing', on: true });
		expect(told(sandbox)).toMatchObject([{ field: 'user_preferences', value: { messaging_product: 'whatsapp', contacts: [{ wa_id: '447700900101' }], user_preferences: [{ wa_id: '447700900101', user_id: expect.stringMatching(/^GB\./), category: 'marketing_messages', value: 'stop', detail: 'User requested to stop marketing messages', timestamp: expect.any(Number) }] } }]);
		expect(statusesOf(sandbox, await festival())).toEqual(['failed']);
		expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ failure: { code: 131050 } }]);
		expect(statusesOf(sandbox, await grit())).toEqual(['sent', 'delivered', 'read']);
		await act(sandbox, jo, { act: 'stopMarketing', on: false });
		expect(told(sandbox).filter(({ field }) => field === 'user_preferences')[1]).toMatchObject({ value: { user_preferences: [{ value: 'resume' }] } });
		expect(statusesOf(sandbox, await festival())).toEqual(['sent', 'delivered', 'read']);
	});

	it('is not what a STOP reply is', async () => {
		await act(sandbox, jo, { act: 'text', text: 'STOP' });
		expect(statusesOf(sandbox, await festival())).toEqual(['sent', 'delivered', 'read']);
	});

	it('hides the phone where the knob does', async () => {
		sandbox.knobs.bsuid = 'phone-hidden';
		await act(sandbox, jo, { act: 'stopMarketing', on: true });
		expect(JSON.stringify(told(sandbox).map(({ value }) => [value.contacts, value.user_preferences]))).not.toContain('447700900101');
	});
});

describe('a person who changes the number', () => {
	it('takes the chat along, is a new user, and is not reached at the old one', async () => {
		await grit();
		const before = await phoneOf(sandbox, jo);
		expect(await act(sandbox, jo, { act: 'changeNumber', to: '07700 900555' })).toEqual({ status: 200, body: { number: '+447700900555' } });
		const after = await phoneOf(sandbox, '+447700900555');
		expect(after).toMatchObject({ name: 'Jo', messages: before.messages });
		expect(after.userId).not.toBe(before.userId);
		expect(written(sandbox)).toMatchObject([{ from: '447700900101', type: 'system', system: { type: 'user_changed_number', body: expect.any(String), wa_id: '447700900555', user_id: after.userId, previous_user_id: before.userId } }]);
		expect(statusesOf(sandbox, await grit())).toEqual(['failed']);
		expect((await act(sandbox, jo, { act: 'text', text: 'Hello' })).body.message).toContain('+447700900555');
		expect((await wall(sandbox, 'show=unreachable')).order).toEqual([jo]);
	});

	it('is told of the new user id alone where phones are hidden', async () => {
		sandbox.knobs.bsuid = 'phone-hidden';
		await act(sandbox, jo, { act: 'changeNumber', to: '07700 900555' });
		const [message] = written(sandbox);
		expect(message).toMatchObject({ system: { type: 'user_changed_user_id', user_id: expect.any(String), previous_user_id: expect.any(String) } });
		expect(message).not.toHaveProperty('from');
	});

	it('cannot take a number that somebody has', async () => {
		await post(sandbox, 'invite', { number: '+447700900102' });
		for (const to of ['07700 900102', '07700 900101', '+44 1632 960000']) expect((await act(sandbox, jo, { act: 'changeNumber', to })).body.message).toContain('belongs to somebody already');
	});
});

it('tells the council once that a voice message was played', async () => {
	await act(sandbox, jo, { act: 'text', text: 'Hello' });
	const { id: voice } = sandbox.media.add({ numberId: sandbox.phoneNumberId, mime: 'audio/ogg', from: 'business' }, Buffer.from('OggS'));
	const { body } = await send(sandbox, { to: jo, type: 'audio', audio: { id: voice, voice: true } });
	await sandbox.idle();
	const message = body.messages?.[0]?.id;
	expect((await act(sandbox, jo, { act: 'play', message })).body.said).toContain('the council is told');
	expect((await act(sandbox, jo, { act: 'play', message })).body.said).toContain('not told');
	expect(statusesOf(sandbox, message)).toEqual(['sent', 'delivered', 'read', 'played']);
	const other = put(sandbox, jo, { body: 'Not a voice message' });
	expect((await act(sandbox, jo, { act: 'play', message: other })).body.said).toContain('not told');
});

it('shows that the council is typing, until it answers or 25 seconds are over', async () => {
	const type = async (): Promise<number> => {
		const { body } = await act(sandbox, jo, { act: 'text', text: 'Hello' });
		await send(sandbox, { status: 'read', message_id: body.id, typing_indicator: { type: 'text' } });
		return (await phoneOf(sandbox, jo)).typingMs;
	};
	expect(await type()).toBeGreaterThan(0);
	await sandbox.time.pass(25_000);
	expect((await phoneOf(sandbox, jo)).typingMs).toBe(0);
	expect(await type()).toBeGreaterThan(0);
	await grit();
	expect((await phoneOf(sandbox, jo)).typingMs).toBe(0);
});

it('puts the council’s reaction on the message, with no status after sent', async () => {
	const { body: written } = await act(sandbox, jo, { act: 'text', text: 'Thank you' });
	const { body } = await send(sandbox, { to: jo, type: 'reaction', reaction: { message_id: written.id, emoji: '🙏' } });
	await sandbox.idle();
	expect(statusesOf(sandbox, body.messages?.[0]?.id)).toEqual(['sent']);
	expect((await phoneOf(sandbox, jo)).messages).toMatchObject([{ body: 'Thank you', reactions: { council: '🙏' } }]);
});

it('starts every phone afresh at a reset', async () => {
	for (const change of [{ act: 'stopMarketing', on: true }, { act: 'readsByItself', on: false }, { act: 'block', on: true }]) await act(sandbox, jo, change);
	sandbox.reset();
	await post(sandbox, 'invite', { number: jo });
	expect(await phoneOf(sandbox, jo)).toMatchObject({ online: true, blocked: false, marketingStopped: false, readsByItself: true, messages: [] });
});
