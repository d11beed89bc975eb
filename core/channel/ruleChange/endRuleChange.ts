import type { CommandContext } from '../../store/command';
import type { RuleChangeState } from '../../store/schema';
import { loadChannel } from '../channel';
import { changeEntry, putIntoForce } from './putIntoForce';
import { ruleChangeMacParts, type RuleChange } from './ruleChange';

/**
 * Ends a change that waited: it was signed and takes effect, or it does not.
 * @param why in words, for the record
 */
export async function endRuleChange(context: CommandContext, change: RuleChange, state: Exclude<RuleChangeState, 'pending'>, why = ''): Promise<void> {
	const row = await context.db.selectFrom('rule_change').selectAll().where('id', '=', change.id).executeTakeFirstOrThrow();
	const mac = context.keys.mac('rule-change', ruleChangeMacParts({ ...row, state, ended_at: context.now }));
	const { changes } = await context.sql.run("UPDATE rule_change SET state = ?, ended_at = ?, mac = ? WHERE id = ? AND state = 'pending'", state, context.now, mac, change.id);
	if (changes === 0) return;
	if (state === 'applied') return apply(context, change);
	context.append({
		act: state === 'superseded' ? 'channel.supersede' : 'channel.refuse',
		actor: { role: state === 'refused' ? 'approver' : 'system' },
		outcome: state === 'expired' ? 'expired' : 'refused',
		channel: change.channelId,
		resource: { type: 'rule-change', id: change.id },
		...(why === '' ? {} : { disclose: { why } }),
	});
}

async function apply(context: CommandContext, change: RuleChange): Promise<void> {
	const channel = await loadChannel(context, change.channelId);
	const voided = await putIntoForce(context, change.channelId, change.proposed, change.source);
	const changed = [...(channel.mode === change.proposed.mode ? [] : ['mode']), 'rules'];
	context.append(
		changeEntry(change.channelId, { before: channel, after: change.proposed, name: channel.name, changed, refs: { change: change.id }, voided, actor: { role: 'approver' } }),
	);
}
