import canonicalize from 'canonicalize';
import { CivicError } from '../errors';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/**
 * The one spelling of a JSON value that is hashed and signed (RFC 8785, JCS).
 *
 * Only plain JSON goes in. What `JSON.stringify` would quietly drop or turn into something else (undefined, functions, dates and other
 * objects with a class) is refused, because then a digest would cover less than its caller believes.
 * @throws CivicError `input.invalid`, also for NaN, infinities, lone surrogates and circular values
 */
export function canonicalJson(value: unknown): string {
	const text = serialise(value);
	const odd = text === undefined ? 'no value at all' : findNonJson(value);
	if (text === undefined || odd !== undefined) throw refusal(`it holds ${odd}`);
	return text;
}

/**
 * Reads canonical JSON.
 * @returns the value, or undefined unless `bytes` are the canonical spelling of it: with duplicate names, other number forms,
 * white space or invalid UTF-8 two readers could see two things
 */
export function parseCanonical(bytes: Buffer): JsonValue | undefined {
	const value = parse(bytes);
	if (value === undefined) return undefined;
	try {
		const text = canonicalize(value);
		return text !== undefined && Buffer.from(text).equals(bytes) ? value : undefined;
	} catch {
		// Lone surrogates, or a number beyond the range of a double: it parses and has no canonical spelling.
		return undefined;
	}
}

export function isCanonical(bytes: Buffer): boolean {
	return parseCanonical(bytes) !== undefined;
}

function parse(bytes: Buffer): JsonValue | undefined {
	try {
		return JSON.parse(bytes.toString('utf8')) as JsonValue;
	} catch {
		// Not JSON is an answer here, not an accident: the caller asked whether it is.
		return undefined;
	}
}

function serialise(value: unknown): string | undefined {
	try {
		return canonicalize(value);
	} catch (cause) {
		throw refusal('it holds a number that JSON does not have, half a surrogate pair, or itself', cause);
	}
}

/** Names the first thing in a value that is not JSON. Not recursive, so depth does not matter; cycles have been ruled out before. */
function findNonJson(value: unknown): string | undefined {
	const rest: unknown[] = [value];
	while (rest.length > 0) {
		const next = rest.pop();
		if (next === null || typeof next === 'string' || typeof next === 'number' || typeof next === 'boolean') continue;
		if (typeof next !== 'object') return `a value of type ${typeof next}`;
		if (Array.isArray(next)) {
			// By index, because iteration helpers skip the holes of a sparse array.
			for (let i = 0; i < next.length; i++) rest.push(next[i]);
			continue;
		}
		const prototype: unknown = Object.getPrototypeOf(next);
		// A prototype without a prototype is Object.prototype, that of another realm (a vm context) included.
		if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return 'an object that is not plain data, for example a date';
		for (const member of Object.values(next)) rest.push(member);
	}
	return undefined;
}

function refusal(reason: string, cause?: unknown): CivicError {
	return new CivicError('input.invalid', `A record cannot be written in its canonical form: ${reason}.`, 'Give plain values only: texts, finite numbers, true, false, null, lists and objects of these.', { cause });
}
