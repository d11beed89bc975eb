import { loadChannel } from '../channel/channel';
import type { StoredChannel } from '../channel/channelApi';
import { isCivicError } from '../errors';
import { loadDraft } from '../message/loadDraft';
import { defineCommand, type CommandContext } from '../store/command';
import type { Row } from '../store/schema';
import type { Store } from '../store/store';
import { issueLink } from './link';
import { notifyApprovers, readSignOffTemplate, type SignOffNotice } from './notifyApprovers';
import { signedBy } from './outcome';
import type { SignOffPlan, Signatory } from './plan';
import { openRequest, type ApprovalRequest } from './request';
import { standingOf } from './standing';

/** `step`: people whose turn has come. `deputies`: an approver has let time pass. `reminder`: people who were asked before. */
export type NoticeKind = 'step' | 'deputies' | 'reminder';

export interface DueNotice {
	kind: NoticeKind;
	channelId: string;
	/** Position of the step. */
	stage: number;
	/** Whether deputies are among those told. */
	deputies: boolean;
	notice: SignOffNotice;
}

/** Whoever took notices on and died leaves them to others after so long. */
const leaseMs = 5 * 60_000;

const mostAtOnce = 10;

/**
 * Takes on what approvers are to be told now, with a link each: those whose step has come, deputies of those who are late,
 * and once those who have not decided. Nobody else takes the same on for five minutes.
 */
export const claimNotices = defineCommand('approval.claim-notices', async (context, _: undefined): Promise<DueNotice[]> => {
	const desk = await context.db.selectFrom('desk').selectAll().executeTakeFirst();
	if (desk === undefined) return [];
	const rows = await context.db
		.selectFrom('approval_request')
		.selectAll()
		.where('state', '=', 'pending')
		.where('notice_at', '<=', context.now)
		.where('expires_at', '>', context.now)
		.orderBy('notice_at')
		.limit(mostAtOnce)
		.execute();
	const due: DueNotice[] = [];
	for (const row of rows) {
		const notice = await noticeOf(context, row, desk.page_address);
		if (notice !== null) due.push(notice);
	}
	return due;
});

async function noticeOf(context: CommandContext, row: Row<'approval_request'>, pageAddress: string): Promise<DueNotice | null> {
	const request = await sound(context, row);
	const due = request === null ? null : await dueOf(context, row, request);
	const next = due === null && request !== null ? nextNotice(request.plan, row, context.now) : context.now + leaseMs;
	await context.db.updateTable('approval_request').set({ notice_at: next }).where('id', '=', row.id).execute();
	if (request === null || due === null) return null;
	const { kind, stage, people } = due;
	const links = [];
	for (const person of people) links.push({ token: await issueLink(context, request.id, person), approver: person });
	context.append({
		act: `approval.${kind}`,
		actor: { role: 'system' },
		outcome: 'ok',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
		counts: { asked: people.length, stage },
		disclose: { asked: people.map(({ name, email }) => ({ name, email })) },
	});
	return {
		kind,
		channelId: request.channelId,
		stage,
		deputies: people.some(({ asked }) => asked === 'when-late'),
		notice: {
			requestId: request.id,
			expiresAt: request.expiresAt,
			pageAddress,
			draft: await aboutOf(context, request),
			links,
		},
	};
}

/** What the sign-off template says of it. */
async function aboutOf(context: CommandContext, { subject, channelId }: ApprovalRequest): Promise<SignOffNotice['draft']> {
	if (subject.kind === 'rule-change') {
		const { name } = await loadChannel(context, channelId);
		return { title: `Change of the rules of ${name}`, service: 'IT', people: 0 };
	}
	const { content } = await loadDraft(context, subject.draftId);
	return { title: content.title, service: content.service, people: content.audience.count };
}

async function dueOf(context: CommandContext, row: Row<'approval_request'>, { plan, ...request }: ApprovalRequest): Promise<{ kind: NoticeKind; stage: number; people: Signatory[] } | null> {
	const signed = await signedBy(context, { plan, ...request });
	const { stage } = standingOf(plan, signed);
	const people = plan.stages[stage]?.people ?? [];
	const heard = new Set(people.filter(({ email }) => signed.includes(email)).map(({ countsAs }) => countsAs));
	const open = (asked: Signatory['asked']) => people.filter((person) => person.asked === asked && !heard.has(person.countsAs));
	const isLate = plan.escalateAt !== null && plan.escalateAt <= context.now;
	if (stage > row.asked_stage) return { kind: 'step', stage, people: isLate ? [...open('at-once'), ...open('when-late')] : open('at-once') };
	if (isLate && row.escalated_at === null && open('when-late').length > 0) return { kind: 'deputies', stage, people: open('when-late') };
	if (plan.remindAt !== null && plan.remindAt <= context.now && row.reminded_at === null && open('at-once').length > 0) return { kind: 'reminder', stage, people: open('at-once') };
	return null;
}

/** @returns ms, or null when nobody is to be told any more */
function nextNotice({ remindAt, escalateAt }: SignOffPlan, row: Pick<Row<'approval_request'>, 'reminded_at' | 'escalated_at'>, now: number): number | null {
	const ahead = [row.reminded_at === null ? remindAt : null, row.escalated_at === null ? escalateAt : null].filter((at) => at !== null && at > now) as number[];
	return ahead.length === 0 ? null : Math.min(...ahead);
}

/** A row that was edited by hand tells nobody anything, and must not keep the others from being told. */
async function sound(context: CommandContext, row: Row<'approval_request'>): Promise<ApprovalRequest | null> {
	try {
		return await openRequest(context, row);
	} catch (cause) {
		if (isCivicError(cause) && cause.code === 'store.tampered') return null;
		throw cause;
	}
}

/** Notes that a notice was brought to somebody, so that the next one is looked for at once. */
export const settleNotice = defineCommand('approval.settle-notice', async ({ db, now }, input: { requestId: string; kind: NoticeKind; stage: number; deputies: boolean }): Promise<void> => {
	await db
		.updateTable('approval_request')
		.set({
			notice_at: now,
			...(input.kind === 'step' ? { asked_stage: input.stage } : {}),
			...(input.kind === 'reminder' ? { reminded_at: now } : {}),
			...(input.deputies ? { escalated_at: now } : {}),
		})
		.where('id', '=', input.requestId)
		.execute();
});

/**
 * Tells approvers what is due. What reached nobody is tried again after five minutes.
 * @param open gives a channel as the store knows it
 * @returns how many people were reached and missed
 */
export async function notifyDue(store: Store, open: (channelId: string) => Promise<StoredChannel>): Promise<{ reached: number; missed: number }> {
	const tally = { reached: 0, missed: 0 };
	let fault: unknown;
	for (const { kind, channelId, stage, deputies, notice } of await store.execute(claimNotices, undefined)) {
		try {
			const { api, ...channel } = await open(channelId);
			const template = await readSignOffTemplate(api, channel.rules);
			const { reached, missed } = await notifyApprovers({ store, api }, channel, template, notice, kind === 'reminder' ? 'reminder' : 'sign-off');
			tally.reached += reached.length;
			tally.missed += missed.length;
			if (reached.length > 0) await store.execute(settleNotice, { requestId: notice.requestId, kind, stage, deputies });
		} catch (cause) {
			// One channel that cannot be reached does not keep the others waiting.
			fault ??= cause;
		}
	}
	if (fault !== undefined) throw fault;
	return tally;
}
