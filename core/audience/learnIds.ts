import type { CommandContext } from '../store/command';
import { openPersonal, sealPersonal } from '../store/personKey';
import type { E164 } from '../whatsapp/phoneNumber';
import { contactPlace, type ContactDetails } from './contact';
import { findContact, type ContactRow } from './findContact';
import { mergeContacts } from './mergeContacts';
import { bothNames, linkIds } from './personLink';

/** One person's ids as a webhook gives them, with their hashes. */
export interface SeenIds {
	phone?: { value: E164; lookup: string };
	bsuid?: { value: string; lookup: string };
}

/**
 * The contact that a webhook speaks of. Two contacts that are known by one id each, of which the webhook shows both, are
 * one person and become one contact. An id that the contact did not have is added, so that person is known by both from
 * then on. An id that the contact has is never replaced: numbers are given to new people, and they have not agreed to anything.
 */
export async function learnIds(context: CommandContext, ids: SeenIds): Promise<ContactRow | undefined> {
	if (ids.phone !== undefined && ids.bsuid !== undefined) await linkIds(context, ids.phone.lookup, ids.bsuid.lookup);
	const names = await bothNames(context, ids);
	const byPhone = names.phone === undefined ? undefined : await findContact(context, 'phone', names.phone);
	const byBsuid = names.bsuid === undefined ? undefined : await findContact(context, 'bsuid', names.bsuid);
	const contact = byPhone ?? byBsuid;
	if (contact === undefined) return undefined;
	if (byPhone !== undefined && byBsuid !== undefined) {
		const areOne = byPhone.id !== byBsuid.id && byPhone.bsuid_lookup === null && byBsuid.phone_lookup === null;
		return areOne ? mergeContacts(context, byPhone, byBsuid) : contact;
	}
	const phone = contact.phone_lookup === null ? ids.phone : undefined;
	const bsuid = contact.bsuid_lookup === null ? ids.bsuid : undefined;
	if (phone === undefined && bsuid === undefined) return contact;
	const details = await openPersonal<ContactDetails>(context, contact.id, contactPlace(contact.id), contact.sealed);
	const learnt: ContactDetails = {
		...details,
		...(phone === undefined ? {} : { phone: phone.value }),
		...(bsuid === undefined ? {} : { bsuid: bsuid.value }),
	};
	const row: ContactRow = {
		...contact,
		phone_lookup: phone?.lookup ?? contact.phone_lookup,
		bsuid_lookup: bsuid?.lookup ?? contact.bsuid_lookup,
		sealed: await sealPersonal(context, contact.id, contactPlace(contact.id), learnt),
	};
	await context.sql.run(
		'UPDATE contact SET phone_lookup = ?, bsuid_lookup = ?, sealed = ?, updated_at = ? WHERE id = ?',
		row.phone_lookup,
		row.bsuid_lookup,
		Buffer.from(row.sealed),
		context.now,
		row.id,
	);
	return row;
}
