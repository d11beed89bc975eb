import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointText, parseCheckpointText, signCheckpoint, verifyCheckpoint, type Checkpoint } from '../../../core/ledger/checkpoint';
import { signNote } from '../../../core/ledger/signedNote';
import { signingKey } from '../../../core/ledger/signingKey';
import { ctRoots, flipBit, hex, origin, signer, strangerSigner } from './fixtures';

const refused = expect.objectContaining({ code: 'input.invalid' });
const rootLine = 'XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=';
const checkpoint: Checkpoint = { origin, size: 8, root: hex(ctRoots[8] as string), extensions: [] };

describe('a checkpoint', () => {
	it('of the test tree is signed as known', () => {
		expect(signCheckpoint(checkpoint, [signer])).toBe(
			`${origin}\n8\n${rootLine}\n\n— ${origin} /+wyW21dKqtMNvdiTJ3ASA6xWv5uxlEejy7tI96jK8R10erBoy8uUaQ+nEaSZDL8Ce3mfBRo9T7vzxBfiZjeYJpvIgI=\n`,
		);
	});

	it('of an empty log is signed as known', () => {
		expect(signCheckpoint({ origin, size: 0, root: hex(ctRoots[0] as string), extensions: [] }, [signer])).toBe(
			`${origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— ${origin} /+wyW3bDVBlAnDOPc5jrMeJLoPff0CWlG2cMfLvyVqM/Me0mB/xXAER2sSc1BwwG1ooa1ZGtgDTaCKzYAJN8PxbEtQc=\n`,
		);
	});

	it('is read as it was signed, extensions included', () => {
		const line = fc.stringMatching(/^[ -~]{1,20}$/);
		fc.assert(
			fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.array(line, { maxLength: 3 }), (size, root, extensions) => {
				const made: Checkpoint = { origin, size, root: Buffer.from(root), extensions };
				expect(verifyCheckpoint(signCheckpoint(made, [signer]), [signer.verifier])).toEqual(made);
			}),
		);
	});

	it('never verifies with any one bit flipped', () => {
		const bytes = Buffer.from(signCheckpoint(checkpoint, [signer]));
		for (let bit = 0; bit < bytes.length * 8; bit++) expect(() => verifyCheckpoint(flipBit(bytes, bit), [signer.verifier])).toThrow(refused);
	});

	it.each([
		['two lines', `${origin}\n8\n`],
		['no line feed at the end', `${origin}\n8\n${rootLine}`],
		['an empty origin', `\n8\n${rootLine}\n`],
		['an empty extension', `${origin}\n8\n${rootLine}\n\n`],
		['a leading zero', `${origin}\n08\n${rootLine}\n`],
		['a sign', `${origin}\n+8\n${rootLine}\n`],
		['a negative size', `${origin}\n-8\n${rootLine}\n`],
		['a fraction', `${origin}\n8.0\n${rootLine}\n`],
		['an exponent', `${origin}\n8e0\n${rootLine}\n`],
		['hexadecimal', `${origin}\n0x8\n${rootLine}\n`],
		['a space before the size', `${origin}\n 8\n${rootLine}\n`],
		['other digits', `${origin}\n٨\n${rootLine}\n`],
		['a size of 2^53', `${origin}\n9007199254740992\n${rootLine}\n`],
		['a size of 2^63', `${origin}\n9223372036854775808\n${rootLine}\n`],
		['a short root', `${origin}\n8\n${Buffer.alloc(31).toString('base64')}\n`],
		['a long root', `${origin}\n8\n${Buffer.alloc(33).toString('base64')}\n`],
		['a root in hex', `${origin}\n8\n${ctRoots[8]}\n`],
		['a root without padding', `${origin}\n8\n${rootLine.slice(0, -1)}\n`],
	])('with %s is refused, signed or not', (_, text) => {
		expect(() => parseCheckpointText(text)).toThrow(refused);
		if (text.endsWith('\n')) expect(() => verifyCheckpoint(signNote(text, [signer]), [signer.verifier])).toThrow(refused);
	});

	it('is not made of lines that are none', () => {
		for (const unfit of [{ size: -1 }, { size: 1.5 }, { size: 2 ** 53 }, { root: Buffer.alloc(31) }, { origin: '' }, { origin: 'a\nb' }, { extensions: [''] }, { extensions: ['a\nb'] }]) {
			expect(() => checkpointText({ ...checkpoint, ...unfit })).toThrow(refused);
		}
	});

	it('is signed by the key of its own log only', () => {
		expect(() => signCheckpoint({ ...checkpoint, origin: 'other.example' }, [signer])).toThrow('does not bear the name of the log');
	});

	it('of another log under a trusted key is refused', () => {
		const foreign = signNote(checkpointText({ ...checkpoint, origin: 'other.example' }), [signer]);
		expect(() => verifyCheckpoint(foreign, [signer.verifier])).toThrow('another log');
	});

	it('is not accepted on the word of a trusted witness alone', () => {
		const witness = signingKey('witness.example', Buffer.alloc(32, 9));
		const text = checkpointText(checkpoint);
		expect(() => verifyCheckpoint(signNote(text, [strangerSigner, witness]), [signer.verifier, witness.verifier])).toThrow('another log');
		expect(verifyCheckpoint(signNote(text, [signer, witness]), [signer.verifier, witness.verifier])).toEqual(checkpoint);
	});
});
