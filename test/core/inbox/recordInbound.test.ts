import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importCsv } from '../../../core/audience/importCsv';
import { isOptedOut } from '../../../core/audience/optOut';
import { recipientLookups } from '../../../core/audience/recipients';
import { readEvent } from '../../../core/inbox/readEvent';
import { recordInbound, type RecordedInbound } from '../../../core/inbox/recordInbound';
import { isCivicError } from '../../../core/errors';
import type { WebhookEvent } from '../../../core/whatsapp/webhookEvents';
import { temporaryStore, testTime, type TemporaryStore } from '../audience/temporaryStore';
import { channelId, message, preference, text } from './webhooks';

const userId = 'GB.13491208655302741918';

function receive({ within }: TemporaryStore, ...events: WebhookEvent[][]): Promise<RecordedInbound> {
	return within((context) => recordInbound(context, { channelId, events: events.flat() }));
}

/** A store with one resident, +44 7700 900123. */
async function withResident(): Promise<{ temporary: TemporaryStore; contactId: string }> {
	const temporary = await temporaryStore();
	const content = 'name,phone,topics,areas,consent source,consent date\nAda Marsh,07700 900123,Winter roads,Route 3,web form,2026-03-01';
	await importCsv(temporary.store, { content, source: 'test', now: testTime });
	const [contact] = await temporary.rows<{ id: string }>('SELECT id FROM contact');
	return { temporary, contactId: contact?.id ?? '' };
}

function isOut({ within }: TemporaryStore, id: { phone: string } | { bsuid: string }): Promise<boolean> {
	const name = 'phone' in id ? `phone:${id.phone}` : `bsuid:${id.bsuid}`;
	return within((context) => isOptedOut(context, [context.keys.lookup('person', name)], 'winter-roads'));
}

function kinds({ rows }: TemporaryStore): Promise<Array<{ kind: string }>> {
	return rows('SELECT kind FROM inbox_event ORDER BY seq');
}

describe('a message', () => {
	it('is stored once, however often it is delivered, and counted in one entry', async () => {
		const { temporary, contactId } = await withResident();
		expect(await receive(temporary, text('Is the hill gritted?'), text('Is the hill gritted?'))).toEqual({ stored: 1, duplicates: 1, optOuts: 0 });
		expect(await receive(temporary, text('Is the hill gritted?'), text('Thanks', { id: 'wamid.2' }))).toEqual({ stored: 1, duplicates: 1, optOuts: 0 });
		expect(await receive(temporary, text('Thanks', { id: 'wamid.2' }))).toEqual({ stored: 0, duplicates: 1, optOuts: 0 });
		expect(await temporary.rows('SELECT kind, contact_id, channel_id, occurred_at FROM inbox_event ORDER BY seq')).toEqual(
			[1, 2].map(() => ({ kind: 'message', contact_id: contactId, channel_id: channelId, occurred_at: testTime })),
		);
		const entries = await temporary.rows<{ leaf: Buffer }>("SELECT leaf FROM ledger_entry JOIN ledger_index USING (idx) WHERE act = 'inbox.record' ORDER BY idx");
		expect(entries.map(({ leaf }) => (JSON.parse(leaf.toString('utf8')) as { n: object }).n)).toEqual([1, 1].map(() => ({ stored: 1, duplicates: 1, optOuts: 0 })));
	});

	it('is opened by its id, with what was said, and by nothing else', async () => {
		const { temporary, contactId } = await withResident();
		await receive(temporary, text('Is the hill gritted?', { userId }));
		const [row] = await temporary.rows<{ id: string; seq: number }>('SELECT id, seq FROM inbox_event');
		const opened = await temporary.store.execute(readEvent, { id: row?.id ?? '' });
		expect(opened).toMatchObject({ kind: 'message', contactId, channelId, occurredAt: testTime, content: { text: 'Is the hill gritted?', from: '+447700900123', fromUserId: userId } });
		expect(await temporary.databaseBytes()).not.toMatch(/hill gritted|7700900123|13491208655302741918|Ada Marsh/);
		await temporary.change('DELETE FROM subject_key WHERE subject = ?', contactId);
		expect((await temporary.store.execute(readEvent, { id: row?.id ?? '' })).content).toBe(undefined);
		await expect(temporary.store.execute(readEvent, { id: 'no-such' })).rejects.toSatisfy((cause) => isCivicError(cause) && cause.code === 'input.invalid');
	});

	it('from somebody unknown is kept under a key of that person, and makes no contact', async () => {
		const temporary = await temporaryStore();
		await receive(temporary, text('Hello', { phone: '447700900999' }), text('Hello?', { phone: null, userId, id: 'wamid.2' }));
		const events = await temporary.rows<{ contact_id: null; subject: string; person_lookup: string }>('SELECT contact_id, subject, person_lookup FROM inbox_event');
		for (const { contact_id, subject, person_lookup } of events) expect([contact_id, subject]).toEqual([null, `person:${person_lookup}`]);
		expect(new Set(events.map(({ subject }) => subject)).size).toBe(2);
		expect(await temporary.rows('SELECT * FROM contact')).toEqual([]);
	});

	it.each([
		['text', { type: 'text', text: { body: 'hello' } }, 'message'],
		['a picture', { type: 'image', image: { id: '1', mime_type: 'image/jpeg', sha256: '' } }, 'message'],
		['a tap on a template button', { type: 'button', button: { payload: 'ROUTE', text: 'Show my route' }, context: { from: '1', id: 'wamid.0' } }, 'button'],
		['a choice in a list', { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'bins', title: 'Bins' } } }, 'button'],
		['a filled form', { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{}' } } }, 'message'],
		['a reaction', { type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } }, 'reaction'],
		['a kind that WhatsApp does not pass on', { type: 'unsupported', errors: [{ code: 131051, title: 'x' }] }, 'message'],
	])('that is %s is told apart', async (_, content, kind) => {
		const temporary = await temporaryStore();
		expect(await receive(temporary, message(content))).toEqual({ stored: 1, duplicates: 0, optOuts: 0 });
		expect(await kinds(temporary)).toEqual([{ kind }]);
	});

	it('opens the window from WhatsApp\'s time, never backwards, never from the future, and not by a reaction', async () => {
		const { temporary } = await withResident();
		const windows: unknown[] = [];
		const note = async () => windows.push(...(await temporary.rows('SELECT last_inbound_at AS at FROM contact')));
		await receive(temporary, message({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } }, { id: 'wamid.0' }), preference('resume'));
		await note();
		await receive(temporary, text('late', { id: 'wamid.2', at: testTime - 60_000 }));
		await note();
		await receive(temporary, text('later still', { id: 'wamid.3', at: testTime - 120_000 }));
		await note();
		await receive(temporary, text('from a fast clock', { id: 'wamid.4', at: testTime + 3_600_000 }));
		await note();
		expect(windows).toEqual([null, testTime - 60_000, testTime - 60_000, testTime].map((at) => ({ at })));
	});

	it('proves that somebody can be reached again', async () => {
		const { temporary } = await withResident();
		await temporary.change("UPDATE contact SET status = 'unreachable'");
		await receive(temporary, text('I have a new phone'));
		expect(await temporary.rows('SELECT status FROM contact')).toEqual([{ status: 'active' }]);
	});
});

describe('STOP', () => {
	it.each([
		['as text', () => text('Stop!'), 'whatsapp-text'],
		['as Welsh text', () => text('STOPIO'), 'whatsapp-text'],
		['under a picture', () => message({ type: 'image', image: { id: '1', caption: 'stop' } }), 'whatsapp-text'],
		['by the words of a template button', () => message({ type: 'button', button: { payload: 'x', text: 'Stop these' } }), 'whatsapp-button'],
		['by the payload of a template button', () => message({ type: 'button', button: { payload: 'STOP|gritting', text: 'No, thank you' } }), 'whatsapp-button'],
		['by an interactive button', () => message({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: '7', title: 'Stop' } } }), 'whatsapp-interactive'],
		['by WhatsApp\'s own control', () => preference('stop'), 'whatsapp-preferences'],
	])('%s is recorded with the event, for everything', async (_, events, source) => {
		const { temporary } = await withResident();
		expect(await receive(temporary, events())).toEqual({ stored: 1, duplicates: 0, optOuts: 1 });
		expect(await kinds(temporary)).toEqual([{ kind: 'opt-out' }]);
		expect(await temporary.rows('SELECT topic, since, source FROM opt_out')).toEqual([{ topic: '*', since: testTime, source }]);
		expect(await isOut(temporary, { phone: '+447700900123' })).toBe(true);
		expect(await temporary.rows("SELECT count(*) AS n FROM ledger_index WHERE act = 'consent.opt-out'")).toEqual([{ n: 1 }]);
	});

	it('counts by number and user id at once, whichever a later send goes by', async () => {
		const temporary = await temporaryStore();
		await receive(temporary, text('stop', { userId }));
		expect([await isOut(temporary, { phone: '+447700900123' }), await isOut(temporary, { bsuid: userId })]).toEqual([true, true]);
	});

	it('from somebody who hides the number reaches the contact that the user id was seen with', async () => {
		const { temporary, contactId } = await withResident();
		await receive(temporary, text('hello', { userId }));
		await receive(temporary, text('stop', { phone: null, userId, id: 'wamid.2' }));
		const lookups = await temporary.within((context) => recipientLookups(context, contactId));
		expect(lookups).toHaveLength(2);
		expect([await isOut(temporary, { phone: '+447700900123' }), await isOut(temporary, { bsuid: userId })]).toEqual([true, true]);
	});

	it('said while the number was hidden counts for the number as soon as both are seen', async () => {
		const temporary = await temporaryStore();
		await receive(temporary, text('stop', { phone: null, userId }));
		expect(await isOut(temporary, { phone: '+447700900123' })).toBe(false);
		await receive(temporary, text('hello again', { userId, id: 'wamid.2' }));
		expect(await isOut(temporary, { phone: '+447700900123' })).toBe(true);
	});

	it('moves on with a changed number', async () => {
		const { temporary } = await withResident();
		await receive(temporary, text('stop', { userId: 'GB.1' }));
		const system = { type: 'system', system: { body: 'Jo changed', type: 'user_changed_user_id', wa_id: '447700900777', user_id: 'GB.2', previous_user_id: 'GB.1' } };
		await receive(temporary, message(system, { phone: null, id: 'wamid.2' }));
		expect(await kinds(temporary)).toEqual([{ kind: 'opt-out' }, { kind: 'system' }]);
		expect([await isOut(temporary, { phone: '+447700900777' }), await isOut(temporary, { bsuid: 'GB.2' })]).toEqual([true, true]);
	});

	it('is not undone by anything that comes in', async () => {
		const { temporary } = await withResident();
		await receive(temporary, text('stop'));
		const replies = fc.oneof(
			fc.constantFrom('start', 'join', 'yes', 'unstop', 'subscribe').map((body) => (id: string) => text(body, { id })),
			fc.string().map((body) => (id: string) => text(body, { id })),
			fc.constant((id: string) => preference('resume', { at: testTime + Number(id) * 1000 })),
		);
		let n = 0;
		await fc.assert(
			fc.asyncProperty(replies, async (reply) => {
				await receive(temporary, reply(String(++n)));
				expect(await isOut(temporary, { phone: '+447700900123' })).toBe(true);
			}),
			{ numRuns: 30 },
		);
	});

	it('is no opt-out when the word is part of a sentence', async () => {
		const temporary = await temporaryStore();
		expect(await receive(temporary, text("Please don't stop gritting the hill"))).toMatchObject({ optOuts: 0 });
	});
});

describe('one person under two names', () => {
	it('is merged when number and user id are seen together', async () => {
		const { temporary, contactId } = await withResident();
		await receive(temporary, text('hello', { userId }));
		await receive(temporary, text('me again', { phone: null, userId, id: 'wamid.2' }));
		expect(await temporary.rows('SELECT contact_id FROM inbox_event')).toEqual([1, 2].map(() => ({ contact_id: contactId })));
	});

	it('is not given the user id of somebody else who has the number now', async () => {
		const { temporary, contactId } = await withResident();
		await receive(temporary, text('hello', { userId: 'GB.1' }));
		const [before] = await temporary.rows<{ bsuid_lookup: string }>('SELECT bsuid_lookup FROM contact');
		await receive(temporary, text('hello', { userId: 'GB.2', id: 'wamid.2' }));
		expect(await temporary.rows('SELECT id, bsuid_lookup FROM contact')).toEqual([{ id: contactId, bsuid_lookup: before?.bsuid_lookup }]);
	});
});

it('a preference delivered twice is kept once, a later one is another', async () => {
	const temporary = await temporaryStore();
	expect(await receive(temporary, preference('stop'), preference('stop'), preference('resume', { at: testTime + 1000 }))).toEqual({ stored: 2, duplicates: 1, optOuts: 1 });
	expect(await kinds(temporary)).toEqual([{ kind: 'opt-out' }, { kind: 'preference' }]);
});

it('a notice that names nobody is kept too', async () => {
	const temporary = await temporaryStore();
	const [event] = message({ type: 'system', system: { body: 'x', type: 'other_change' } }, { phone: null });
	expect(await receive(temporary, event === undefined ? [] : [event])).toMatchObject({ stored: 1 });
});
