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

/** @throws CivicError approval.link for a link that is cut short, altered or made up */
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
	const approver = JSON.parse(context.keys.open(`approval_link/${row.token_hash}`, row.approver_sealed).toString('utf8')) as Approver;
	return { requestId: row.request_id, approver, approverLookup: row.approver_lookup };
}
