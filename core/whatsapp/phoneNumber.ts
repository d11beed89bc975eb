import { type CountryCode, type PhoneNumber as ParsedNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';

import { CivicError } from '../errors';

declare const e164: unique symbol;

/** A telephone number as `+` and 7 to 15 digits (ITU-T E.164). Made by `parsePhoneNumber` or checked by `isE164`. */
export type E164 = string & { readonly [e164]: true };

/** `unknown` is a real number whose plan does not tell mobiles apart (the United States), or another kind (0800, 070). */
export type PhoneKind = 'mobile' | 'fixed' | 'unknown';

export interface PhoneNumber {
	number: E164;
	kind: PhoneKind;
}

/**
 * Numbers that Ofcom keeps free for drama ("Telephone numbers for use in TV and radio drama programmes"). No network owns
 * them, so the number plan calls them invalid; demonstrations, training and tests stand on them.
 */
const dramaNumbers: ReadonlyArray<{ range: RegExp; kind: PhoneKind }> = [
	{ range: /^\+447700900\d{3}$/, kind: 'mobile' },
	{ range: /^\+441632960\d{3}$/, kind: 'fixed' },
];

/** Marks that spreadsheets and chats put around numbers when text is copied; nobody sees them. */
const invisible = /\p{Cf}/gu;
const usable = /^\+?[\d\s().\-/]+$/u;

/** Whether a stored text is in the form of E.164. Says nothing about the number being in use. */
export function isE164(text: string): text is E164 {
	return /^\+[1-9]\d{6,14}$/.test(text);
}

/**
 * Reads a telephone number the way people write it: `07700 900123`, `+44 (0)7700 900123`, `0044…`, with spaces (the
 * non-breaking one too), dashes, dots or brackets. Landlines are accepted and named as such.
 *
 * @param defaultCountry ISO 3166 code for numbers written without a country
 * @throws CivicError `phone.invalid`, which shows a masked number only
 */
export function parsePhoneNumber(input: string, defaultCountry: CountryCode = 'GB'): PhoneNumber {
	const written = input.normalize('NFKC').replace(invisible, '').replace(/[\p{Pd}\u2212]/gu, '-').trim();
	if (written === '') throw invalid(written, 'There is no phone number here.');
	if (!usable.test(written)) throw invalid(written, 'holds something that is not part of a number.');
	const parsed = parsePhoneNumberFromString(written, { defaultCountry, extract: false });
	if (parsed === undefined || parsed.ext !== undefined || !isE164(parsed.number)) {
		throw invalid(written, 'is not a whole phone number.');
	}
	const kind = kindOf(parsed);
	if (kind === undefined) throw invalid(written, 'is not in use in any number plan. Digits may be missing or swapped.');
	return { number: parsed.number, kind };
}

/** `+447700900123` as `+44 …123`, for logs, pages and messages. */
export function maskPhone(number: E164): string {
	const country = parsePhoneNumberFromString(number)?.countryCallingCode;
	return `${country === undefined ? '' : `+${country} `}…${number.slice(-3)}`;
}

function kindOf(parsed: ParsedNumber): PhoneKind | undefined {
	const drama = dramaNumbers.find(({ range }) => range.test(parsed.number));
	if (drama !== undefined) return drama.kind;
	if (!parsed.isValid()) return undefined;
	switch (parsed.getType()) {
		case 'MOBILE':
			return 'mobile';
		case 'FIXED_LINE':
			return 'fixed';
		default:
			return 'unknown';
	}
}

/** The column may hold a name instead of a number, so nothing of the input is shown but the last digits of a long run. */
function invalid(written: string, what: string): CivicError {
	const digits = written.replace(/\D/g, '');
	const shown = digits.length >= 7 ? `The phone number …${digits.slice(-3)} ` : written === '' ? '' : 'This phone number ';
	return new CivicError(
		'phone.invalid',
		`${shown}${what}`,
		'Write it as 07700 900123 or +44 7700 900123, one number to a field, without an extension.',
	);
}
