import type { CommandContext } from '../store/command';
import type { E164 } from '../whatsapp/phoneNumber';

/** What is sealed about a contact, under that person's own key. */
export interface ContactDetails {
	name?: string;
	phone?: E164;
	/** Business-scoped user id: WhatsApp's own name for the person, kept whole (`GB.…`). */
	bsuid?: string;
}

/** One of the two ways in which WhatsApp names a person. */
export type PersonId = { phone: string } | { bsuid: string };

/**
 * The keyed hash by which a person is found without the number being readable in the database.
 * @param id a phone number in E.164 form, or a BSUID as Meta gives it
 */
export function personLookup({ keys }: Pick<CommandContext, 'keys'>, id: PersonId): string {
	return keys.lookup('person', 'phone' in id ? `phone:${id.phone}` : `bsuid:${id.bsuid}`);
}

/** All hashes of one person, the phone number's first. */
export function personLookups(context: Pick<CommandContext, 'keys'>, { phone, bsuid }: { phone?: string; bsuid?: string }): string[] {
	return [
		...(phone === undefined ? [] : [personLookup(context, { phone })]),
		...(bsuid === undefined ? [] : [personLookup(context, { bsuid })]),
	];
}

/** The place that is authenticated with a contact's sealed details, so that they cannot be moved to another row. */
export function contactPlace(contactId: string): string {
	return `contact/${contactId}`;
}
