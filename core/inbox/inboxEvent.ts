/**
 * What came in, as flows tell it apart:
 * `message` somebody wrote or sent something · `button` somebody tapped a button or a list entry · `opt-out` somebody asked
 * to be left alone, whichever way · `preference` somebody used WhatsApp's own control to allow messages again ·
 * `reaction` an emoji on one of our messages · `system` WhatsApp tells of a changed number or user id.
 */
export const inboxKinds = ['message', 'button', 'opt-out', 'preference', 'reaction', 'system'] as const;

export type InboxKind = (typeof inboxKinds)[number];

/** Which event it is, without a word of what somebody said. */
export interface InboxEventRef {
	/** Rising in the order in which events were stored. */
	seq: number;
	id: string;
	kind: InboxKind;
	channelId: string;
	/** Null for somebody who is not a contact. */
	contactId: string | null;
	/** WhatsApp's own time, milliseconds since the epoch. */
	occurredAt: number;
}

/** The place that is authenticated with an event's sealed content. */
export function eventPlace(eventId: string): string {
	return `inbox/${eventId}`;
}
