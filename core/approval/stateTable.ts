import type { RequestState } from '../store/schema';

export type RequestEvent = 'enough-signatures' | 'refusal' | 'time-up';

/** Every transition there is. What is not listed is refused; a decided request never changes again. */
export const transitions: Record<RequestState, Partial<Record<RequestEvent, RequestState>>> = {
	pending: { 'enough-signatures': 'approved', refusal: 'rejected', 'time-up': 'expired' },
	approved: {},
	rejected: {},
	expired: {},
};

/** @returns the next state, or null when the event means nothing in this state */
export function nextState(state: RequestState, event: RequestEvent): RequestState | null {
	return Object.hasOwn(transitions[state], event) ? (transitions[state][event] ?? null) : null;
}
