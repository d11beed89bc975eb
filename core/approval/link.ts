import type { Approver } from '../channel/rules';
import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';

/** Whose link it is, and to which request. */
export interface OpenedLink {
	requestId: string;
	approver: Approver;
	approverLookup: string;
}

/** The token as it stands in an address: 32 bytes, base64url. Anything else is not worth a look-up. */
const tokenForm = /^[A-Za-z0-9_-]{43}$/;

/** @throws CivicError approval.link for a link that is cut short, altered or made up; store.tampered for one moved by hand */
export async function openLink(context: CommandContext, token: string): Promise<OpenedLink> {
	const tokenHash = tokenForm.test(token) ? context.keys.lookup('link', token) : null;
	const row =
		tokenHash === null ? undefined : await context.db.selectFrom('approval_link').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError(
			'approval.link',
			'This link is not valid.',
			'It may be cut short or altered. Open it from the WhatsApp message again, or ask for a new one.',
		);
	}
	const approver = JSON.parse(context.keys.open(linkPlace(row.token_hash, row.request_id), row.approver_sealed).toString('utf8')) as Approver;
	const approverLookup = holderOf(context, approver);
	if (approverLookup !== row.approver_lookup) {
		throw new CivicError(
			'store.tampered',
			'The stored holder of this link is not the person it was made for.',
			'Somebody changed the database by hand. Nothing was decided; tell whoever looks after the installation.',
		);
	}
	return { requestId: row.request_id, approver, approverLookup };
}

/** The place that is authenticated with a link's holder: a link that is moved to another request opens nothing there. */
export function linkPlace(tokenHash: string, requestId: string): string {
	return `approval_link/${requestId}/${tokenHash}`;
}

/** By this a person's signatures are counted once. */
export function holderOf({ keys }: CommandContext, approver: Approver): string {
	return keys.lookup('email', approver.email);
}
