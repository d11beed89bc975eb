import type { CommandContext } from '../store/command';
import type { DeliveryState } from '../store/schema';

/** Always this many places in the statement, so that it is prepared once. */
export const peopleAtOnce = 100;

/**
 * The other deliveries of one broadcast that are the same people's: to a contact that was merged into theirs, or whose
 * number or user id was seen together with theirs. One step only, because a number that goes from hand to hand links
 * strangers in the end. Everything is found by index, so that a claim costs the same however many people there are; CROSS
 * JOIN keeps SQLite to this order. Takes the contacts, then the broadcast.
 */
export const samePersonQuery = `WITH
	asked AS MATERIALIZED (SELECT id, phone_lookup, bsuid_lookup FROM contact WHERE id IN (${new Array<string>(peopleAtOnce).fill('?').join(', ')})),
	known (mine, phone_lookup, bsuid_lookup) AS MATERIALIZED (
		SELECT asked.id, NULL, link.bsuid_lookup FROM asked CROSS JOIN person_link AS link ON link.phone_lookup = asked.phone_lookup
		UNION ALL
		SELECT asked.id, link.phone_lookup, NULL FROM asked CROSS JOIN person_link AS link ON link.bsuid_lookup = asked.bsuid_lookup
	),
	same (mine, contact) AS MATERIALIZED (
		SELECT id, id FROM asked
		UNION
		SELECT known.mine, contact.id FROM known CROSS JOIN contact ON contact.phone_lookup = known.phone_lookup
		UNION
		SELECT known.mine, contact.id FROM known CROSS JOIN contact ON contact.bsuid_lookup = known.bsuid_lookup
	),
	person (mine, contact) AS MATERIALIZED (
		SELECT mine, contact FROM same
		UNION
		SELECT same.mine, merged.id FROM same CROSS JOIN contact AS merged ON merged.merged_into = same.contact
	)
	SELECT person.mine, delivery.contact_id AS other, delivery.state
		FROM person CROSS JOIN delivery ON delivery.broadcast_id = ? AND delivery.contact_id = person.contact WHERE person.contact <> person.mine`;

interface OtherDelivery {
	/** The contact that was asked about. */
	mine: string;
	/** The same person's other contact. */
	other: string;
	state: DeliveryState;
}

/** A message that has left, or may have. */
const reached: ReadonlySet<DeliveryState> = new Set(['intent', 'accepted', 'uncertain']);

/** Who of some people has, or may have, the message of a broadcast already, under another contact of theirs. */
export class AlreadyReached {
	private constructor(private readonly others: ReadonlyMap<string, OtherDelivery[]>) {}

	static async among({ sql }: CommandContext, broadcastId: string, contactIds: readonly string[]): Promise<AlreadyReached> {
		const others = new Map<string, OtherDelivery[]>();
		for (let from = 0; from < contactIds.length; from += peopleAtOnce) {
			const ids = Array.from({ length: peopleAtOnce }, (_, i) => contactIds[from + i] ?? null);
			for (const delivery of await sql.all<OtherDelivery>(samePersonQuery, ...ids, broadcastId)) {
				others.set(delivery.mine, [...(others.get(delivery.mine) ?? []), delivery]);
			}
		}
		return new AlreadyReached(others);
	}

	/** @param claimed contacts whose deliveries were claimed since */
	has(contactId: string, claimed: ReadonlySet<string>): boolean {
		return (this.others.get(contactId) ?? []).some(({ other, state }) => reached.has(state) || claimed.has(other));
	}
}
