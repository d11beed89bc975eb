import { createHash } from 'node:crypto';
import { canonicalJson } from '../../ledger/canonicalJson';
import { CivicError } from '../../errors';
import type { CommandContext } from '../../store/command';
import type { ChannelMode, Row, RuleChangeState, Schema } from '../../store/schema';
import { readSpelledRules, spellRules } from '../rules';
import type { RulesSource } from '../settings';
import type { RulesAndMode } from './compareRules';

/** Rules that were proposed for a channel and wait for sign-off, or once did. Its seal is checked. */
export interface RuleChange {
	id: string;
	channelId: string;
	fingerprint: string;
	/** What was in force when it was proposed. */
	before: RulesAndMode;
	proposed: RulesAndMode;
	/** Where the proposal stands. */
	source: RulesSource;
	rulesBefore: string;
	modeBefore: ChannelMode;
	state: RuleChangeState;
	proposedAt: number;
	endedAt: number | null;
}

type SealedColumn = 'id' | 'channel_id' | 'proposal_fingerprint' | 'proposal_sealed' | 'rules_before' | 'mode_before' | 'state' | 'proposed_at' | 'ended_at';

export function ruleChangeMacParts(row: Pick<Schema['rule_change'], SealedColumn>): Array<string | number | null> {
	const sealed = createHash('sha256').update(row.proposal_sealed).digest('hex');
	return [row.id, row.channel_id, row.proposal_fingerprint, sealed, row.rules_before, row.mode_before, row.state, row.proposed_at, row.ended_at];
}

export function proposalPlace(id: string): string {
	return `rule_change/${id}/proposal`;
}

/** Keyed, like that of the rules. By it the same proposal is known again. */
export function proposalFingerprint({ keys }: CommandContext, channelId: string, { mode, rules }: RulesAndMode): string {
	return keys.mac('rule-change-proposal', [channelId, mode, spellRules(rules)]);
}

/** What is signed: this proposal in place of these rules. 64 hex digits. */
export function ruleChangeDigest({ keys }: CommandContext, change: RuleChange): string {
	return keys.mac('rule-change-digest', [change.id, change.channelId, change.rulesBefore, change.modeBefore, change.fingerprint]);
}

export function sealProposal(context: CommandContext, id: string, { before, proposed, source }: Pick<RuleChange, 'before' | 'proposed' | 'source'>): Buffer {
	const spelled = ({ mode, rules }: RulesAndMode) => ({ mode, rules: spellRules(rules) });
	return context.keys.seal(proposalPlace(id), canonicalJson({ before: spelled(before), proposed: spelled(proposed), source: source as unknown as Record<string, string> }));
}

/** @throws CivicError store.tampered */
export function openRuleChange(context: CommandContext, row: Row<'rule_change'>): RuleChange {
	context.keys.checkMac('rule-change', ruleChangeMacParts(row), row.mac, 'change of the rules');
	const held = JSON.parse(context.keys.open(proposalPlace(row.id), row.proposal_sealed).toString('utf8')) as Record<'before' | 'proposed', { mode: ChannelMode; rules: string }> & { source: RulesSource };
	const read = ({ mode, rules }: { mode: ChannelMode; rules: string }): RulesAndMode => ({ mode, rules: readSpelledRules(rules) });
	return {
		id: row.id,
		channelId: row.channel_id,
		fingerprint: row.proposal_fingerprint,
		before: read(held.before),
		proposed: read(held.proposed),
		source: held.source,
		rulesBefore: row.rules_before,
		modeBefore: row.mode_before,
		state: row.state,
		proposedAt: row.proposed_at,
		endedAt: row.ended_at,
	};
}

/** @throws CivicError channel.unknown, store.tampered */
export async function loadRuleChange(context: CommandContext, id: string): Promise<RuleChange> {
	const row = await context.db.selectFrom('rule_change').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError('channel.unknown', 'There is no such change of the rules.', 'Somebody changed the database by hand. Tell whoever looks after the installation.');
	}
	return openRuleChange(context, row);
}

/** The one that waits on a channel, if any. */
export async function pendingChange(context: CommandContext, channelId: string): Promise<RuleChange | undefined> {
	const row = await context.db.selectFrom('rule_change').selectAll().where('channel_id', '=', channelId).where('state', '=', 'pending').executeTakeFirst();
	return row === undefined ? undefined : openRuleChange(context, row);
}
