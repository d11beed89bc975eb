import { loadChannel } from '../channel/channel';
import { endRuleChange } from '../channel/ruleChange/endRuleChange';
import { differencesOf } from '../channel/ruleChange/putIntoForce';
import { loadRuleChange, ruleChangeDigest } from '../channel/ruleChange/ruleChange';
import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { ApprovalRequest } from './request';
import type { Signable } from './signable';

/** Looser rules for a channel: signed by those whom the rules in force name, they take effect. */
export async function signableRuleChange(context: CommandContext, request: ApprovalRequest, changeId: string): Promise<Signable> {
	const change = await loadRuleChange(context, changeId);
	const count = differencesOf(change.before, change.proposed).length;
	return {
		digest: ruleChangeDigest(context, change),
		// Who saved the credential is not known, and an approver may have an opinion on who else is one.
		involved: [],
		toUnderstand: count,
		mayReturn: false,
		words: {
			tick: `Tick that you understand what changes (${count} of the rules).`,
			whyReject: ['Say why you reject this change.', 'IT reads your reason, and the same is not asked again for a month.'],
		},
		requireInForce: async () => {
			const channel = await loadChannel(context, request.channelId);
			const isSame = channel.rulesFingerprint === request.rulesFingerprint && channel.mode === change.modeBefore;
			if (isSame && change.state === 'pending') return;
			throw new CivicError(
				'channel.rules',
				'The rules of the channel, or what is proposed for them, changed after this was sent to you.',
				'Nothing was decided. If there is still something to sign, you get a new link.',
			);
		},
		settled: (state) => endRuleChange(context, change, state === 'approved' ? 'applied' : 'refused'),
	};
}
