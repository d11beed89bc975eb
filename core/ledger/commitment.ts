import { CivicError, isCivicError } from '../errors';
import type { Random } from '../world';
import { decodeBase64 } from './base64';
import { canonicalJson, type JsonValue } from './canonicalJson';
import { sha256 } from './sha256';

/*
 * Personal values stay outside the log. An entry holds a commitment instead: a digest of the value and a fresh 256-bit salt.
 * Who is shown salt and value can check them; once both are deleted nobody can find the value by trying all phone numbers,
 * and the log does not change. The idea is that of salted disclosures in SD-JWT (RFC 9901).
 */

/** What is disclosed of one field: its salt in base64, and its value. */
export type Disclosure = readonly [salt: string, value: JsonValue];

/** The disclosures of one entry, by field. */
export type Disclosures = Readonly<Record<string, Disclosure>>;

const saltSize = 32;
/** Keeps these digests apart from all others. */
const domain = Buffer.from('audit-sd/v1\0');

/** A salt for one field of one entry, never to be used again. */
export function newSalt(random: Random): Buffer {
	return random.bytes(saltSize);
}

/**
 * The commitment to `value` under the field name `name`.
 * @param salt 32 bytes
 * @returns SHA-256 in base64
 * @throws CivicError `input.invalid`
 */
export function commitment(name: string, value: JsonValue, salt: Buffer): string {
	if (salt.length !== saltSize) throw new CivicError('input.invalid', `A salt has 32 bytes, and this one has ${salt.length}.`, 'Draw a new one for each field.');
	return sha256(Buffer.concat([domain, salt, ...withLength(name), ...withLength(canonicalJson(value))])).toString('base64');
}

/** Commits to `value` with a salt of its own. Both results are needed: one goes into the log, the other beside it. */
export function commit(name: string, value: JsonValue, random: Random): { commitment: string; disclosure: Disclosure } {
	const salt = newSalt(random);
	return { commitment: commitment(name, value, salt), disclosure: [salt.toString('base64'), value] };
}

/**
 * Whether salt and value are those committed to.
 * @param disclosure a `Disclosure`, as far as one knows: it was kept where it could be changed, so anything else is simply false
 */
export function verifyDisclosure(name: string, disclosure: unknown, committed: string): boolean {
	if (!isDisclosure(disclosure)) return false;
	const [salt, value] = disclosure;
	const bytes = decodeBase64(salt);
	if (bytes?.length !== saltSize) return false;
	try {
		return commitment(name, value, bytes) === committed;
	} catch (cause) {
		// A value without a canonical spelling can never have been committed to.
		if (isCivicError(cause)) return false;
		throw cause;
	}
}

function isDisclosure(value: unknown): value is Disclosure {
	return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

/** Lengths go in first, so that no two pairs of name and value run together into the same bytes. */
function withLength(text: string): [Buffer, Buffer] {
	const bytes = Buffer.from(text);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return [length, bytes];
}
