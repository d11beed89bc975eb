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

/** Without a tag: mail for `name+tag@…` reaches the one mailbox (RFC 5233). */
function plainEmail(email: string): string {
	return email.normalize('NFKC').replace(/\p{Cf}/gu, '').trim().toLowerCase().replace(/\+[^@]*(?=@)/, '');
}

/** Without case, accents, punctuation, invisible marks and order: "Okafor, Sam" is "Sam Okafor". */
function plainName(name: string): string {
	const words = name
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}]/gu, '')
		.toLowerCase()
		.match(/[\p{L}\p{N}]+/gu);
	return (words ?? []).sort().join(' ');
}
