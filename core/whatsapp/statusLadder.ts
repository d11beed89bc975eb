/**
 * How far a message has come, from low to high. Statuses arrive twice and in any order; taking one only when it stands
 * higher than what is known gives the same end in every order.
 *
 * `failed` stands above `sent`, since Meta may accept and then fail, and below `delivered`: what has reached a phone has
 * not failed. `delivered` may be skipped when the chat is open (Meta: "Status messages webhook reference").
 */
export const statusLadder = ['queued', 'sent', 'failed', 'delivered', 'read', 'played'] as const;

export type DeliveryStatus = (typeof statusLadder)[number];

export function isDeliveryStatus(word: string): word is DeliveryStatus {
	return (statusLadder as readonly string[]).includes(word);
}

/** Whether a status that has come in replaces the one that is known. */
export function mayAdvance(from: DeliveryStatus, to: DeliveryStatus): boolean {
	return statusLadder.indexOf(to) > statusLadder.indexOf(from);
}
