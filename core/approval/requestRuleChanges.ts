import { loadChannel, type Channel } from '../channel/channel';
import { openRuleChange, ruleChangeDigest, type RuleChange } from '../channel/ruleChange/ruleChange';
import { isCivicError } from '../errors';
import { defineCommand, type CommandContext } from '../store/command';
import { fileRequest } from './fileRequest';
import { planRuleChange } from './plan';

/** Nothing waits for looser rules tonight, and approvers of a change need not be on call. */
const leastHours = 72;

/**
 * Makes a request for sign-off of every change of rules that waits and was never asked about. The desk then brings the links to
 * the approvers in force, as it does for the steps of a message. Safe to run as often as one likes: nothing is asked twice.
 */
export const requestRuleChanges = defineCommand('approval.request-rule-changes', async (context, _: undefined): Promise<{ requested: string[] }> => {
	const rows = await context.db
		.selectFrom('rule_change')
		.selectAll()
		.where('state', '=', 'pending')
		.where('asked_at', 'is', null)
		.where(({ not, exists, selectFrom }) => not(exists(selectFrom('approval_request').select('approval_request.id').whereRef('approval_request.rule_change_id', '=', 'rule_change.id'))))
		.execute();
	const requested: string[] = [];
	for (const row of rows) {
		const found = await sound(context, () => openRuleChange(context, row), row.channel_id);
		// On a live channel that this store is not adopted for, no message leaves, not even to approvers.
		if (found === null || (found.channel.mode === 'live' && found.channel.adoptedAt === null)) continue;
		requested.push(await request(context, found.change, found.channel));
	}
	return { requested };
});

/** A row that was edited by hand asks nobody, and must not keep the others waiting. */
async function sound(context: CommandContext, open: () => RuleChange, channelId: string): Promise<{ change: RuleChange; channel: Channel } | null> {
	try {
		return { change: open(), channel: await loadChannel(context, channelId) };
	} catch (cause) {
		if (isCivicError(cause) && cause.code === 'store.tampered') return null;
		throw cause;
	}
}

async function request(context: CommandContext, change: RuleChange, channel: Channel): Promise<string> {
	const id = context.random.uuid();
	const expiresAt = context.now + Math.max(leastHours, channel.rules.decideWithinHours) * 3600_000;
	const plan = planRuleChange(channel.rules, { now: context.now, expiresAt });
	await fileRequest(context, {
		id,
		subject: { kind: 'rule-change', changeId: change.id },
		channel,
		digest: ruleChangeDigest(context, change),
		expiresAt,
		plan,
		waiting: null,
		noticeAt: context.now,
		askedStage: -1,
	});
	await context.db.updateTable('rule_change').set({ asked_at: context.now }).where('id', '=', change.id).execute();
	context.append({
		act: 'approval.request',
		actor: { role: 'system' },
		outcome: 'ok',
		channel: channel.id,
		resource: { type: 'request', id },
		refs: { change: change.id },
		counts: { signaturesNeeded: plan.stages.reduce((sum, { signatures }) => sum + signatures, 0), stages: plan.stages.length },
		disclose: { until: new Date(expiresAt).toISOString() },
	});
	return id;
}
