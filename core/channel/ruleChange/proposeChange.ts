import type { CommandContext } from '../../store/command';
import type { Channel } from '../channel';
import type { RulesSource } from '../settings';
import { differencesOf } from './putIntoForce';
import type { RulesAndMode } from './compareRules';
import { endRuleChange } from './endRuleChange';
import { openRuleChange, pendingChange, proposalFingerprint, ruleChangeMacParts, sealProposal, type RuleChange } from './ruleChange';

/** A proposal that was refused, or that nobody signed, is not put to the approvers again for so long. */
export const refusedForMs = 30 * 24 * 3600_000;

/** What became of rules that may not take effect by themselves. */
export type Proposal =
	| { standing: 'waits'; change: RuleChange; isNew: boolean }
	| { standing: 'refused'; change: RuleChange; until: number }
	/** Another credential for the number proposed something else first. */
	| { standing: 'two-credentials'; change: RuleChange };

/** Records a proposal, or finds it again. One waits at a time: a newer one from the same credential takes its place. */
export async function proposeChange(context: CommandContext, channel: Channel, proposed: RulesAndMode, source: RulesSource): Promise<Proposal> {
	const fingerprint = proposalFingerprint(context, channel.id, proposed);
	const pending = await pendingChange(context, channel.id);
	if (pending?.fingerprint === fingerprint) return { standing: 'waits', change: pending, isNew: false };
	if (pending !== undefined && !isSameSource(pending.source, source)) return { standing: 'two-credentials', change: pending };
	if (pending !== undefined) await endRuleChange(context, pending, 'superseded', 'The credential proposes something else now.');
	const refused = await refusedBefore(context, channel.id, fingerprint);
	if (refused !== undefined) return { standing: 'refused', change: refused, until: (refused.endedAt ?? 0) + refusedForMs };
	return { standing: 'waits', change: await insertChange(context, channel, proposed, fingerprint, source), isNew: true };
}

export function isSameSource(one: RulesSource, other: RulesSource): boolean {
	return one.kind === other.kind && one.id === other.id;
}

async function refusedBefore(context: CommandContext, channelId: string, fingerprint: string): Promise<RuleChange | undefined> {
	const row = await context.db
		.selectFrom('rule_change')
		.selectAll()
		.where('channel_id', '=', channelId)
		.where('proposal_fingerprint', '=', fingerprint)
		.where('state', 'in', ['refused', 'expired'])
		.where('ended_at', '>', context.now - refusedForMs)
		.orderBy('ended_at', 'desc')
		.executeTakeFirst();
	return row === undefined ? undefined : openRuleChange(context, row);
}

async function insertChange(context: CommandContext, channel: Channel, proposed: RulesAndMode, fingerprint: string, source: RulesSource): Promise<RuleChange> {
	const id = context.random.uuid();
	const before: RulesAndMode = { mode: channel.mode, rules: channel.rules };
	const row = {
		id,
		channel_id: channel.id,
		proposal_fingerprint: fingerprint,
		proposal_sealed: sealProposal(context, id, { before, proposed, source }),
		rules_before: channel.rulesFingerprint,
		mode_before: channel.mode,
		state: 'pending' as const,
		proposed_at: context.now,
		ended_at: null,
	};
	const stored = { ...row, asked_at: null, mac: context.keys.mac('rule-change', ruleChangeMacParts(row)) };
	await context.db.insertInto('rule_change').values(stored).execute();
	const differences = differencesOf(before, proposed);
	context.append({
		act: 'channel.propose',
		actor: { role: 'staff' },
		outcome: 'held',
		channel: channel.id,
		resource: { type: 'rule-change', id },
		counts: { differences: differences.length },
		disclose: { name: channel.name, differences },
	});
	return openRuleChange(context, stored);
}
