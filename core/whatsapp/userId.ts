import { CivicError } from '../errors';

declare const bsuid: unique symbol;

/**
 * A business-scoped user id: `GB.` and up to 128 letters and digits, or `GB.ENT.` and so on for a parent business (Meta:
 * "Business-scoped user IDs"). Names one person to one business portfolio. Kept whole; only the country in front may be read.
 */
export type UserId = string & { readonly [bsuid]: true };

export function isUserId(text: string): text is UserId {
	return /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/.test(text);
}

/** @throws CivicError `input.invalid`, which does not repeat the id: it stands for a person */
export function parseUserId(input: string): UserId {
	const written = input.trim();
	if (isUserId(written)) return written;
	throw new CivicError('input.invalid', 'This is not a WhatsApp user id.', 'It begins with a country and a dot, such as GB., and goes on with letters and digits. Take it from the event that brought the message.');
}
