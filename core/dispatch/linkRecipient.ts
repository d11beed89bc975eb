import { carryOptOuts } from '../audience/carryOptOuts';
import { personLookup } from '../audience/contact';
import { learnIds, type SeenIds } from '../audience/learnIds';
import { linkedLookups } from '../audience/personLink';
import { openRecipients } from '../audience/recipients';
import { noteConversation } from '../inbox/conversation';
import { noteLastInbound } from '../inbox/lastInbound';
import type { CommandContext } from '../store/command';
import type { ShownRecipient } from '../whatsapp/recipient';

type Phone = NonNullable<SeenIds['phone']>;

/**
 * Learns that a number and a user id are one person's from what Meta says of a message of ours: a status, or the answer to
 * the request (Meta: "Business-scoped user IDs"). From then on a STOP that carries one of the two counts for both. The
 * number we wrote to belongs to the user id as well, also where Meta hides it or knows the person by another one.
 *
 * Meta repeats both with every status, thousands a second: what is known already costs one look.
 *
 * @param contactId whom the message was for; null for somebody who is not a contact
 * @returns whether it was new
 */
export async function linkRecipient(context: CommandContext, channelId: string, shown: ShownRecipient, contactId: string | null): Promise<boolean> {
	if (shown.userId === undefined) return false;
	const bsuid = { value: shown.userId, lookup: personLookup(context, { bsuid: shown.userId }) };
	const numbers = await newNumbers(context, bsuid.lookup, shown.phone, contactId);
	for (const phone of numbers) {
		const contact = await learnIds(context, { phone, bsuid });
		// It shows who is who, and opens no window: nobody wrote.
		await noteConversation(context, { channelId, ids: { phone, bsuid }, eventId: '', at: null });
		if (contact !== undefined) await noteLastInbound(context, channelId, contact.id);
		const lookups = await linkedLookups(context, [phone.lookup, bsuid.lookup]);
		await carryOptOuts(context, lookups, lookups, contact?.id);
	}
	return numbers.length > 0;
}

/** The numbers that were not seen with this user id before: the one that was written to, and the one that is shown. */
async function newNumbers(context: CommandContext, bsuidLookup: string, shown: ShownRecipient['phone'], contactId: string | null): Promise<Phone[]> {
	const writtenTo = contactId === null ? undefined : await numberOf(context, contactId, bsuidLookup);
	const numbers: Phone[] = [];
	if (contactId !== null && writtenTo?.known === 0) {
		const value = (await openRecipients(context, [contactId])).get(contactId)?.phone;
		if (value !== undefined) numbers.push({ value, lookup: personLookup(context, { phone: value }) });
	}
	if (shown === undefined) return numbers;
	const lookup = personLookup(context, { phone: shown });
	if (lookup === writtenTo?.phone_lookup || (await isLinked(context, lookup, bsuidLookup))) return numbers;
	return [...numbers, { value: shown, lookup }];
}

async function numberOf({ sql }: CommandContext, contactId: string, bsuidLookup: string): Promise<{ phone_lookup: string; known: number } | undefined> {
	const rows = await sql.all<{ phone_lookup: string; known: number }>(
		`SELECT contact.phone_lookup, EXISTS (SELECT 1 FROM person_link AS link WHERE link.phone_lookup = contact.phone_lookup AND link.bsuid_lookup = ?) AS known
			FROM contact AS asked JOIN contact ON contact.id = coalesce(asked.merged_into, asked.id) WHERE asked.id = ? AND contact.phone_lookup IS NOT NULL`,
		bsuidLookup,
		contactId,
	);
	return rows[0];
}

async function isLinked({ sql }: CommandContext, phoneLookup: string, bsuidLookup: string): Promise<boolean> {
	return (await sql.all('SELECT 1 FROM person_link WHERE phone_lookup = ? AND bsuid_lookup = ?', phoneLookup, bsuidLookup)).length > 0;
}
