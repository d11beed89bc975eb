import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signingKey } from '../../../core/ledger/signingKey';
import { formatVerifierKey, isKeyName, parseVerifierKey, verifierKey, verifySignature } from '../../../core/ledger/verifierKey';
import { origin, signer, vkey } from './fixtures';

describe('a verifier key', () => {
	it('of the deterministic seed is the known one', () => {
		expect(signer.verifier.publicKey.toString('hex')).toBe('03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8');
		expect(formatVerifierKey(signer.verifier)).toBe(vkey);
	});

	it('is read from its line, white space around it aside', () => {
		expect(parseVerifierKey(vkey)).toEqual(signer.verifier);
		expect(parseVerifierKey(` ${vkey}\n`)).toEqual(signer.verifier);
		expect(parseVerifierKey(vkey.replace('ffec325b', 'FFEC325B'))).toEqual(signer.verifier);
	});

	it('is read as it was written, whatever the key', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
				const key = verifierKey(origin, Buffer.from(bytes));
				expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
			}),
		);
	});

	it.each([
		['an empty text', ''],
		['only a name', origin],
		['no key', `${origin}+ffec325b`],
		['an empty key', `${origin}+ffec325b+`],
		['no name', vkey.slice(origin.length)],
		['a name with a space', vkey.replace('audit', 'au dit')],
		['another name', vkey.replace('audit', 'audix')],
		['another id', vkey.replace('ffec325b', 'ffec325c')],
		['a shortened id', vkey.replace('ffec325b', 'ffec325')],
		['another key', vkey.replace('AQOhB7', 'AQOhB8')],
		['another signature type', vkey.replace('+AQ', '+BA')],
		['a short key', `${origin}+ffec325b+${Buffer.concat([Buffer.of(1), signer.verifier.publicKey.subarray(1)]).toString('base64')}`],
		['sloppy base64', vkey.slice(0, -1)],
		['something behind it', `${vkey} more`],
	])('is refused with %s', (_, text) => {
		expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
	});

	it('does not bear names that a note cannot carry', () => {
		for (const name of ['', 'a b', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a+b', 'a\nb', 'a\u0001b', '\ud800']) expect(isKeyName(name)).toBe(false);
		for (const name of ['a', 'council.example/audit', 'Ålesund', '.*', '😀']) expect(isKeyName(name)).toBe(true);
	});

	it('verifies what its signing key signed and nothing else', () => {
		const message = Buffer.from('gritting tonight');
		const signature = signer.sign(message);
		expect(verifySignature(signer.verifier, message, signature)).toBe(true);
		expect(verifySignature(signer.verifier, Buffer.from('gritting tomorrow'), signature)).toBe(false);
		expect(verifySignature(signer.verifier, message, signature.subarray(1))).toBe(false);
		expect(verifySignature(signer.verifier, message, Buffer.alloc(0))).toBe(false);
	});

	it('does not grow from a seed of another length', () => {
		expect(() => signingKey(origin, Buffer.alloc(31))).toThrow(expect.objectContaining({ code: 'input.invalid' }));
	});
});
