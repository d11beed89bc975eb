import { loadChannel } from '../channel/channel';
import { CivicError } from '../errors';
import { earlierVersions, peopleBehind } from '../message/earlierVersions';
import { loadDraft } from '../message/loadDraft';
import type { CommandContext } from '../store/command';
import { grantMacParts } from './grant';
import type { ApprovalRequest } from './request';
import type { Signable } from './signable';

/** A message to residents: signed, it may be sent once. */
export async function signableDraft(context: CommandContext, request: ApprovalRequest, draftId: string): Promise<Signable> {
	const draft = await loadDraft(context, draftId);
	const people = draft.content.audience.count;
	return {
		digest: draft.digest,
		involved: peopleBehind([draft, ...(await earlierVersions(context, draft))]),
		toUnderstand: people,
		mayReturn: true,
		words: {
			tick: `Tick that you understand how many people get this message (${people}).`,
			whyReject: ['Say why you reject this message.', 'The service reads your reason and can then make a better draft.'],
		},
		requireInForce: async () => {
			const channel = await loadChannel(context, request.channelId);
			if (channel.mode !== draft.content.mode) {
				throw new CivicError(
					'channel.mode',
					`The channel was switched to ${channel.mode} mode after this was sent to you.`,
					'Nothing was decided. Ask the service to draft the message again in the mode that is meant.',
				);
			}
			if (channel.rulesFingerprint === request.rulesFingerprint) return;
			throw new CivicError(
				'channel.rules',
				'The rules of the channel changed after this was sent to you.',
				'Nothing was decided. Ask the service to request sign-off again, under the rules in force now.',
			);
		},
		settled: async (state) => {
			if (state === 'approved') await grant(context, request, draftId);
		},
	};
}

async function grant(context: CommandContext, request: ApprovalRequest, draftId: string): Promise<void> {
	const row = {
		id: context.random.uuid(),
		request_id: request.id,
		draft_id: draftId,
		digest: request.digest,
		rules_fingerprint: request.rulesFingerprint,
		granted_at: context.now,
	};
	await context.db.insertInto('approval_grant').values({ ...row, mac: context.keys.mac('approval-grant', grantMacParts(row)) }).execute();
}
