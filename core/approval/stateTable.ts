import type { RequestState } from '../store/schema';

export type RequestEvent = 'enough-signatures' | 'refusal' | 'change-asked' | 'withdrawal' | 'newer-draft' | 'time-up';

/** Every transition there is. What is not listed is refused; a request that has ended never changes again. */
export const transitions: Record<RequestState, Partial<Record<RequestEvent, RequestState>>> = {
	pending: {
		'enough-signatures': 'approved',
		refusal: 'rejected',
		'change-asked': 'returned',
		withdrawal: 'withdrawn',
		'newer-draft': 'superseded',
		'time-up': 'expired',
	},
	approved: {},
	rejected: {},
	returned: {},
	withdrawn: {},
	superseded: {},
	expired: {},
};

/** @returns the next state, or null when the event means nothing in this state */
export function nextState(state: RequestState, event: RequestEvent): RequestState | null {
	return Object.hasOwn(transitions[state], event) ? (transitions[state][event] ?? null) : null;
}
