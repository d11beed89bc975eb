import type { Channel } from '../channel/channel';
import type { CommandContext } from '../store/command';
import type { SignOffPlan } from './plan';
import { planPlace, requestMacParts, type RequestSubject } from './request';

export interface NewRequest {
	id: string;
	subject: RequestSubject;
	channel: Pick<Channel, 'id' | 'rulesFingerprint'>;
	/** Of what is to be signed. */
	digest: string;
	/** ms */
	expiresAt: number;
	plan: SignOffPlan;
	/** The execution that waits for it; null when none does. */
	waiting: { executionId: string; resumeUrl: string } | null;
	/** When the desk tells somebody; null: never. */
	noticeAt: number | null;
	/** The last step whose people were asked; -1: nobody was. */
	askedStage?: number;
}

/** Puts a request into the store, pending and sealed. */
export async function fileRequest(context: CommandContext, { id, subject, channel, digest, expiresAt, plan, waiting, noticeAt, askedStage = 0 }: NewRequest): Promise<void> {
	const row = {
		id,
		draft_id: subject.kind === 'draft' ? subject.draftId : null,
		rule_change_id: subject.kind === 'rule-change' ? subject.changeId : null,
		channel_id: channel.id,
		digest,
		rules_fingerprint: channel.rulesFingerprint,
		signatures_needed: plan.stages.reduce((sum, { signatures }) => sum + signatures, 0),
		state: 'pending' as const,
		created_at: context.now,
		expires_at: expiresAt,
		decided_at: null,
		plan_sealed: context.keys.seal(planPlace(id), JSON.stringify(plan)),
	};
	await context.db
		.insertInto('approval_request')
		.values({
			...row,
			execution_id: waiting?.executionId ?? null,
			resume_sealed: waiting === null ? null : context.keys.seal(`approval_request/${id}/resume`, waiting.resumeUrl),
			resumed_at: null,
			resume_after: null,
			notice_at: noticeAt,
			asked_stage: askedStage,
			mac: context.keys.mac('approval-request', requestMacParts(row)),
		})
		.execute();
}
