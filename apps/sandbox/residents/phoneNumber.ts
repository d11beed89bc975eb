import { parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * The digits of a number as people write it, in E.164 order and without "+": `07700 900123`, `0044 7700 900123` and
 * `+44 (0)7700 900123` are all `447700900123`. Numbers without a country code are British.
 *
 * @returns undefined for what is no phone number
 */
export function readPhoneNumber(written: string): string | undefined {
	const read = parsePhoneNumberFromString(written.trim(), 'GB');
	if (!read?.isPossible() || read.ext !== undefined) return undefined;
	// British numbers have nine or ten digits after the country code, those of mobile phones ten.
	if (read.countryCallingCode === '44' && !/^([1-9]\d{9}|[1-689]\d{8})$/.test(read.nationalNumber)) return undefined;
	return read.number.slice(1);
}
