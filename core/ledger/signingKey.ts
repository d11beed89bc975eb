import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { CivicError } from '../errors';
import { verifierKey, type VerifierKey } from './verifierKey';

/** What signs notes. The private half never leaves it. */
export interface NoteSigner {
	readonly verifier: VerifierKey;
	/** Ed25519 signature, 64 bytes. */
	sign(message: Buffer): Buffer;
}

/** An Ed25519 private key in PKCS #8 is this prefix and the 32-byte seed (RFC 8410 section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const seedSize = 32;

/**
 * The signing key that grows from a seed.
 * @param name who signs; for a log its origin
 * @param seed 32 secret random bytes
 * @throws CivicError `input.invalid`
 */
export function signingKey(name: string, seed: Buffer): NoteSigner {
	if (seed.length !== seedSize) {
		throw new CivicError('input.invalid', `The seed of a signing key has 32 bytes, and this one has ${seed.length}.`, 'Restore the key file from the copy that was made at set-up.');
	}
	const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
	const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
	const verifier = verifierKey(name, Buffer.from(x ?? '', 'base64url'));
	return { verifier, sign: (message) => sign(null, message, privateKey) };
}
