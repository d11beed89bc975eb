import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { CivicError } from '../errors';
import { decodeBase64 } from './base64';
import { sha256 } from './sha256';

/** Signature type Ed25519 of C2SP signed-note. */
const ed25519 = 0x01;
const publicKeySize = 32;

/**
 * The public half of a note signing key, as an auditor pins it. Written as a "vkey" line, C2SP signed-note:
 * `<name>+<key id, 8 hex digits>+<base64 of type byte and public key>`.
 */
export interface VerifierKey {
	/** Who signs; for the key of a log it is the log's origin. */
	readonly name: string;
	/** 8 lower-case hex digits. It tells keys of one name apart and proves nothing. */
	readonly keyId: string;
	/** Ed25519, 32 bytes. */
	readonly publicKey: Buffer;
}

/**
 * @param publicKey 32 bytes
 * @throws CivicError `input.invalid` for a name or key that a note cannot carry
 */
export function verifierKey(name: string, publicKey: Buffer): VerifierKey {
	if (!isKeyName(name)) {
		throw new CivicError('input.invalid', 'The name of a signing key is empty or contains a space or a plus sign.', 'Name it like an address without https://, for example council.example/audit.');
	}
	if (publicKey.length !== publicKeySize) {
		throw new CivicError('input.invalid', `An Ed25519 public key has 32 bytes, and this one has ${publicKey.length}.`, 'Copy the whole verifier key.');
	}
	return { name, keyId: keyId(name, publicKey), publicKey: Buffer.from(publicKey) };
}

export function formatVerifierKey(key: VerifierKey): string {
	return `${key.name}+${key.keyId}+${Buffer.concat([Buffer.of(ed25519), key.publicKey]).toString('base64')}`;
}

/**
 * Reads a vkey line; white space around it is ignored.
 * @throws CivicError `input.invalid`
 */
export function parseVerifierKey(text: string): VerifierKey {
	// The base64 part may contain plus signs of its own, so only the first two separate.
	const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text.trim()) ?? [];
	const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
	if (name === undefined || id === undefined || bytes === undefined || bytes.length === 0) {
		throw refusal('it is not of the form name+id+key');
	}
	if (bytes[0] !== ed25519) throw refusal('it is not an Ed25519 key');
	const key = verifierKey(name, bytes.subarray(1));
	if (key.keyId !== id.toLowerCase()) throw refusal('its id does not belong to its name and key');
	return key;
}

/** Whether `signature` over `message` was made with this key. */
export function verifySignature(key: VerifierKey, message: Buffer, signature: Buffer): boolean {
	return verify(null, message, keyObject(key.publicKey), signature);
}

/** A key name is not empty and holds neither a Unicode space nor a plus sign. Surrogates and control characters cannot be written in a note. */
export function isKeyName(name: string): boolean {
	return name !== '' && !/[\p{White_Space}\p{Surrogate}+]/u.test(name) && !hasControlCharacter(name);
}

/** ASCII control characters, the line feed among them. */
function hasControlCharacter(text: string): boolean {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20) return true;
	return false;
}

function keyId(name: string, publicKey: Buffer): string {
	return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ed25519), publicKey])).toString('hex', 0, 4);
}

function keyObject(publicKey: Buffer): KeyObject {
	return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' });
}

function refusal(reason: string): CivicError {
	return new CivicError('input.invalid', `The verifier key cannot be used: ${reason}.`, 'Paste the whole line that was shown when the ledger was set up.');
}
