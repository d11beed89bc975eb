import type { CommandContext } from '../store/command';

/** Evidence of one yes or no. */
export interface Consent {
	/** Absent for somebody who is not a contact. */
	contactId?: string;
	personLookup: string;
	kind: 'opt-in' | 'opt-out';
	/** Code of a topic, or `*` for all. */
	topic: string;
	/** How it was given. */
	source: string;
	/** When it was given, milliseconds since the epoch. */
	occurredAt: number;
}

/**
 * Adds to the evidence, which only grows. The same yes or no from the same source and moment is kept once, however often
 * a list is imported or a webhook delivered.
 * @returns whether it was new
 */
export async function recordConsent({ sql, keys, now }: CommandContext, consent: Consent): Promise<boolean> {
	const { contactId = null, personLookup, kind, topic, source, occurredAt } = consent;
	const id = keys.mac('consent-id', [personLookup, kind, topic, source, occurredAt]);
	const { changes } = await sql.run(
		`INSERT INTO consent_event (id, contact_id, person_lookup, kind, topic, source, occurred_at, recorded_at, mac)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		id,
		contactId,
		personLookup,
		kind,
		topic,
		source,
		occurredAt,
		now,
		keys.mac('consent', [id, contactId, personLookup, kind, topic, source, occurredAt, now]),
	);
	return changes > 0;
}
