import { z } from 'zod';
import { CivicError, isCivicError } from '../errors';
import { parsePhoneNumber } from '../whatsapp/phoneNumber';

/** Somebody who asked for a draft or worked on it. They may not sign it. */
export interface Contributor {
	name: string;
	email: string | null;
	/** E.164, or null. */
	phone: string | null;
}

/** How it is known that the requester is who they are said to be. */
export type RequesterSource = 'n8n-user' | 'whatsapp-code' | 'unattributed';

/** Who asked for a draft. */
export interface Requester extends Contributor {
	/** Absent in drafts from before it was recorded. */
	source?: RequesterSource;
	/** n8n's id of the account that signed in: its owner can change name and address, not this. */
	account?: string;
}

/** What follows the name of whoever asked, for whoever reads it. */
export function sourceInWords(source: RequesterSource | null): string {
	if (source === 'n8n-user') return ', signed in to n8n';
	if (source === 'whatsapp-code') return ', by WhatsApp code';
	return source === null ? '' : '; nothing shows that it was them, so one approver more is needed';
}

/** As strict as for approvers: with a stray mark it would be the address of nobody, and bar nobody. */
const address = z.string().email();

/** Marks that nobody sees, in a name that has to be read on the sign-off page. */
const invisible = /\p{Cf}/gu;

/** A signed-in n8n user as a requester. n8n knows the address; whether it has the usual form is n8n's matter. */
export function signedInRequester({ id, name, email }: { id: string; name: string; email: string }): Requester {
	const visible = name.replace(invisible, '').replace(/\s+/gu, ' ').trim();
	const address = email.trim().toLowerCase();
	return { name: visible === '' ? address : visible, email: address, phone: null, source: 'n8n-user', account: id };
}

/**
 * Reads a person as a form gives them. A name alone is accepted, but then only the name can bar them.
 * @throws CivicError phone.invalid, input.invalid
 */
export function parseContributor(raw: { name?: string; email?: string; phone?: string }, label: string): Contributor {
	const name = raw.name?.replace(invisible, '').trim() ?? '';
	if (name === '') {
		throw new CivicError('input.invalid', `'${label}' has no name.`, 'Say who asks for this broadcast: the name goes on the sign-off page and into the record.');
	}
	const email = raw.email?.trim().toLowerCase() || null;
	if (email !== null && !address.safeParse(email).success) {
		throw new CivicError('input.invalid', `The e-mail address of '${label}' is not usable.`, 'Enter an address such as name@council.example, or leave it empty.');
	}
	return { name, email, phone: raw.phone?.trim() ? phoneOf(raw.phone, label) : null };
}

function phoneOf(phone: string, label: string): string {
	try {
		return parsePhoneNumber(phone).number;
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		throw new CivicError(cause.code, `The phone number of '${label}' is not usable: ${cause.message}`, cause.hint, { cause });
	}
}
