import { isCivicError } from '../errors';
import { defineCommand, defineQuery, type CommandContext } from '../store/command';
import type { Store } from '../store/store';

export interface DueResume {
	requestId: string;
	resumeUrl: string;
	attempts: number;
}

/** The gate's own timer in n8n runs a day longer than the time to decide: a week later nothing can be waiting. */
const longestWaitMs = 7 * 24 * 3600_000;

/** Decided requests whose waiting execution has not been woken yet. An execution that asked for several goes on when the last is decided. */
export const readDueResumes = defineQuery('approval.due-resumes', async (context, _: undefined): Promise<DueResume[]> => {
	const rows = await context.db
		.selectFrom('approval_request')
		.select(['id', 'resume_sealed', 'resume_attempts'])
		.where('state', '!=', 'pending')
		.where('resumed_at', 'is', null)
		.where('resume_sealed', 'is not', null)
		.where('resume_after', '<=', context.now)
		.where('expires_at', '>', context.now - longestWaitMs)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom('approval_request as other')
						.select('other.id')
						.whereRef('other.execution_id', '=', 'approval_request.execution_id')
						.where('other.state', '=', 'pending'),
				),
			),
		)
		.orderBy('resume_after')
		.limit(20)
		.execute();
	return rows.flatMap((row) => {
		const resumeUrl = row.resume_sealed === null ? null : openAddress(context, row.id, row.resume_sealed);
		return resumeUrl === null ? [] : [{ requestId: row.id, resumeUrl, attempts: row.resume_attempts }];
	});
});

/** An address edited by hand leads nowhere: n8n's own timer ends that execution, and the others are woken meanwhile. */
function openAddress(context: CommandContext, requestId: string, sealed: Uint8Array): string | null {
	try {
		return context.keys.open(`approval_request/${requestId}/resume`, sealed).toString('utf8');
	} catch (cause) {
		if (isCivicError(cause) && cause.code === 'store.tampered') return null;
		throw cause;
	}
}

const firstPauseMs = 500;
const longestPauseMs = 60_000;

/** Pause before the next try, doubling: 0.5 s, 1 s, … 60 s. */
export function resumePauseMs(attempts: number): number {
	return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10));
}

/** Notes how a try to wake an execution went. Not governed content, so it needs no ledger entry. */
export const recordResume = defineCommand('approval.record-resume', async ({ db, now }, input: { requestId: string; taken: boolean; attempts: number }): Promise<void> => {
	await db
		.updateTable('approval_request')
		.set(
			input.taken
				? { resumed_at: now, resume_attempts: input.attempts + 1 }
				: { resume_attempts: input.attempts + 1, resume_after: now + resumePauseMs(input.attempts) },
		)
		.where('id', '=', input.requestId)
		.execute();
});

/**
 * Asks n8n to go on with a decided execution.
 * @returns 'taken' once n8n has it (or has nothing left to wake), 'later' when it should be asked again
 */
export type Wake = (resumeUrl: string) => Promise<'taken' | 'later'>;

/** Wakes every execution that is due. What n8n does not take now is tried again later. */
export async function resumeDecided(store: Store, wake: Wake): Promise<{ taken: number; later: number }> {
	const tally = { taken: 0, later: 0 };
	for (const due of await store.execute(readDueResumes, undefined)) {
		const answer = await wake(due.resumeUrl);
		tally[answer] += 1;
		await store.execute(recordResume, { requestId: due.requestId, taken: answer === 'taken', attempts: due.attempts });
	}
	return tally;
}
