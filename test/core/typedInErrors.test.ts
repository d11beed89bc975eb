import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { narrowCircle } from '../../core/approval/narrowCircle';
import { requestSignOff } from '../../core/approval/requestSignOff';
import { countAudience } from '../../core/audience/countAudience';
import { importCsv } from '../../core/audience/importCsv';
import { loadChannel } from '../../core/channel/channel';
import { parseChannelSettings } from '../../core/channel/parseSettings';
import { requireAllowed } from '../../core/channel/requireAllowed';
import { markConversationRead, sendDirect, type DirectSender } from '../../core/dispatch/direct';
import { readReport } from '../../core/dispatch/report';
import { sendBroadcast, type SendSettings } from '../../core/dispatch/sendBroadcast';
import { isCivicError } from '../../core/errors';
import { readEvent, subscribe } from '../../core/inbox';
import { findReceivedFile } from '../../core/inbox/receivedFile';
import { appendNote } from '../../core/ledger/appendNote';
import { readDraft } from '../../core/message/loadDraft';
import { findInLibrary } from '../../core/message/templateLibrary';
import { typed, typedMetaId } from '../../core/whatsapp/redaction';
import { readMoment } from '../../nodes/shared/moment';
import { officeFields, startOffice, type Office } from '../council/office';
import { rulesFingerprint, within } from '../council/tables';
import { channelOver, refusal } from './whatsapp/sending';

let office: Office;
let direct: DirectSender;
const text = { type: 'text', body: 'Hello' } as const;
/** Meta that knows nothing it is asked for. */
const ignorant = channelOver(() => Promise.resolve({ status: 400, headers: {}, text: JSON.stringify(refusal(100)) }));
const emptyHanded = channelOver(() => Promise.resolve({ status: 200, headers: {}, text: '{"data":[]}' }));

beforeAll(async () => {
	office = await startOffice({ residents: 2, channel: { directMessages: 'all' } });
	direct = { store: office.store, api: ignorant, channelId: office.settings.id, rulesFingerprint: await rulesFingerprint(office.store, office.settings.id), flow: null };
});
afterAll(() => office.stop());

/** Every operation that takes an id or a name which somebody may have typed. */
const operations: Array<[string, (given: string) => unknown]> = [
	['event that is read', (id) => office.store.execute(readEvent, { id })],
	['event whose file is fetched', (eventId) => office.store.execute(findReceivedFile, { channelId: office.settings.id, eventId })],
	['event to write to', (value) => sendDirect(direct, { to: { by: 'event', value }, content: text, answers: null })],
	['event to quote', (answers) => sendDirect(direct, { to: { by: 'address', value: '+447700900000' }, content: text, answers })],
	['event to react to', (value) => sendDirect(direct, { to: { by: 'event', value }, content: { type: 'reaction', emoji: '👍' }, answers: value })],
	['event to mark as read', (value) => markConversationRead(direct, { by: 'event', value }, { typing: false })],
	['conversation to write to', (value) => sendDirect(direct, { to: { by: 'conversation', value }, content: text, answers: null })],
	['conversation to mark as read', (value) => markConversationRead(direct, { by: 'conversation', value }, { typing: true })],
	['contact', (value) => sendDirect(direct, { to: { by: 'contact', value }, content: text, answers: null })],
	['person by number or user id', (value) => sendDirect(direct, { to: { by: 'address', value: `${value} x` }, content: text, answers: null })],
	['broadcast of a report', (id) => office.store.execute(readReport, { id })],
	['draft to send', (id) => sendBroadcast({ store: office.store, channelId: office.settings.id } as unknown as SendSettings, id)],
	['draft that is read', (draftId) => office.store.execute(readDraft, { draftId })],
	['draft to sign', (draftId) => office.ask(draftId)],
	['approver', (given) => narrowCircle(office.settings.rules.approvers, [given])],
	['channel', (id) => within(office.store, (context) => loadChannel(context, id))],
	['channel of a sign-off', async (channelId) => office.store.execute(requestSignOff, { draftId: (await office.draft()).id, channelId, ask: [], decideWithinHours: null, executionId: '1', resumeUrl: 'http://127.0.0.1:9/' })],
	['channel of a conversation', (channelId) => sendDirect({ ...direct, channelId }, { to: { by: 'conversation', value: 'x' }, content: text, answers: null })],
	['service', async (service) => requireAllowed(await within(office.store, (context) => loadChannel(context, office.settings.id)), { service, requester: { name: 'Sam Okafor', email: null, phone: null }, topic: 'winter-roads', areas: null, people: 1 })],
	['topic', (topic) => office.store.execute(countAudience, { topic })],
	['area', (area) => office.store.execute(countAudience, { areas: [area] })],
	['column', (phone) => importCsv(office.store, { content: 'name,phone,topics,area,consent source,consent date\n', source: 'x', now: 0, columns: { phone } })],
	['time zone', (zone) => parseChannelSettings(officeFields({ zone }))],
	['kind of event', (kind) => office.store.execute(subscribe, { subscriberId: 's', channelId: office.settings.id, kinds: [kind as never] })],
	['subject of a note', (subject) => office.store.execute(appendNote, { subject, text: 'x', by: '' })],
	['template', (name) => emptyHanded.getTemplate(name, 'en_GB')],
	['template of the library', (name) => findInLibrary([], name, 'en')],
	['language of a template of the library', (language) => findInLibrary([], 'x', language)],
	['file at Meta', (id) => ignorant.deleteMedia(id)],
	['date', (given) => readMoment(given, 'Not Before', 'Europe/London')],
];

const numbers = ['+447700900147', '447700900147', '07700 900147', '+44 (0)7700-900147', '7700900147'];
const userIds = ['GB.13491208655302741918', 'US.ENT.a1B2c3D4e5F6'];
const messageIds = ['wamid.HBgMNDQ3NzAwOTAwMTQ3FQIAEhgUM0E'];

describe('an error', () => {
	it.each(operations)('repeats neither number nor user id nor message id that was given as %s', async (_, run) => {
		for (const given of [...numbers, ...userIds, ...messageIds, `sent to ${numbers[0]} today`]) {
			const said = await wordsOf(run, given);
			expect(said.replace(/[\s().-]/g, '')).not.toMatch(/7700900147|34912086553|a1B2c3D4e5F6|NDQ3NzAwOTAw/i);
		}
	});

	it.each(['event that is read', 'conversation to write to', 'contact', 'broadcast of a report', 'draft that is read'])('shows an id of ours as it was given: %s', async (name) => {
		const id = '3f1c2a84-5a1e-4f5b-9a63-007700900123';
		const run = operations.find(([of]) => of === name)?.[1];
		expect(await wordsOf(run ?? (() => undefined), id)).toContain(id);
	});
});

/** What is said when it is refused; everything here is. */
async function wordsOf(run: (given: string) => unknown, given: string): Promise<string> {
	try {
		await run(given);
	} catch (thrown) {
		if (!isCivicError(thrown)) throw thrown;
		return `${thrown.message} ${thrown.hint}`;
	}
	throw new Error('It was not refused, so there is no error to look at.');
}

describe('what somebody typed', () => {
	it.each([
		['gritting_notice', 'gritting_notice'],
		['Route 3 and 5', 'Route 3 and 5'],
		['2026-13-45 18:00', '2026-13-45 18:00'],
		['priya.raman2@aldersea.example', 'priya.raman2@aldersea.example'],
		['3f1c2a84-5a1e-4f5b-9a63-0d7c1e2b9f10', '3f1c2a84-5a1e-4f5b-9a63-0d7c1e2b9f10'],
		['Jo 07700 900123', 'Jo …'],
		['+4915112345', '…'],
		['GB.13491208655302741918', 'GB.…'],
		['for gb.A1b2c3d4 only', 'for gb.… only'],
		['wamid.HBgM', 'wamid.…'],
		['two\nlines', 'two lines'],
		['x'.repeat(31) + ' '.repeat(3) + 'y'.repeat(31), `${'x'.repeat(31)} ${'y'.repeat(27)}…`],
	])('is shown so far as it names nobody: %s', (given, shown) => {
		expect(typed(given)).toBe(shown);
	});

	it('is shown as an id of Meta only when it cannot be a number of somebody', () => {
		expect(['106540352242922', '1003383421387256', '447700900123', '13491208655302741918'].map(typedMetaId)).toEqual(['106540352242922', '1003383421387256', '…', '…']);
	});
});
