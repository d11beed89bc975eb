/*
 * Guards the log, which keeps everything for ever, against the personal identifiers this product handles. It knows their
 * usual forms only; the real protection is that a leaf has no field for them.
 */

/** Random or digested by construction. Long ones hold digit runs by chance, so they are set aside before looking for phone numbers. */
const opaque = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/gi;

/** International with +, and the UK forms 44… and 07…. Longer runs of digits are ids of Meta, which have 15 digits and more. */
const phoneNumber = /\+\d{7,}|(?<!\d)(?:(?:00)?44\d{7,11}|07\d{7,10})(?!\d)/;

/** The same UK mobile numbers, written in groups. */
const groupedMobile = /(?<!\d)(?:(?:00)?44[-._]|0)7\d{3}[-._]?\d{3}[-._]?\d{3}(?!\d)/;

/** A WhatsApp message id holds the phone number in base64, with or without its usual prefix: here nine digits or more. */
const messageId = /wamid|(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){3}/;

/** Business-scoped user id: country, a dot, and up to 128 letters and digits. */
const businessScopedUserId = /(?<![A-Za-z0-9])[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{8,}/;

/** Whether a text looks like, or contains, a phone number, a WhatsApp message id or a business-scoped user id. */
export function resemblesPersonalIdentifier(text: string): boolean {
	const rest = text.replace(opaque, ' ');
	return [phoneNumber, groupedMobile, businessScopedUserId].some((form) => form.test(rest)) || messageId.test(text);
}
