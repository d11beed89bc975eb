import { loadGrant, type Grant } from '../approval/grant';
import type { SignOffPlan } from '../approval/plan';
import { loadRequest } from '../approval/request';
import { loadChannel, requireAdopted, type Channel } from '../channel/channel';
import { quietUntil } from '../channel/quietHours';
import { CivicError } from '../errors';
import { canonicalJson } from '../ledger/canonicalJson';
import type { DraftContent } from '../message/draftContent';
import { loadDraft, type Draft } from '../message/loadDraft';
import type { CommandContext } from '../store/command';
import type { TemplateContent } from '../whatsapp/templateContent';

/** What was read at Meta just before the run. */
export interface Preflight {
	/** The template's content now, as `templateContent` gives it. */
	templateContent: TemplateContent;
	/** Its category now. */
	category: string;
	/** Meta's clock (`Date` header), ms; null when the answer had none. */
	serverDate: number | null;
}

export interface Authorised {
	channel: Channel;
	draft: Draft;
	grant: Grant;
}

/** What a node asks to send, and under which rules it was set up. */
export interface SendWish {
	draftId: string;
	channelId: string;
	/** Of the rules in force when the node opened its channel. What its credential would loosen is not among them. */
	rulesFingerprint: string;
	preflight: Preflight;
}

const mostSkewMs = 5 * 60_000;

/**
 * Everything that must hold before a message leaves. A missing or unreadable part means no.
 * @throws CivicError naming the first thing that does not hold
 */
export async function authoriseSend(
	context: CommandContext,
	input: SendWish & { /** The broadcast has begun: what is past its window is settled as such, not refused. */ joins: boolean },
): Promise<Authorised> {
	const draft = await loadDraft(context, input.draftId);
	const channel = await loadChannel(context, input.channelId);
	requireAdopted(channel);
	requireSameChannel(draft, channel);
	requireOwnRules(channel, input.rulesFingerprint);
	const { grant, plan } = await requireGrant(context, draft, channel);
	requireTemplate(draft.content, input.preflight);
	await requireClock(context, input.preflight.serverDate);
	requireTime(context.now, draft.content, channel, { joins: input.joins, quietHours: plan.quietHours });
	return { channel, draft, grant };
}

function requireSameChannel(draft: Draft, channel: Channel): void {
	if (draft.channelId !== channel.id) {
		throw new CivicError(
			'draft.changed',
			`The draft was made and signed for another channel than "${channel.name}".`,
			'Give Send Broadcast the same "Civic WhatsApp API" credential as the node that drafted.',
		);
	}
	if (draft.content.mode !== channel.mode) {
		throw new CivicError(
			'channel.mode',
			`The draft was signed in ${draft.content.mode} mode; channel "${channel.name}" is in ${channel.mode} mode now.`,
			'Nothing was sent. Make a new draft in the mode that is meant and have it signed.',
		);
	}
}

/** @throws CivicError channel.rules */
export function requireOwnRules(channel: Channel, rulesFingerprint: string): void {
	if (channel.rulesFingerprint === rulesFingerprint) return;
	throw new CivicError(
		'channel.rules',
		`The rules of channel "${channel.name}" changed while this node ran: approvers signed new ones, or another credential for the number was opened.`,
		'Nothing was sent. Keep one credential a number, and run the node again; the ledger says when the rules changed.',
	);
}

async function requireGrant(context: CommandContext, draft: Draft, channel: Channel): Promise<{ grant: Grant; plan: SignOffPlan }> {
	const grant = await loadGrant(context, draft.id);
	if (grant === undefined) {
		throw new CivicError(
			'approval.none',
			'Nobody has signed this draft, so nothing was sent.',
			'Connect Send Broadcast to the Approved output of an Approval Gate that is switched on, and have the draft signed. The lane alone is not trusted: the store must hold the sign-off.',
		);
	}
	const request = await loadRequest(context, grant.requestId);
	if (grant.digest !== draft.digest || request.digest !== draft.digest || request.state !== 'approved') {
		throw new CivicError('draft.changed', 'The sign-off was given for other content than this draft has.', 'Make a new draft and have it signed.');
	}
	if (grant.rulesFingerprint !== channel.rulesFingerprint) {
		throw new CivicError(
			'channel.rules',
			`The rules of channel "${channel.name}" changed after this draft was signed.`,
			'Nothing was sent. Make a new draft and have it signed under the rules in force now.',
		);
	}
	return { grant, plan: request.plan };
}

function requireTemplate(content: DraftContent, preflight: Preflight): void {
	const variant = content.variants[0];
	const same = variant !== undefined && canonicalJson(variant.templateContent) === canonicalJson(preflight.templateContent);
	if (same && content.category === preflight.category) return;
	throw new CivicError(
		'template.changed',
		variant !== undefined && content.category !== preflight.category
			? `The category of template "${variant.template}" changed at Meta from ${content.category} to ${preflight.category} after the draft was signed.`
			: `The text or buttons of template "${variant?.template ?? ''}" changed at Meta after the draft was signed.`,
		'Nothing was sent. Make a new draft, look at it, and have it signed.',
	);
}

/**
 * A wrong clock opens and closes windows at the wrong time and puts false times into the record.
 * @throws CivicError clock.skew
 */
export async function requireClock(context: CommandContext, serverDate: number | null): Promise<void> {
	if (serverDate === null) throw skewed("WhatsApp's answer carried no time, so the clock of this machine could not be compared with it.");
	const off = context.now - serverDate;
	if (Math.abs(off) > mostSkewMs) throw skewed(`The clock of this machine is ${minutes(off)} ${off > 0 ? 'ahead of' : 'behind'} WhatsApp's.`);
	const head = await context.db.selectFrom('ledger_head').select('newest_at').executeTakeFirst();
	const behind = (head?.newest_at ?? 0) - context.now;
	if (behind > mostSkewMs) throw skewed(`The clock of this machine is ${minutes(behind)} behind the newest entry of the ledger.`);
}

function minutes(ms: number): string {
	const count = Math.round(Math.abs(ms) / 60_000);
	return `${count} minute${count === 1 ? '' : 's'}`;
}

function skewed(what: string): CivicError {
	return new CivicError('clock.skew', what, 'Nothing was sent. Set the clock (a time service such as NTP keeps it right), then run the node again; a sign-off stays valid.');
}

/** @param allowed whether the broadcast has begun, and whether its signatures also allow quiet hours */
function requireTime(now: number, content: DraftContent, channel: Channel, { joins, quietHours }: { joins: boolean; quietHours: boolean }): void {
	const at = (iso: string | number) => new Date(iso).toLocaleString('en-GB', { timeZone: channel.rules.zone, dateStyle: 'medium', timeStyle: 'short' });
	if (now < Date.parse(content.notBefore)) {
		throw new CivicError('draft.window', `This draft may not go out before ${at(content.notBefore)}.`, 'Put a Wait node before Send Broadcast, or run it again then.');
	}
	if (now > Date.parse(content.notAfter)) {
		if (joins) return;
		throw new CivicError(
			'draft.window',
			`This draft was to go out by ${at(content.notAfter)}. It is too late, and its words may no longer be true.`,
			'Make a new draft if the message is still right.',
		);
	}
	const quiet = quietHours ? null : quietUntil(now, channel.rules.zone, channel.rules.quietHours);
	if (quiet !== null) {
		throw new CivicError('draft.window', `Channel "${channel.name}" is in its quiet hours until ${at(quiet)}.`, 'Run Send Broadcast again after that; the sign-off stays valid inside the window of the draft.');
	}
}
