import { hash } from 'node:crypto';

/** Bytes in a SHA-256 digest. */
export const hashSize = 32;

/**
 * SHA-256 of `data`, 32 bytes.
 *
 * By way of hex on purpose: Node makes the string form of a digest about twice as fast as its Buffer form,
 * and a ledger of a million entries takes two million of them to verify.
 */
export function sha256(data: Buffer): Buffer {
	return Buffer.from(hash('sha256', data, 'hex'), 'hex');
}
