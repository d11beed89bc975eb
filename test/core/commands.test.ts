import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withdrawUnsent, expireRequests } from '../../core/approval/expire';
import { withdrawRequest } from '../../core/approval/withdraw';
import { optOutByPhone } from '../../core/audience/optOutByPhone';
import { closeDesk } from '../../core/channel/deskAddress';
import { registerChannel } from '../../core/channel/registerChannel';
import { commands } from '../../core/commands';
import { sendDirect } from '../../core/dispatch/direct';
import { inboxCommands } from '../../core/inbox';
import { enterSubmission } from '../../core/message/submitTemplate';
import { appendNote } from '../../core/ledger/appendNote';
import { verifyStore } from '../../core/ledger/verifyStore';
import { deleteMedia, uploadOnce } from '../../core/message/mediaUpload';
import type { Command, CommandContext } from '../../core/store/command';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import { codeOn } from '../council/codes';
import { post, startCouncil, type Council } from '../council/council';
import { askFor, decideOn, draftGritting, linksOn, send } from '../council/steps';

interface Promised {
	/** Columns (or whole tables) that this command may change without an entry. */
	unentered?: string[];
	because?: string;
}

const entered: Promised = {};
const heartbeat = 'A sign of life, not a decision: it only tells a dead run from a living one.';
const handOver = 'Which flow has which event in hand. What came in is entered when it is stored, what a flow does with it when it does it.';

const statusTimes = ['delivery', 'staff_notice', 'direct_message'].flatMap((table) => ['sent_at', 'delivered_at', 'read_at', 'failed_at', 'pricing'].map((time) => `${table}.${time}`));

/**
 * Every command that may change the store. What it changes is entered in the ledger in the same transaction, except for
 * what stands here with its reason. A new command needs a line here.
 */
const promises: Record<string, Promised> = {
	'store.create-identity': entered,
	'channel.register': entered,
	'channel.adopt': entered,
	'desk.open': { unentered: ['desk.seen_at'], because: heartbeat },
	'desk.close': entered,
	'desk.see': { unentered: ['desk.seen_at'], because: heartbeat },
	'audience.import-contacts': entered,
	'audience.opt-out-by-phone': entered,
	'draft.create': entered,
	'notice.intent': {
		unentered: ['staff_notice'],
		because: 'The intent to write to a member of staff, kept so that nothing is sent twice. It is entered with how it ended.',
	},
	'notice.record': entered,
	'template.submit': entered,
	'direct.intent': {
		unentered: ['direct_message'],
		because: 'The intent to write to one person, kept so that nothing is sent twice and limits hold. It is entered with how it ended; a refusal at once.',
	},
	'direct.record': entered,
	'media.record': entered,
	'media.forget': entered,
	'approval.request': entered,
	'approval.request-rule-changes': entered,
	'approval.decide': entered,
	'approval.make-code': {
		unentered: ['approval_code'],
		because: 'A code that nobody has yet. It is entered with what became of it: sent, or not.',
	},
	'approval.record-code': entered,
	'approval.expire': entered,
	'approval.withdraw': entered,
	'approval.claim-notices': {
		unentered: ['approval_request.notice_at'],
		because: 'Who tells approvers, and when it is looked at again. What they are told is entered with the links that are made for it.',
	},
	'approval.settle-notice': {
		unentered: ['approval_request.notice_at', 'approval_request.asked_stage', 'approval_request.reminded_at', 'approval_request.escalated_at'],
		because: 'That somebody was told, which is entered with each message to staff.',
	},
	'approval.withdraw-unsent': entered,
	'approval.record-resume': {
		unentered: ['approval_request.resumed_at', 'approval_request.resume_attempts', 'approval_request.resume_after'],
		because: 'Whether n8n woke up. The decision it is woken for is entered; nothing rests on the waking.',
	},
	'broadcast.start': {
		unentered: ['send_run'],
		because: 'A run that joins a broadcast decides nothing. The broadcast is entered when it starts, and what each run sends when it is known.',
	},
	'broadcast.claim': {
		unentered: ['send_run.heartbeat_at', 'delivery.state', 'delivery.run_id', 'delivery.intent_at', 'delivery.attempts', 'delivery.next_attempt_at'],
		because: 'The intent before a request, on record in the delivery itself. Its outcome is entered, and an intent without one as interrupted.',
	},
	'broadcast.record': {
		unentered: ['send_run.heartbeat_at', 'delivery.state', 'delivery.run_id', 'delivery.intent_at', 'delivery.attempts', 'delivery.next_attempt_at', 'delivery.reason'],
		because: 'A delivery that goes back into the queue has no outcome yet.',
	},
	'broadcast.finish-run': { unentered: ['send_run.heartbeat_at', 'send_run.ended_at'], because: heartbeat },
	'inbox.subscribe': entered,
	'inbox.unsubscribe': entered,
	'inbox.take': { unentered: ['inbox_subscriber.read_up_to', 'inbox_handover'], because: handOver },
	'inbox.confirm': { unentered: ['inbox_handover'], because: handOver },
	'inbox.release': { unentered: ['inbox_handover.handed_at'], because: handOver },
	'desk.absorb': {
		unentered: statusTimes,
		because: 'Statuses come twice and out of order. That a message arrived is entered once; of the times told for it the earliest is kept, and of what Meta says it costs the first word.',
	},
	'desk.enter-strangers': entered,
	'ledger.append-note': entered,
};

const ledgerTables = ['ledger_entry', 'ledger_index', 'ledger_node', 'ledger_head', 'ledger_checkpoint', 'disclosure', 'subject_key'];

type Rows = Map<string, Map<number, Record<string, unknown>>>;

async function snapshot({ sql }: CommandContext): Promise<Rows> {
	const tables = await sql.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
	const rows: Rows = new Map();
	for (const { name } of tables) {
		if (ledgerTables.includes(name)) continue;
		const found = await sql.all<{ row_number: number }>(`SELECT rowid AS row_number, * FROM ${name}`);
		rows.set(name, new Map(found.map((row) => [row.row_number, row])));
	}
	return rows;
}

/** `table` where a row came or went, `table.column` where one changed. */
function changes(before: Rows, after: Rows): string[] {
	const changed = new Set<string>();
	for (const [table, rows] of after) {
		const old = before.get(table) ?? new Map<number, Record<string, unknown>>();
		for (const [number, row] of rows) {
			const was = old.get(number);
			if (was === undefined) changed.add(table);
			else for (const column of Object.keys(row)) if (String(row[column]) !== String(was[column])) changed.add(`${table}.${column}`);
		}
		for (const number of old.keys()) if (!rows.has(number)) changed.add(table);
	}
	return [...changed].sort();
}

describe('the commands', () => {
	it('have each a name of their own', () => {
		const names = commands.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	it('that may write have promised what they enter in the ledger', () => {
		expect(commands.filter(({ access }) => access === 'write').map(({ name }) => name).sort()).toEqual(Object.keys(promises).sort());
		for (const [name, { unentered, because }] of Object.entries(promises)) expect([name, unentered === undefined]).toEqual([name, because === undefined]);
	});
});

describe('every change of the store', () => {
	let council: Council;
	const ran = new Map<string, { changed: number; entered: number }>();
	const broken: string[] = [];

	/** Watches each command from inside its own transaction. */
	function watched(command: Command<unknown, unknown>): Command<unknown, unknown> {
		const run = async (context: CommandContext, input: unknown): Promise<unknown> => {
			const before = await snapshot(context);
			let entries = 0;
			const output = await command.run({ ...context, append: (entry) => (entries++, context.append(entry)) }, input);
			const changed = changes(before, await snapshot(context));
			const { changed: seen = 0, entered: told = 0 } = ran.get(command.name) ?? {};
			ran.set(command.name, { changed: seen + changed.length, entered: told + entries });
			const allowed = promises[command.name]?.unentered ?? [];
			const silent = entries > 0 ? [] : changed.filter((change) => !allowed.includes(change) && !allowed.includes(change.split('.')[0] ?? ''));
			if (silent.length > 0) broken.push(`${command.name} changed ${silent.join(', ')} without an entry`);
			return output;
		};
		return { ...command, run };
	}

	beforeEach(async () => {
		const execute = SqliteEngine.prototype.execute;
		vi.spyOn(SqliteEngine.prototype, 'execute').mockImplementation(function (this: SqliteEngine, command, input) {
			const seen = command.access === 'write' ? (watched(command as Command<unknown, unknown>) as typeof command) : command;
			return execute.call(this, seen as Command<unknown, unknown>, input) as never;
		});
		council = await startCouncil({ residents: 12, channel: { remindAfterHours: 1 } });
	});
	afterEach(async () => {
		await council.stop();
		vi.restoreAllMocks();
	});

	const named = (name: string) => {
		const command = [...commands, ...inboxCommands].find((of) => of.name === name);
		if (command === undefined) throw new Error(name);
		return command as Command<unknown, unknown>;
	};
	const call = <Output>(name: string, input?: unknown) => council.store.execute(named(name), input) as Promise<Output>;

	it('has its entry: the whole journey, and what happens beside it', async () => {
		await call('inbox.subscribe', { subscriberId: 'flow-1', channelId: council.settings.id, kinds: ['message', 'opt-out'] });
		await council.store.execute(registerChannel, { ...council.settings, name: 'Aldersea winter' });

		const draft = await draftGritting(council);
		await askFor(council, draft.id);
		expect((await decideOn(linksOn(council, '+447700900901')[0] ?? '', 'approve')).status).toBe(303);
		expect(await send(council, draft.id)).toMatchObject({ state: 'finished' });
		await send(council, draft.id);
		await council.sandbox.idle();

		const coded = await askFor(council, (await draftGritting(council, { title: 'By code' })).id, [], 'locator');
		const codedLink = `${council.deskUrl}/desk/${coded.links[0]?.token ?? ''}`;
		await fetch(codedLink, { method: 'POST', body: new URLSearchParams({ send: 'code' }) });
		const code = await codeOn(council.sandbox, '+447700900901');
		for (const given of [code === '000000' ? '000001' : '000000', code]) await decideOn(codedLink, 'approve', '', given);

		const late = await askFor(council, (await draftGritting(council, { title: 'Second' })).id);
		expect(late.requestId).toBeTruthy();
		council.clock.advance(3_600_000);
		await council.desk.tend();
		council.clock.advance(12 * 3_600_000);
		await council.store.execute(expireRequests, undefined);
		await council.desk.tend();
		const taken = await askFor(council, (await draftGritting(council, { title: 'Taken back' })).id);
		await council.store.execute(withdrawRequest, { requestId: taken.requestId, channelId: council.settings.id, by: { name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null }, reason: '' });
		const withdrawn = await askFor(council, (await draftGritting(council, { title: 'Third' })).id);
		await council.store.execute(withdrawUnsent, { requestId: withdrawn.requestId });
		const takenBack = await askFor(council, (await draftGritting(council, { title: 'Fourth' })).id);
		await call('approval.withdraw', { requestId: takenBack.requestId, channelId: council.settings.id, by: { name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null }, reason: '' });

		for (const [from, text] of [['+447700900001', 'Thank you'], ['+447700900002', 'STOP']]) await post(`${council.sandbox.admin}/inbound`, { from, text });
		await council.sandbox.idle();
		const looser = { ...council.settings, rules: { ...council.settings.rules, directMessages: { ...council.settings.rules.directMessages, allow: 'replies' as const } } };
		await council.store.execute(registerChannel, looser);
		council.clock.advance(20_000);
		await council.desk.tend();
		await council.sandbox.idle();
		expect((await decideOn(linksOn(council, '+447700900901').at(-1) ?? '', 'approve')).status).toBe(303);
		const rulesNow = await council.store.execute(registerChannel, looser);
		const media = { store: council.store, api: council.api, channelId: council.settings.id };
		const { mediaId } = await uploadOnce(media, { bytes: Buffer.from('collection days'), mimeType: 'text/plain', filename: 'days.txt' });
		const sender = { ...media, rulesFingerprint: rulesNow.rulesFingerprint, flow: null };
		await sendDirect(sender, { to: { by: 'address', value: '+447700900001' }, content: { type: 'document', media: { id: mediaId } }, answers: null });
		await deleteMedia(media, mediaId);
		await council.sandbox.idle();
		await council.store.execute(optOutByPhone, { phone: '+447700900003', reason: 'Rang us', enteredBy: 'Sam Okafor' });
		const events = await call<Array<{ seq: number }>>('inbox.take', { subscriberId: 'flow-1', limit: 1 });
		expect(events).toHaveLength(1);
		await call('inbox.release', { subscriberId: 'flow-1' });
		await call('inbox.take', { subscriberId: 'flow-1', limit: 5 });
		await call('inbox.confirm', { subscriberId: 'flow-1', seqs: events.map(({ seq }) => seq) });
		await call('inbox.unsubscribe', { subscriberId: 'flow-1' });

		await fetch(`${council.deskUrl}/desk/${randomUUID()}`);
		council.clock.advance(120_000);
		await council.desk.tend();
		await council.store.execute(appendNote, { subject: 'complaint', text: 'A resident rang.', by: 'Sam Okafor' });
		const submitted = { channelId: council.settings.id, name: 'road_closed', language: 'en_GB', category: 'UTILITY', definitionHash: 'f'.repeat(64) };
		await council.store.execute(enterSubmission, { ...submitted, found: 'created', status: 'PENDING', id: '1' });
		await council.store.execute(closeDesk, undefined);

		expect(broken).toEqual([]);
		expect([...ran.keys()].sort()).toEqual(Object.keys(promises).sort());
		const idle = [...ran].filter(([, { changed, entered: told }]) => changed === 0 && told === 0).map(([name]) => name);
		expect(idle).toEqual([]);
		expect((await council.store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
	});
});
