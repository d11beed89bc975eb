import type { CommandContext } from '../store/command';
import { openPersonal, sealPersonal } from '../store/personKey';
import { carryOptOuts } from './carryOptOuts';
import { contactPlace, type ContactDetails } from './contact';
import { lookupsOf, type ContactRow } from './findContact';

/**
 * Makes one of two contacts that turned out to be one person: WhatsApp has shown the number of the one with the BSUID of
 * the other. For use inside a command.
 *
 * The contact with the number stays, whichever came first, so that the order of events does not matter. Opt-outs of both
 * count for both. Topics and areas of the other are left behind, not added: somebody who follows one topic in one ward and
 * another topic in another ward would otherwise be messaged about each in both. The evidence of what they agreed to stays.
 * The other row stays too and names its successor, so that deliveries and flows that hold its id still find the person.
 *
 * @param kept known by number, without a BSUID
 * @param other known by BSUID, without a number
 * @returns the contact as it is now
 */
export async function mergeContacts(context: CommandContext, kept: ContactRow, other: ContactRow): Promise<ContactRow> {
	const { sql, now } = context;
	const [details, otherDetails] = [await detailsOf(context, kept), await detailsOf(context, other)];
	const left = {
		topicsLeft: (await sql.run('DELETE FROM contact_topic WHERE contact_id = ?', other.id)).changes,
		areasLeft: (await sql.run('DELETE FROM contact_area WHERE contact_id = ?', other.id)).changes,
	};
	// The hash is unique among contacts, so the other one gives it up first.
	await sql.run(
		'UPDATE contact SET phone_lookup = NULL, bsuid_lookup = NULL, merged_into = ?, sealed = ?, updated_at = ? WHERE id = ?',
		kept.id,
		await sealPersonal(context, other.id, contactPlace(other.id), {}),
		now,
		other.id,
	);
	const merged: ContactRow = {
		...kept,
		bsuid_lookup: other.bsuid_lookup,
		sealed: await sealPersonal(context, kept.id, contactPlace(kept.id), { ...otherDetails, ...details } satisfies ContactDetails),
	};
	await sql.run(
		`UPDATE contact SET bsuid_lookup = ?, sealed = ?, updated_at = ?,
			last_inbound_at = nullif(max(coalesce(last_inbound_at, 0), coalesce((SELECT last_inbound_at FROM contact WHERE id = ?), 0)), 0) WHERE id = ?`,
		merged.bsuid_lookup,
		Buffer.from(merged.sealed),
		now,
		other.id,
		kept.id,
	);
	await sql.run('UPDATE inbox_event SET contact_id = ? WHERE contact_id = ?', kept.id, other.id);
	const lookups = lookupsOf(merged);
	await carryOptOuts(context, lookups, lookups, kept.id);
	context.append({
		act: 'contact.merge',
		actor: { role: 'provider' },
		outcome: 'ok',
		counts: left,
		disclose: { kept: kept.id, merged: other.id },
		subject: kept.id,
	});
	return merged;
}

async function detailsOf(context: CommandContext, { id, sealed }: ContactRow): Promise<ContactDetails> {
	return (await openPersonal<ContactDetails>(context, id, contactPlace(id), sealed)) ?? {};
}
