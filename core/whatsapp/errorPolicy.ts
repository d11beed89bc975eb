import { type Policy, type RetryDelay, policyTable } from './errorTable';

export type { Policy, RefusalAction, RetryDelay } from './errorTable';

/** Where a code was met: in the answer to a call (with its HTTP status), or in a status webhook that says `failed`. */
export type RefusalSource = { httpStatus: number } | 'webhook';

const unknownRefusal: Policy = {
	action: 'fix-recipient',
	explain: 'Meta refused this message with a code that is not known here.',
	goOn: 'The message is not sent again. Look the code up on Meta’s page “Error codes”.',
};

const unknownOutcome: Policy = {
	action: 'uncertain',
	explain: 'Meta’s answer does not show whether the message was sent.',
	goOn: 'Wait for its delivery status, or ask the person, before sending it again.',
};

/**
 * What to do about a refusal. Decides on the numeric code alone: Meta says that titles will go, and neither HTTP statuses
 * nor subcodes are promised ("Error codes"). Only for a code that is not in the table does the source count: a 4xx or a
 * `failed` status means not sent, so that message is given up; anything else may have been sent.
 */
export function policyFor(code: number | undefined, source: RefusalSource): Policy {
	const row = code === undefined ? undefined : policiesByCode.get(code) ?? policyOfRange(code);
	if (row !== undefined) return row;
	if (source === 'webhook') return unknownRefusal;
	return source.httpStatus >= 400 && source.httpStatus < 500 ? unknownRefusal : unknownOutcome;
}

/** Whether a refusal is about the token or its permissions, and so about the channel as a whole. */
export function concernsAccess(code: number | undefined): boolean {
	return code !== undefined && ([0, 3, 10, 104, 190, 131005].includes(code) || (code >= 200 && code <= 299));
}

/**
 * @param attempt how many tries there have been, 1 after the first
 * @returns how long to wait before the next, or undefined when there is none
 */
export function retryDelayMs(delay: RetryDelay, attempt: number): number | undefined {
	if (attempt < 1 || attempt > delay.attempts) return undefined;
	return Math.min(delay.firstMs * delay.factor ** (attempt - 1), delay.maxMs);
}

const policiesByCode: ReadonlyMap<number, Policy> = new Map(
	policyTable.flatMap((row) => row.codes.filter((code) => typeof code === 'number').map((code) => [code, row] as const)),
);

function policyOfRange(code: number): Policy | undefined {
	return policyTable.find(({ codes }) => codes.some((span) => typeof span !== 'number' && code >= span[0] && code <= span[1]));
}
