import { retryDelayMs } from '../whatsapp/errorPolicy';
import type { Refusal, SendOutcome } from '../whatsapp/sendOutcome';
import type { RequestResult } from './recordResults';

/**
 * What a request's outcome means for its delivery. Only what was certainly not accepted is ever tried again.
 * @param attempt 1 for the first try
 */
export function requestResult(id: string, outcome: SendOutcome, attempt: number): RequestResult {
	switch (outcome.outcome) {
		case 'accepted':
			return { id, outcome: 'accepted', messageId: outcome.messageId };
		case 'uncertain':
			return { id, outcome: 'uncertain', reason: 'no-clear-answer' };
		case 'notSent':
			return refusedResult(id, outcome.refusal, attempt);
	}
}

function refusedResult(id: string, refusal: Refusal, attempt: number): RequestResult {
	const reason = refusal.code === undefined ? 'not-reached' : String(refusal.code);
	if (refusal.action === 'hold' || refusal.action === 'fix') {
		return { id, outcome: 'hold', reason, explain: `${refusal.explain} ${refusal.goOn}` };
	}
	const afterMs = refusal.delay === undefined ? undefined : retryDelayMs(refusal.delay, attempt);
	if (afterMs !== undefined) return { id, outcome: 'again', reason, afterMs: Math.max(afterMs, refusal.retryAfterMs ?? 0) };
	return { id, outcome: 'not-sent', reason };
}
