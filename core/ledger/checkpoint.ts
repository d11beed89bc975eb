import { CivicError } from '../errors';
import { decodeBase64 } from './base64';
import { hashSize } from './sha256';
import { signNote, verifyNote } from './signedNote';
import type { NoteSigner } from './signingKey';
import type { VerifierKey } from './verifierKey';

/** The state of a log that its owner has signed: C2SP tlog-checkpoint. */
export interface Checkpoint {
	/** Identity of the log, an address without a scheme; also the name of the key that signs it. */
	readonly origin: string;
	/** Number of entries. */
	readonly size: number;
	/** Root hash of the tree, 32 bytes. */
	readonly root: Buffer;
	/** Further lines, rarely any. */
	readonly extensions: readonly string[];
}

/**
 * The text of a checkpoint: origin, size, root in base64 and the extensions, a line each.
 * @throws CivicError `input.invalid`
 */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
	const lines = [origin, String(size), root.toString('base64'), ...extensions];
	const text = lines.map((line) => `${line}\n`).join('');
	if (lines.some((line) => line.includes('\n'))) throw refusal('one of its lines holds a line feed');
	parseCheckpointText(text);
	return text;
}

/**
 * Reads the text of a checkpoint, which is to be trusted only when it comes out of a verified note.
 * @throws CivicError `input.invalid`
 */
export function parseCheckpointText(text: string): Checkpoint {
	const lines = text.split('\n');
	if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) throw refusal('it needs three lines or more, none of them empty');
	const [origin = '', decimal = '', encoded = '', ...extensions] = lines;
	const size = Number(decimal);
	if (!/^(0|[1-9][0-9]*)$/.test(decimal) || !Number.isSafeInteger(size)) throw refusal('its size is not a plain decimal number below 2^53');
	const root = decodeBase64(encoded);
	if (root?.length !== hashSize) throw refusal('its root is not the base64 form of 32 bytes');
	return { origin, size, root, extensions };
}

/**
 * Signs a checkpoint. Whether it continues what was signed before is for the caller to see to: a log that signs two
 * histories has lost its worth.
 * @param signers the log's own key, or two of them while keys are rotated
 * @returns the signed note
 * @throws CivicError `input.invalid`
 */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
	if (signers.some(({ verifier }) => verifier.name !== checkpoint.origin)) throw refusal('the signing key does not bear the name of the log');
	return signNote(checkpointText(checkpoint), signers);
}

/**
 * Verifies a checkpoint against the keys one trusts, the log's own among them: the signature of a witness alone is not enough.
 * @throws CivicError `input.invalid`
 */
export function verifyCheckpoint(note: Buffer | string, trusted: readonly VerifierKey[]): Checkpoint {
	const { text, signedBy } = verifyNote(note, trusted);
	const checkpoint = parseCheckpointText(text);
	if (!signedBy.some((key) => key.name === checkpoint.origin)) throw refusal('it belongs to another log than the key that signed it');
	return checkpoint;
}

function refusal(reason: string): CivicError {
	return new CivicError('input.invalid', `The checkpoint cannot be used: ${reason}.`, 'Use the checkpoint exactly as it was published, and the verifier key of the same log.');
}
