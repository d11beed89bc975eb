/**
 * A text of Meta's as it may be kept and shown: without phone numbers, user ids and anything as long as a token (Graph
 * repeats a malformed token in its answer), on one line, cut to `maxLength`.
 */
export function redact(text: string, maxLength: number): string {
	const plain = text
		.slice(0, 4 * maxLength)
		.replace(/[\s\p{C}]+/gu, ' ')
		.replace(/[A-Za-z0-9_\-+/=.]{32,}/g, '…')
		.replace(userId, '$1…')
		.replace(/\+?\d(?:[\s().-]?\d){6,}/g, (digits) => (isCode(digits) ? digits : '…'))
		.trim();
	return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength - 1)}…`;
}

/** Meta's own codes run up to seven digits, such as 2388024; no phone number that we send to is as short. */
function isCode(digits: string): boolean {
	return /^\d{7}$/.test(digits);
}

/** As an id of ours is written (RFC 9562). It holds runs of digits by chance. */
const ourId = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** `GB.` and so on; one without a digit would be an ordinary word. Small letters, too: entries are often compared in them. */
const userId = /(?<![a-z0-9@._-])([a-z]{2}\.)(?:ENT\.)?(?=[a-z]*\d)[a-z0-9]{4,}/gi;

/** With a plus any number; without one only from nine digits on. A day such as 2026-01-05 is none. */
const phoneNumber = /\+\d(?:[\s().-]*\d){6,}|(?<!\d)(?!\d{4}-\d{2}-\d{2}(?!\d))\d(?:[\s().-]*\d){8,}/g;

/**
 * What somebody typed where an id or a name belongs, as an error may show it: an id of ours as it is, and anything else
 * without phone numbers, user ids and message ids (which hold a number in base64), on one line, cut to `maxLength`.
 */
export function typed(text: string, maxLength = 60): string {
	if (ourId.test(text.trim())) return text.trim();
	const plain = text
		.slice(0, 40 * maxLength)
		.replace(/[\s\p{C}]+/gu, ' ')
		.replace(/wamid\.[\w+/=-]+/gi, 'wamid.…')
		.replace(/[A-Za-z0-9_\-+/=.]{32,}/g, '…')
		.replace(userId, '$1…')
		.replace(phoneNumber, '…')
		.trim();
	return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength - 1)}…`;
}

/** The same where an id of Meta's belongs: those have 14 to 17 digits, and no number of a person has as many. */
export function typedMetaId(text: string): string {
	return /^\d{14,17}$/.test(text) ? text : typed(text);
}
