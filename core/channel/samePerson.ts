import { domainToASCII } from 'node:url';

/** As much of a person as tells them from others. */
export interface KnownPerson {
	name: string;
	email: string | null;
	/** E.164, or null. */
	phone: string | null;
}

/**
 * The same person by e-mail, by phone or by name. A name alone is enough, also where the rest differs: a second address is
 * no second person. Two people who really share a name are told apart by entering a middle initial.
 */
export function isSamePerson(one: KnownPerson, other: KnownPerson): boolean {
	if (one.email !== null && other.email !== null && plainEmail(one.email) === plainEmail(other.email)) return true;
	if (one.phone !== null && one.phone === other.phone) return true;
	return plainName(one.name) === plainName(other.name);
}

/** Whether an e-mail address is this person's, tags and case aside. */
export function hasAddress({ email }: KnownPerson, address: string): boolean {
	return email !== null && plainEmail(email) === plainEmail(address);
}

/** Two names of one service, whose mailboxes do not look at dots (support.google.com/mail/answer/7436150). */
const gmail = new Set(['gmail.com', 'googlemail.com']);

/**
 * One spelling for each mailbox, as far as that can be told from the address: without case, invisible marks, wide letters and
 * a tag (RFC 5233: mail for `name+tag@…` reaches the one mailbox); the domain as the DNS knows it (IDNA, without its last dot).
 */
function plainEmail(email: string): string {
	const written = email.normalize('NFKC').replace(/\p{Cf}/gu, '').trim().toLowerCase();
	const at = written.lastIndexOf('@');
	if (at < 0) return written;
	const name = written.slice(0, at).replace(/(?<=.)\+.*$/su, '');
	const domain = plainDomain(written.slice(at + 1));
	return gmail.has(domain) ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`;
}

function plainDomain(domain: string): string {
	// Empty when the text is no domain at all; it then stands for itself.
	const known = domainToASCII(domain) || domain;
	return known.replace(/\.$/, '');
}

/** Letters that no decomposition takes apart, as they are written where a keyboard lacks them. */
const ligatures: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe' };

/** Without case, accents, punctuation, invisible marks and order: "Okafor, Sam" is "Sam Okafor". */
function plainName(name: string): string {
	const words = name
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}]/gu, '')
		// Up and down again: ß becomes ss, and the dotless i an i.
		.toUpperCase()
		.toLowerCase()
		.replace(/[łøđðþæœ]/gu, (letter) => ligatures[letter] ?? letter)
		.match(/[\p{L}\p{N}]+/gu);
	// A name of signs only would otherwise be that of everybody whose name is one.
	return words === null ? name.normalize('NFKC').trim() : words.sort().join(' ');
}
