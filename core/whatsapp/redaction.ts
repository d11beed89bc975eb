/**
 * A text of Meta's as it may be kept and shown: without phone numbers and without anything as long as a token (Graph
 * repeats a malformed token in its answer), on one line, cut to `maxLength`.
 */
export function redact(text: string, maxLength: number): string {
	const plain = text
		.slice(0, 4 * maxLength)
		.replace(/[\s\p{C}]+/gu, ' ')
		.replace(/[A-Za-z0-9_\-+/=.]{32,}/g, '…')
		.replace(/\+?\d(?:[\s().-]?\d){6,}/g, (digits) => (isCode(digits) ? digits : '…'))
		.trim();
	return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength - 1)}…`;
}

/** Meta's own codes run up to seven digits, such as 2388024; no phone number that we send to is as short. */
function isCode(digits: string): boolean {
	return /^\d{7}$/.test(digits);
}
