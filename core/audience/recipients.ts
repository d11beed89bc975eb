import type { CommandContext } from '../store/command';
import type { E164 } from '../whatsapp/phoneNumber';
import { contactPlace, personLookups, type ContactDetails } from './contact';

export interface Recipient {
	phone?: E164;
	bsuid?: string;
	language: string;
	/** The contact that the asked-for one turned out to be; its address is given. */
	mergedInto?: string;
	/** The hashes to look up opt-outs by: of what will be sent to, not of what the row says. */
	lookups: string[];
}

/** Always this many places in the statement, so that it is prepared once. */
const idsAtOnce = 100;

/**
 * Opens the addresses of contacts for sending, in bulk. Lookups are made anew from the opened number, so an edited hash in
 * the database cannot hide an opt-out.
 * @returns an entry for every id; undefined for somebody who was erased or never known
 * @throws CivicError `store.tampered` when a row was moved or edited
 */
export async function openRecipients(context: CommandContext, contactIds: readonly string[]): Promise<Map<string, Recipient | undefined>> {
	const recipients = new Map<string, Recipient | undefined>(contactIds.map((id) => [id, undefined]));
	for (let from = 0; from < contactIds.length; from += idsAtOnce) {
		const ids = contactIds.slice(from, from + idsAtOnce);
		const rows = await context.sql.all<RecipientRow>(
			`SELECT asked.id AS asked, contact.id, contact.sealed, contact.language, subject_key.wrapped
				FROM contact AS asked JOIN contact ON contact.id = coalesce(asked.merged_into, asked.id) JOIN subject_key ON subject_key.subject = contact.id
				WHERE asked.id IN (${new Array(idsAtOnce).fill('?').join(', ')})`,
			...Array.from({ length: idsAtOnce }, (_, i) => ids[i] ?? null),
		);
		for (const row of rows) recipients.set(row.asked, openRecipient(context, row));
	}
	return recipients;
}

/** Every hash under which one contact's opt-outs may stand; none for somebody who was erased or never known. */
export async function recipientLookups(context: CommandContext, contactId: string): Promise<string[]> {
	return (await openRecipients(context, [contactId])).get(contactId)?.lookups ?? [];
}

interface RecipientRow {
	asked: string;
	id: string;
	sealed: Uint8Array;
	language: string;
	wrapped: Uint8Array;
}

function openRecipient(context: CommandContext, row: RecipientRow): Recipient {
	const key = context.keys.unwrapPersonKey(row.id, row.wrapped);
	const { phone, bsuid } = JSON.parse(context.keys.openFor(key, contactPlace(row.id), row.sealed).toString('utf8')) as ContactDetails;
	const merged = row.asked === row.id ? {} : { mergedInto: row.id };
	return { phone, bsuid, language: row.language, ...merged, lookups: personLookups(context, { phone, bsuid }) };
}
