import type { TransportFault } from './connection';
import { type Policy, type RefusalAction, type RetryDelay, policyFor } from './errorPolicy';
import { notReached } from './errorTable';
import type { GraphAnswer, GraphRefusal } from './graphAnswer';
import { field, objectsAt, textAt } from './jsonReading';
import type { ShownRecipient } from './recipient';
import { readPerson } from './webhookStatus';

export interface Refusal {
	/** Meta's code; absent when the request never left. */
	code?: number;
	subcode?: number;
	/** Meta's words, shortened, without phone numbers and tokens. */
	title: string;
	/** More of Meta's words. May repeat a value of the message: keep it out of the ledger. */
	details?: string;
	action: RefusalAction;
	delay?: RetryDelay;
	/** What Meta asked for in this answer; goes before `delay` when it is longer. */
	retryAfterMs?: number;
	explain: string;
	goOn: string;
}

/**
 * What became of one attempt to send. The Cloud API has no idempotency key, so `notSent` is said only where it is proven:
 * by an error body of Graph's, or because not a byte left. Everything that proves neither is `uncertain`, and is settled by
 * the status webhook that carries the message's callback data, never by sending again.
 */
export type SendOutcome =
	| { outcome: 'accepted'; messageId: string; messageStatus?: string; /** Where the answer names a user id. */ recipient?: ShownRecipient; serverDate?: number }
	| { outcome: 'notSent'; refusal: Refusal; serverDate?: number }
	| { outcome: 'uncertain'; reason: string; httpStatus?: number; serverDate?: number };

export function outcomeOfAnswer(answer: GraphAnswer): SendOutcome {
	const { serverDate, status, refusal } = answer;
	const message = objectsAt(answer.json, 'messages')[0];
	const messageId = textAt(message, 'id')?.trim();
	if (status >= 200 && status < 300 && messageId !== undefined && messageId !== '' && refusal === undefined) {
		const recipient = readPerson(objectsAt(answer.json, 'contacts')[0], 'wa_id', 'user_id');
		return { outcome: 'accepted', messageId, messageStatus: textAt(message, 'message_status'), ...(recipient.userId === undefined ? {} : { recipient }), serverDate };
	}
	// Graph refuses with 4xx or 5xx and never leaves the code out; an error body that came otherwise is somebody else's, and
	// proves nothing. Nor does one beside a part of the answer to an accepted message, which says that it was taken.
	if (refusal?.code !== undefined && status >= 400 && !speaksOfAcceptance(answer)) {
		const policy = policyFor(refusal.code, { httpStatus: status });
		if (policy.action === 'uncertain') return { outcome: 'uncertain', reason: `${policy.explain} It said “${refusal.title}”.`, httpStatus: status, serverDate };
		return { outcome: 'notSent', refusal: refusalOf(refusal, policy, answer.retryAfterMs), serverDate };
	}
	return { outcome: 'uncertain', reason: `The answer (HTTP ${status}) was ${oddity(answer)}, so the message may have been sent.`, httpStatus: status, serverDate };
}

function speaksOfAcceptance({ json }: GraphAnswer): boolean {
	return field(json, 'messages') !== undefined || field(json, 'contacts') !== undefined;
}

function oddity(answer: GraphAnswer): string {
	if (answer.json === undefined) return 'not in the form of the Cloud API';
	if (answer.refusal === undefined) return 'without a message id';
	return speaksOfAcceptance(answer) ? 'a refusal and an acceptance at once' : 'a refusal as the Cloud API never gives it';
}

export function outcomeOfFault(fault: TransportFault): SendOutcome {
	if (!fault.mayHaveBeenSent) return { outcome: 'notSent', refusal: refusalOf({ title: 'Not reached' }, notReached) };
	return { outcome: 'uncertain', reason: lostAnswers[fault.reason] };
}

const lostAnswers: Record<TransportFault['reason'], string> = {
	timeout: 'No answer came in time; the message may have been sent.',
	interrupted: 'The connection ended before the answer was whole; the message may have been sent.',
	aborted: 'Sending was stopped while the answer was awaited; the message may have been sent.',
	unreachable: 'The connection was lost; the message may have been sent.',
};

function refusalOf(said: GraphRefusal, policy: Policy, retryAfterMs?: number): Refusal {
	const { action, delay, explain, goOn } = policy;
	return { ...said, action, explain, goOn, ...(delay === undefined ? {} : { delay }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
