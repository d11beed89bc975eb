import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendDirect } from '../../../../core/dispatch/direct';
import { optOutByPhone } from '../../../../core/audience';
import { readEvent } from '../../../../core/inbox';
import { verifyStore } from '../../../../core/ledger/verifyStore';
import type { E164 } from '../../../../core/whatsapp/phoneNumber';
import { deskIn, statusBody, webhook } from '../../../council/officeSteps';
import { acts, editByHand } from '../../../council/tables';
import { message, preference, text } from '../../inbox/webhooks';
import { phoneOf, startDirectOffice, type DirectOffice } from './directOffice';

const userId = 'GB.13491208655302741918';
const hour = 60;
/** Meta's times are whole seconds. */
const inSeconds = (at: number) => Math.floor(at / 1000) * 1000;

async function start(...given: Parameters<typeof startDirectOffice>): Promise<DirectOffice> {
	const direct = await startDirectOffice(...given);
	onTestFinished(() => direct.office.stop());
	return direct;
}

const refused = (code: string, words: RegExp = /./) => expect.objectContaining({ code, message: expect.stringMatching(words) as string }) as Error;

describe('a reply', () => {
	it('goes to whoever wrote, named by event, conversation, contact, number or user id, and reports ids only', async () => {
		const direct = await start();
		const event = await direct.hear(text('Hello', { phone: phoneOf(0).slice(1), userId, id: 'wamid.in', at: direct.office.clock.now() }));
		const report = await direct.say({ by: 'event', value: event });
		expect(report).toMatchObject({ outcome: 'accepted', windowOpenUntil: new Date(inSeconds(direct.office.clock.now()) + 24 * 3_600_000).toISOString() });
		const { conversationId, contactId } = report;
		for (const to of [
			{ by: 'conversation', value: conversationId ?? '' },
			{ by: 'contact', value: contactId ?? '' },
			{ by: 'address', value: '07700 900000' },
			{ by: 'address', value: userId },
		] as const) {
			expect(await direct.say(to)).toMatchObject({ outcome: 'accepted', conversationId, contactId });
		}
		expect(direct.sent.map(({ to }) => to)).toEqual(new Array(5).fill(phoneOf(0)));
		expect(direct.sent[0]).toMatchObject({ callbackData: report.messageId, content: { type: 'text', body: 'It is, from 18:00.' } });
		expect(Object.keys(report).sort()).toEqual(['contactId', 'conversationId', 'messageId', 'outcome', 'windowOpenUntil']);
	});

	it('reaches somebody who hides the number, and is no contact, by user id', async () => {
		const direct = await start();
		const event = await direct.hear(text('Hello', { phone: null, userId, id: 'wamid.in', at: direct.office.clock.now() }));
		expect(await direct.say({ by: 'event', value: event })).toMatchObject({ outcome: 'accepted', contactId: null });
		expect(direct.sent[0]?.to).toBe(userId);
	});

	it('quotes the message it answers, and never one of somebody else', async () => {
		const direct = await start();
		const [mine, other] = [await direct.writes(0), await direct.writes(1)];
		const content = { type: 'text', body: 'Yes' } as const;
		await sendDirect(await direct.sender(), { to: { by: 'event', value: mine }, content, answers: mine });
		expect(direct.sent[0]?.replyTo).toBe('wamid.in.1');
		await expect(sendDirect(await direct.sender(), { to: { by: 'event', value: mine }, content, answers: other })).rejects.toEqual(refused('direct.person', /somebody else/));
	});

	it('as a reaction names the message of the event', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		await sendDirect(await direct.sender(), { to: { by: 'event', value: event }, content: { type: 'reaction', emoji: '👍' }, answers: event });
		expect(direct.sent[0]).toMatchObject({ content: { type: 'reaction', emoji: '👍', messageId: 'wamid.in.1' } });
		expect(direct.sent[0]).not.toHaveProperty('replyTo');
	});

	it('that WhatsApp would refuse for its content is refused before anything is recorded', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		await expect(direct.say({ by: 'event', value: event }, 'x'.repeat(4097))).rejects.toEqual(refused('input.invalid', /4097|4,097/));
		expect(await direct.rows('SELECT * FROM direct_message')).toEqual([]);
	});
});

describe('the answer of WhatsApp', () => {
	it('that shows number and user id together makes them one person: STOP by user id alone counts for the number', async () => {
		const direct = await start();
		await direct.writes(50);
		direct.answer.with = () => ({ outcome: 'accepted', messageId: 'wamid.out', recipient: { phone: phoneOf(50) as E164, userId } });
		await direct.say({ by: 'address', value: phoneOf(50) });
		await direct.hear(text('STOP', { phone: null, userId, id: 'wamid.stop', at: direct.office.clock.now() }));
		await expect(direct.say({ by: 'address', value: phoneOf(50) })).rejects.toEqual(refused('direct.opted-out'));
	});
});

describe('the window', () => {
	it('closes 24 hours after the last message by Meta’s time, and the refusal offers the template', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 60 * hour }), { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 30 * hour }), async (ages, wait) => {
				const direct = await startDirectOffice();
				for (const age of ages) await direct.writes(0, age);
				direct.office.clock.advance(wait * 60_000);
				const trial = direct.say({ by: 'address', value: phoneOf(0) });
				if (Math.min(...ages) + wait < 24 * hour) expect(await trial).toMatchObject({ outcome: 'accepted' });
				else await expect(trial).rejects.toMatchObject({ code: 'direct.window', hint: expect.stringContaining('Send Template') as string });
				expect(direct.sent).toHaveLength(Math.min(...ages) + wait < 24 * hour ? 1 : 0);
				await direct.office.stop();
			}),
			{ numRuns: 12 },
		);
	});

	it('is not opened by a reaction, a notice of WhatsApp, what WhatsApp does not pass on, or a preference', async () => {
		const direct = await start();
		const from = { phone: phoneOf(0).slice(1), at: direct.office.clock.now() };
		await direct.hear(message({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } }, { ...from, id: 'wamid.1' }));
		await direct.hear(message({ type: 'system', system: { body: 'x', type: 'user_changed_number' } }, { ...from, id: 'wamid.2' }));
		await direct.hear(message({ type: 'unsupported', errors: [{ code: 131051, title: 'x' }] }, { ...from, id: 'wamid.3' }));
		await direct.hear(preference('resume', from));
		await expect(direct.say({ by: 'address', value: phoneOf(0) })).rejects.toEqual(refused('direct.window', /never written/));
	});

	it('counts for the number that was written to, not for another channel', async () => {
		const direct = await start();
		await direct.writes(0);
		await editByHand(direct.office.store, "UPDATE conversation SET channel_id = '1'");
		await expect(direct.say({ by: 'address', value: phoneOf(0) })).rejects.toEqual(refused('direct.window'));
	});
});

describe('the rules', () => {
	it('off: nothing leaves, replies included, and the attempt is entered', async () => {
		const direct = await start({});
		const event = await direct.writes(0);
		await expect(direct.say({ by: 'event', value: event })).rejects.toEqual(refused('direct.not-allowed', /replies included/));
		expect(direct.sent).toEqual([]);
		expect(await acts(direct.office.store)).toContain('direct.refuse');
	});

	it('in training reach approvers only', async () => {
		const direct = await start({ directMessages: 'all' }, { mode: 'training' });
		await direct.writes(0);
		await direct.writes(901);
		await expect(direct.say({ by: 'address', value: phoneOf(0) })).rejects.toEqual(refused('direct.training'));
		expect(await direct.say({ by: 'address', value: phoneOf(901) })).toMatchObject({ outcome: 'accepted' });
	});

	it('need an adopted store when live, and the node’s own rules', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		const stale = await direct.sender();
		await direct.office.change({ directMessages: 'replies' });
		await expect(sendDirect(stale, { to: { by: 'event', value: event }, content: { type: 'text', body: 'x' }, answers: null })).rejects.toEqual(refused('channel.rules'));
	});

	it('limit people in an hour, over all their messages, and the same content to people in a day', async () => {
		const direct = await start({ directMessages: 'all', directPeoplePerHour: 3, directPeoplePerContent: 2 });
		for (const n of [0, 1, 2, 3]) await direct.writes(n);
		const say = (n: number, body: string) => direct.say({ by: 'address', value: phoneOf(n) }, body);
		await say(0, 'The same');
		await say(0, 'The same');
		await say(1, '  THE same! ');
		await expect(say(2, 'The same.')).rejects.toEqual(refused('direct.limit', /this content/));
		await say(2, 'Something else');
		await expect(say(3, 'A fourth person')).rejects.toMatchObject({ code: 'direct.limit', message: expect.stringMatching(/last hour/) as string, hint: expect.stringContaining('Broadcast: Draft') as string });
		await say(1, 'Somebody known already');
		direct.office.clock.advance(61 * 60_000);
		await say(3, 'An hour later');
		await expect(say(3, 'the SAME')).rejects.toEqual(refused('direct.limit', /this content/));
		expect(direct.sent).toHaveLength(6);
	});

	it('do not count what certainly did not leave, but count what may have', async () => {
		const direct = await start({ directMessages: 'all', directPeoplePerHour: 1 });
		for (const n of [0, 1, 2]) await direct.writes(n);
		direct.answer.with = () => ({ outcome: 'notSent', refusal: { code: 131000, title: 'x', action: 'retry', explain: 'Meta is busy.', goOn: 'Try later.' } });
		expect(await direct.say({ by: 'address', value: phoneOf(0) })).toMatchObject({ outcome: 'not-sent', code: 131000, explain: 'Meta is busy. Try later.' });
		direct.answer.with = () => ({ outcome: 'uncertain', reason: 'No answer came.' });
		expect(await direct.say({ by: 'address', value: phoneOf(1) })).toMatchObject({ outcome: 'uncertain' });
		await expect(direct.say({ by: 'address', value: phoneOf(2) })).rejects.toEqual(refused('direct.limit'));
	});

	it('may leave replies uncounted', async () => {
		const direct = await start({ directMessages: 'replies', directPeoplePerHour: 1, directPeoplePerContent: 1, directCountReplies: false });
		for (const n of [0, 1, 2]) {
			await direct.writes(n);
			expect(await direct.say({ by: 'address', value: phoneOf(n) })).toMatchObject({ outcome: 'accepted' });
		}
	});
});

describe('STOP', () => {
	it.each([
		['the number', 'phone'],
		['the user id', 'bsuid'],
	])('by %s blocks a reply by either, also after the person wrote again', async (_, by) => {
		const direct = await start();
		const at = direct.office.clock.now();
		const both = { phone: phoneOf(0).slice(1), userId, at };
		const only = by === 'phone' ? { phone: phoneOf(0).slice(1), at } : { phone: null, userId, at };
		await direct.hear(text('hello', { ...both, id: 'wamid.1' }));
		await direct.hear(text('stop', { ...only, id: 'wamid.2' }));
		await direct.hear(text('Can I ask something?', { ...both, id: 'wamid.3' }));
		for (const value of [phoneOf(0), userId]) await expect(direct.say({ by: 'address', value })).rejects.toEqual(refused('direct.opted-out'));
		expect(direct.sent).toEqual([]);
	});

	it('entered by staff blocks too', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		await direct.office.store.execute(optOutByPhone, { phone: phoneOf(0), reason: 'Rang us' });
		await expect(direct.say({ by: 'event', value: event })).rejects.toEqual(refused('direct.opted-out'));
	});

	it('said by WhatsApp as a refusal counts from then on', async () => {
		const direct = await start();
		const event = await direct.hear(text('Hello', { phone: null, userId, id: 'wamid.in', at: direct.office.clock.now() }));
		direct.answer.with = () => ({ outcome: 'notSent', refusal: { code: 131050, title: 'x', action: 'suppress', explain: 'Stopped.', goOn: '' } });
		await direct.say({ by: 'event', value: event });
		await expect(direct.say({ by: 'event', value: event })).rejects.toEqual(refused('direct.opted-out'));
	});
});

describe('the record', () => {
	const secret = 'office-app-secret';

	it('holds the intent before the request leaves, the outcome after, and no person in clear', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		let during: unknown[] = [];
		direct.answer.with = () => ({ outcome: 'accepted', messageId: 'wamid.out' });
		const sender = await direct.sender();
		const send = sender.api.send.bind(sender.api);
		sender.api.send = async (...given) => {
			during = await direct.rows('SELECT state FROM direct_message');
			return send(...given);
		};
		await sendDirect(sender, { to: { by: 'event', value: event }, content: { type: 'text', body: 'Meet at the old mill' }, answers: null });
		expect(during).toEqual([{ state: 'intent' }]);
		expect(await direct.rows('SELECT state, reason FROM direct_message')).toEqual([{ state: 'accepted', reason: null }]);
		expect(await acts(direct.office.store)).toContain('direct.send');
		expect(direct.office.bytes()).not.toMatch(/old mill|7700900000|wamid/);
		expect((await direct.office.store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
	});

	it('is brought up to date by statuses, which are no ungoverned sends, and settles what was uncertain', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		direct.answer.with = () => ({ outcome: 'uncertain', reason: 'No answer came.' });
		const { messageId } = await direct.say({ by: 'event', value: event });
		const desk = deskIn(direct.office);
		const at = inSeconds(direct.office.clock.now());
		const told = (status: string, callback?: string, code?: number) => webhook(desk, statusBody(direct.office.settings.id, [{ id: 'wamid.out', status, at, ...(callback === undefined ? {} : { callback }), ...(code === undefined ? {} : { code }) }]), secret);
		await told('sent', messageId);
		await told('read');
		await desk.tend();
		expect(await direct.rows('SELECT state, reason, sent_at, read_at, failed_at FROM direct_message')).toEqual([{ state: 'accepted', reason: null, sent_at: at, read_at: at, failed_at: null }]);
		expect(await acts(direct.office.store)).not.toContain('delivery.unmatched');
	});

	it('names what a dead process had in hand uncertain, and never sends it again', async () => {
		const direct = await start();
		const event = await direct.writes(0);
		direct.answer.with = () => {
			throw new Error('the process ended');
		};
		await expect(direct.say({ by: 'event', value: event })).rejects.toThrow('the process ended');
		direct.office.clock.advance(11 * 60_000);
		direct.answer.with = () => ({ outcome: 'accepted', messageId: 'wamid.2' });
		await direct.say({ by: 'event', value: event }, 'Another');
		expect(await direct.rows('SELECT state, reason FROM direct_message ORDER BY created_at')).toEqual([
			{ state: 'uncertain', reason: 'interrupted' },
			{ state: 'accepted', reason: null },
		]);
		expect(direct.sent).toHaveLength(2);
	});

	it('finds nobody any more once the person was erased', async () => {
		const direct = await start();
		const event = await direct.hear(text('Hello', { phone: null, userId, id: 'wamid.in', at: direct.office.clock.now() }));
		await editByHand(direct.office.store, "DELETE FROM subject_key WHERE subject LIKE 'person:%'");
		expect((await direct.office.store.execute(readEvent, { id: event })).content).toBeUndefined();
		await expect(direct.say({ by: 'event', value: event })).rejects.toEqual(refused('direct.person', /erased/));
	});
});
