import { CivicError } from '../errors';

/**
 * @param ends when the offer in a message ends, ms; undefined for messages without one
 * @throws CivicError `template.parameters` when it is over: its reader could not take it
 */
export function requireRunningOffer(ends: number | undefined, now: number): void {
	if (ends === undefined || ends > now) return;
	throw new CivicError('template.parameters', "'Offer ends' is in the past, so the offer would be over when it arrives.", 'Give a later date and time. Nothing was sent.');
}
