import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';

/** Whose link it is, and to which request. */
export interface OpenedLink {
	/** Keyed hash of its secret. */
	tokenHash: string;
	requestId: string;
	approver: LinkHolder;
	approverLookup: string;
	kind: LinkKind;
}

export interface LinkHolder {
	name: string;
	email: string;
	/** E.164. */
	phone: string;
}

/** A `private` link was brought to its holder by us alone, and may decide; a `locator` passed through other hands, and shows. */
export type LinkKind = 'private' | 'locator';

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
	const approver = JSON.parse(context.keys.open(linkPlace(row.token_hash, row.request_id, row.kind), row.approver_sealed).toString('utf8')) as LinkHolder;
	const approverLookup = holderOf(context, approver);
	if (approverLookup !== row.approver_lookup) {
		throw new CivicError(
			'store.tampered',
			'The stored holder of this link is not the person it was made for.',
			'Somebody changed the database by hand. Nothing was decided; tell whoever looks after the installation.',
		);
	}
	return { tokenHash: row.token_hash, requestId: row.request_id, approver, approverLookup, kind: row.kind };
}

/** Makes one person's link to a request. The secret is returned once; the store keeps a keyed hash of it. */
export async function issueLink(context: CommandContext, requestId: string, holder: LinkHolder, kind: LinkKind = 'private'): Promise<string> {
	const token = context.random.bytes(32).toString('base64url');
	const tokenHash = context.keys.lookup('link', token);
	const { name, email, phone } = holder;
	await context.db
		.insertInto('approval_link')
		.values({
			token_hash: tokenHash,
			request_id: requestId,
			approver_lookup: holderOf(context, holder),
			approver_sealed: context.keys.seal(linkPlace(tokenHash, requestId, kind), JSON.stringify({ name, email, phone })),
			created_at: context.now,
			kind,
		})
		.execute();
	return token;
}

/** The place that is authenticated with a link's holder: a link that is moved to another request, or made to decide by hand, opens nothing. */
export function linkPlace(tokenHash: string, requestId: string, kind: LinkKind): string {
	return `approval_link/${requestId}/${tokenHash}${kind === 'private' ? '' : `/${kind}`}`;
}

/** By this a person's signatures are counted once. */
export function holderOf({ keys }: CommandContext, approver: Pick<LinkHolder, 'email'>): string {
	return keys.lookup('email', approver.email);
}
