import { retryDelayMs, type RetryDelay } from '../whatsapp/errorPolicy';
import type { Refusal, SendOutcome } from '../whatsapp/sendOutcome';
import type { RequestResult } from './recordResults';

/**
 * What a request's outcome means for its delivery. Only what was certainly not accepted is ever tried again.
 * @param attempt 1 for the first try
 * @param othersAccepted whether WhatsApp took the same message for somebody else in this run
 */
export function requestResult(id: string, outcome: SendOutcome, attempt: number, othersAccepted = false): RequestResult {
	switch (outcome.outcome) {
		case 'accepted':
			return { id, outcome: 'accepted', messageId: outcome.messageId, ...(outcome.recipient === undefined ? {} : { recipient: outcome.recipient }) };
		case 'uncertain':
			return { id, outcome: 'uncertain', reason: 'no-clear-answer' };
		case 'notSent':
			return refusedResult(id, outcome.refusal, attempt, othersAccepted);
	}
}

/** "Invalid parameter" and its kin. All get the same words, so when others were taken only the number can be meant. */
const perhapsTheNumber: ReadonlySet<number | undefined> = new Set([100, 131008, 131009]);

function refusedResult(id: string, refusal: Refusal, attempt: number, othersAccepted: boolean): RequestResult {
	const reason = refusal.code === undefined ? 'not-reached' : String(refusal.code);
	if (othersAccepted && perhapsTheNumber.has(refusal.code)) return { id, outcome: 'not-sent', reason };
	if (refusal.action === 'hold' || refusal.action === 'fix') {
		return { id, outcome: 'hold', reason, explain: `${refusal.explain} ${refusal.goOn}` };
	}
	const afterMs = refusal.delay === undefined ? undefined : retryDelayMs(refusal.delay, countedTries(refusal.delay, attempt));
	if (afterMs !== undefined) return { id, outcome: 'again', reason, afterMs: Math.max(afterMs, refusal.retryAfterMs ?? 0) };
	return { id, outcome: 'not-sent', reason };
}

/**
 * What slows the whole number down is nobody's own trouble, so nobody is given up for it: it is tried again, at the longest
 * pause, until the window of the draft closes.
 */
function countedTries({ slows, attempts }: RetryDelay, attempt: number): number {
	return slows === 'channel' ? Math.min(attempt, attempts) : attempt;
}
