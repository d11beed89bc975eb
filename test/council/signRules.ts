import { claimNotices } from '../../core/approval/notices';
import { decide } from '../../core/approval/decide';
import { requestRuleChanges } from '../../core/approval/requestRuleChanges';
import { viewRuleChange, type RuleChangeView } from '../../core/approval/viewRuleChange';
import { registerChannel, type RegisteredChannel } from '../../core/channel/registerChannel';
import type { ChannelSettings, RulesSource } from '../../core/channel/settings';
import type { Store } from '../../core/store/store';

/** One approver's link to a change of the rules, and what it shows. */
export interface RuleLink {
	token: string;
	name: string;
	view: RuleChangeView;
}

/** As the desk does: asks about every change that waits, and brings the links of the step that is open. */
export async function ruleLinks(store: Store): Promise<RuleLink[]> {
	await store.execute(requestRuleChanges, undefined);
	const links: RuleLink[] = [];
	for (const { notice } of await store.execute(claimNotices, undefined)) {
		for (const { token, approver } of notice.links) {
			const view = await store.execute(viewRuleChange, { token });
			if (view !== null) links.push({ token, name: approver.name, view });
		}
	}
	return links;
}

export function decideRules(store: Store, { token, view }: RuleLink, decision: 'approve' | 'reject' = 'approve'): Promise<unknown> {
	return store.execute(decide, { token, decision, reason: decision === 'reject' ? 'Not now.' : '', acknowledgedPeople: view.differences.length, digest: view.digest });
}

/** Registers a channel, and has the approvers sign what waits for them: whatever changed is in force. */
export async function changeAndSign(store: Store, settings: ChannelSettings & { source?: RulesSource }): Promise<RegisteredChannel> {
	await store.execute(registerChannel, settings);
	for (const link of await ruleLinks(store)) {
		if (link.view.signaturesNeeded > link.view.decisions.length) await decideRules(store, link).catch(() => undefined);
	}
	const channel = await store.execute(registerChannel, settings);
	if (channel.notices.length > 0) throw new Error(`not in force: ${channel.notices.map(({ words }) => words).join(' ')}`);
	return channel;
}
