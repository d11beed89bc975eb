import { CivicError } from '../errors';
import { decodeBase64 } from './base64';
import type { NoteSigner } from './signingKey';
import { isKeyName, verifySignature, type VerifierKey } from './verifierKey';

/*
 * C2SP signed-note: a text that ends in a line feed, an empty line, and signature lines
 * `— <key name> <base64 of 4-byte key id and signature>`. The text is signed with its last line feed, without the empty line.
 */

export interface NoteSignature {
	readonly name: string;
	/** 8 lower-case hex digits. */
	readonly keyId: string;
	readonly signature: Buffer;
}

export interface SignedNote {
	/** Ends in a line feed. Not to be trusted before `verifyNote`. */
	readonly text: string;
	readonly signatures: readonly NoteSignature[];
}

export interface VerifiedNote {
	readonly text: string;
	/** Which of the trusted keys signed it, each once; at least one. */
	readonly signedBy: readonly VerifierKey[];
}

/** Bounds on what strangers may hand us. The specification asks for at least 16 signatures; post-quantum ones take about 5 kB each. */
const maxSignatures = 64;
const maxNoteBytes = 1_048_576;
const keyIdSize = 4;
const dash = '\u2014 ';

/**
 * Signs `text`.
 * @returns the note
 * @throws CivicError `input.invalid` when the text cannot stand in a note
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
	if (!text.endsWith('\n') || !isNoteText(text)) throw refusal('its text does not end in a line feed, or contains a control character');
	if (signers.length === 0 || signers.length > maxSignatures) throw refusal(`it needs 1 to ${maxSignatures} signatures`);
	const message = Buffer.from(text);
	const lines = signers.map(({ verifier, sign }) => {
		const signature = Buffer.concat([Buffer.from(verifier.keyId, 'hex'), sign(message)]);
		return `${dash}${verifier.name} ${signature.toString('base64')}\n`;
	});
	return `${text}\n${lines.join('')}`;
}

/**
 * Takes a note apart without verifying it.
 * @throws CivicError `input.invalid` when it is malformed
 */
export function parseNote(note: Buffer | string): SignedNote {
	const whole = decodeUtf8(note);
	if (!isNoteText(whole)) throw refusal('it contains a control character');
	const end = whole.lastIndexOf('\n\n');
	if (end < 0 || !whole.endsWith('\n')) throw refusal('it has no signatures');
	const lines = whole.slice(end + 2, -1).split('\n');
	if (lines.length > maxSignatures) throw refusal(`it has more than ${maxSignatures} signatures`);
	return { text: whole.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/**
 * Verifies a note against the keys one trusts.
 *
 * Signatures by unknown keys are ignored. A signature whose name and key id both belong to a trusted key has to verify,
 * otherwise the whole note is refused.
 * @throws CivicError `input.invalid` when it is malformed, badly signed, or signed by no trusted key
 */
export function verifyNote(note: Buffer | string, trusted: readonly VerifierKey[]): VerifiedNote {
	const { text, signatures } = parseNote(note);
	const message = Buffer.from(text);
	const signedBy = new Set<VerifierKey>();
	for (const { name, keyId, signature } of signatures) {
		for (const key of trusted) {
			if (key.name !== name || key.keyId !== keyId) continue;
			if (!verifySignature(key, message, signature)) throw refusal(`the signature of ${name} does not match its text`);
			signedBy.add(key);
		}
	}
	if (signedBy.size === 0) throw refusal('it carries no signature by a trusted key');
	return { text, signedBy: [...signedBy] };
}

function parseSignature(line: string): NoteSignature {
	const [name, encoded, ...more] = line.startsWith(dash) ? line.slice(dash.length).split(' ') : [];
	const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
	if (name === undefined || !isKeyName(name) || bytes === undefined || bytes.length <= keyIdSize || more.length > 0) {
		throw refusal('a signature line is malformed');
	}
	return { name, keyId: bytes.toString('hex', 0, keyIdSize), signature: bytes.subarray(keyIdSize) };
}

/** Valid Unicode without ASCII control characters other than the line feed. */
function isNoteText(text: string): boolean {
	if (/\p{Surrogate}/u.test(text)) return false;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x20 && unit !== 0x0a) return false;
	}
	return true;
}

function decodeUtf8(note: Buffer | string): string {
	if (note.length > maxNoteBytes) throw refusal('it is too long');
	if (typeof note === 'string') return note;
	const text = note.toString('utf8');
	// Decoding replaces invalid bytes, so only valid UTF-8 comes back as it was.
	if (!Buffer.from(text).equals(note)) throw refusal('it is not UTF-8 text');
	return text;
}

function refusal(reason: string): CivicError {
	return new CivicError('input.invalid', `The signed note cannot be used: ${reason}.`, 'Use the note exactly as it was published, every byte of it.');
}
