import type { GraphCode } from '../cloudApi/graphError';
import type { Knobs } from '../knobs';
import type { Resident } from '../residents/residents';
import type { SeededRandom } from '../seededRandom';

/**
 * Reserved endings of phone numbers and what becomes of every message to them. The table is this sandbox's script, not a
 * rule of Meta's: it lets a test choose a refusal by choosing a number.
 */
export const failuresBySuffix: ReadonlyMap<string, GraphCode> = new Map([
	['026', 131026],
	['042', 131042],
	['047', 131047],
	['049', 131049],
	['050', 131050],
	['015', 132015],
]);

/** What Meta adds in `error_data.details`, in this sandbox's words. */
const failureDetails: Partial<Record<GraphCode, string>> = {
	131026: 'Message Undeliverable.',
	131042: 'Message failed to send because there were one or more issues with your payment method.',
	131047: 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
	131049: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
	131050: 'The recipient chose to stop receiving marketing messages from this business.',
	131009: 'The message that the reaction is for is unknown, older than 30 days, or itself a reaction.',
	131048: 'Message failed to send because there are restrictions on how many messages can be sent from this phone number.',
	131053: 'Media upload error: the media could not be fetched, or its type or size is not supported.',
	137000: 'The key of the recipient’s identity is not the one that the message named.',
	132015: 'The template was paused because of its quality while the message was held.',
};

export type Step = { readonly status: 'sent' | 'delivered' | 'read' | 'played'; readonly afterMs: number } | { readonly status: 'failed'; readonly afterMs: number; readonly code: GraphCode };

export function detailsOf(code: GraphCode): string {
	return failureDetails[code] ?? 'The message was not delivered.';
}

/**
 * The steps a message will take after its acceptance, decided by the seed, the recipient and how many messages this
 * recipient was sent before.
 *
 * @param failure what the circumstances of the send already make certain, if anything
 */
export function fateOf(resident: Resident, random: SeededRandom, knobs: Knobs, failure?: GraphCode): Step[] {
	const { number, accepted: nth } = resident;
	const sentAfter = random.within(knobs.sentLatencyMs, number, 'sent', nth);
	const code = failure ?? (knobs.failuresBySuffix ? failuresBySuffix.get(number.slice(-3)) : undefined);
	if (code !== undefined) return [{ status: 'failed', afterMs: sentAfter, code }];
	const deliveredAfter = random.within(knobs.deliveredLatencyMs, number, 'delivered', nth);
	const readAfter = random.within(knobs.readLatencyMs, number, 'read', nth);
	const sent: Step = { status: 'sent', afterMs: sentAfter };
	const delivered: Step = { status: 'delivered', afterMs: deliveredAfter };
	if (!resident.readReceipts) return [sent, delivered];
	// A chat that is open on the phone reports "read" at once and never "delivered" (Meta, status webhook reference).
	if (random.share(number, 'chat open', nth) < knobs.readWithoutDelivered) return [sent, { status: 'read', afterMs: deliveredAfter }];
	return [sent, delivered, { status: 'read', afterMs: readAfter }];
}
