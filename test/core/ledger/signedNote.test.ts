import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCivicError } from '../../../core/errors';
import { parseNote, signNote, verifyNote } from '../../../core/ledger/signedNote';
import { signingKey } from '../../../core/ledger/signingKey';
import { parseVerifierKey } from '../../../core/ledger/verifierKey';
import { countingBytes, flipBit, origin, signer, strangerSigner, vkey } from './fixtures';

const key = parseVerifierKey(vkey);
const refused = expect.objectContaining({ code: 'input.invalid' });
const text = 'Aldersea Borough Council\ngrits tonight\n';
const note = signNote(text, [signer]);
const signatureLine = note.slice(text.length + 1);
const encoded = signatureLine.split(' ')[2]?.trimEnd() ?? '';

const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
/** Any text a note can carry. */
const noteText = fc
	.string({ unit: 'grapheme', maxLength: 60 })
	.map((line) => `${[...line].filter((character) => character >= ' ').join('')}\n`);

/** What comes of a text that may or may not be a note. A verified one can only say what was signed. */
function outcome(anything: string): string {
	try {
		return verifyNote(anything, [key]).text === text ? 'verified' : 'verified a text nobody signed';
	} catch (cause) {
		return isCivicError(cause) ? 'refused' : `threw ${String(cause)}`;
	}
}

describe('a signed note', () => {
	it('of the specification verifies', () => {
		const example = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
		const signed = `This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n`;
		expect(verifyNote(signed, [example])).toEqual({ text: 'This is an example message.\n', signedBy: [example] });
		expect(verifyNote(Buffer.from(signed), [key, example]).signedBy).toEqual([example]);
	});

	it('verifies again whatever its text and key', () => {
		fc.assert(
			fc.property(noteText, seed, (anyText, anySeed) => {
				const anySigner = signingKey(origin, anySeed);
				expect(verifyNote(Buffer.from(signNote(anyText, [anySigner])), [anySigner.verifier])).toEqual({ text: anyText, signedBy: [anySigner.verifier] });
			}),
		);
	});

	it('never verifies with any one bit flipped', () => {
		const bytes = Buffer.from(note);
		for (let bit = 0; bit < bytes.length * 8; bit++) expect(() => verifyNote(flipBit(bytes, bit), [key])).toThrow(refused);
	});

	it('never verifies with a bit flipped, whatever its text', () => {
		fc.assert(
			fc.property(noteText, fc.nat(), (anyText, place) => {
				const bytes = Buffer.from(signNote(anyText, [signer]));
				expect(() => verifyNote(flipBit(bytes, place % (bytes.length * 8)), [key])).toThrow(refused);
			}),
		);
	});

	it('never verifies cut short or with something added in front, inside or behind', () => {
		const bytes = Buffer.from(note);
		for (let i = 0; i < bytes.length; i++) {
			expect(() => verifyNote(bytes.subarray(0, i), [key])).toThrow(refused);
			expect(() => verifyNote(Buffer.concat([bytes.subarray(0, i), Buffer.from('x'), bytes.subarray(i)]), [key])).toThrow(refused);
		}
		expect(() => verifyNote(`${note}\n`, [key])).toThrow(refused);
		expect(() => verifyNote(`\ufeff${note}`, [key])).toThrow(refused);
	});

	it('is split at its last empty line, so its text may hold others', () => {
		const spaced = 'one\n\n\ntwo\n\n';
		expect(verifyNote(signNote(spaced, [signer]), [key]).text).toBe(spaced);
		const nested = signNote(note, [signer]);
		expect(verifyNote(nested, [key]).text).toBe(note);
	});

	it('is answered with a refusal and nothing else, whatever it is made of', () => {
		const pieces = fc.constantFrom('\n', '\n\n', '— ', origin, ' ', encoded, text, signatureLine, '+', '\r', '\u0000', '\u2014', 'x');
		const made = fc.oneof(fc.string(), fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')));
		fc.assert(
			fc.property(made, (anything) => {
				expect(outcome(anything)).toMatch(/^(verified|refused)$/);
			}),
		);
	});
});

describe('a malformed note', () => {
	it.each([
		['nothing at all', ''],
		['no signature', text],
		['an empty line and no signature', `${text}\n`],
		['two empty lines before the signatures', `${text}\n\n${signatureLine}`],
		['no text', `\n${signatureLine}`],
		['only a signature', signatureLine],
		['a carriage return', note.replace('tonight\n', 'tonight\r\n')],
		['a tab', note.replace(' tonight', '\ttonight')],
		['a NUL', note.replace(' tonight', '\0tonight')],
		['a hyphen for the dash', note.replace('—', '-')],
		['no space behind the dash', note.replace('— ', '—')],
		['two spaces before the signature', note.replace(`${origin} `, `${origin}  `)],
		['a space behind the signature', note.replace(/\n$/, ' \n')],
		['no line feed at the end', note.slice(0, -1)],
		['an empty line among the signatures', `${text}\n${signatureLine}\n${signatureLine}x`],
		['a plus sign in the name', `${note}— a+b ${encoded}\n`],
		['no name', `${note}—  ${encoded}\n`],
		['a no-break space in the name', `${note}— a\u00a0b ${encoded}\n`],
		['a signature without a body', `${note}— someone ${Buffer.alloc(4).toString('base64')}\n`],
		['an empty signature', `${note}— someone \n`],
		['base64 without padding', note.replace('=', '')],
		['base64 of URLs', `${note}— someone ${Buffer.alloc(60, 0xff).toString('base64url')}\n`],
		['base64 with bits to spare', `${note}— someone AAAAAAB=\n`],
		['half a surrogate pair', note.replace('tonight', '\ud800')],
	])('with %s is refused', (_, malformed) => {
		expect(() => verifyNote(malformed, [key])).toThrow(refused);
	});

	it('with invalid UTF-8 is refused', () => {
		const bytes = Buffer.from(`${note}— someone ${encoded}\n`);
		bytes[bytes.indexOf('someone')] = 0xff;
		expect(() => parseNote(bytes)).toThrow(refused);
	});

	it('with 65 signatures, or of more than a megabyte, is refused', () => {
		const line = (i: number) => `— witness-${i} ${encoded}\n`;
		const lines = (count: number) => Array.from({ length: count }, (_, i) => line(i)).join('');
		expect(verifyNote(note + lines(63), [key]).text).toBe(text);
		expect(() => verifyNote(note + lines(64), [key])).toThrow(refused);
		expect(() => parseNote(`${'x'.repeat(1_048_576)}\n\n${signatureLine}`)).toThrow(refused);
	});

	it('is not made', () => {
		for (const unfit of ['', 'no line feed', 'a\tb\n', 'a\r\n', '\ud800\n']) expect(() => signNote(unfit, [signer])).toThrow(refused);
		expect(() => signNote(text, [])).toThrow(refused);
	});
});

describe('signatures by several keys', () => {
	const second = signingKey('witness.example', Buffer.alloc(32, 7));
	const both = signNote(text, [second, signer]);

	it('are all reported when all keys are trusted', () => {
		expect(verifyNote(both, [key, second.verifier]).signedBy).toEqual([second.verifier, key]);
	});

	it('by unknown keys are ignored, even when the name is that of a trusted key', () => {
		expect(verifyNote(both, [key]).signedBy).toEqual([key]);
		expect(verifyNote(signNote(text, [strangerSigner, signer]), [key]).signedBy).toEqual([key]);
		expect(() => verifyNote(signNote(text, [strangerSigner]), [key])).toThrow('no signature by a trusted key');
		expect(() => verifyNote(note, [])).toThrow('no signature by a trusted key');
	});

	it('by unknown keys are ignored, even when the key id is that of a trusted key', () => {
		const renamed = signatureLine.replace(origin, 'someone.example');
		expect(verifyNote(note + renamed.replace(/.{6}=\n$/, 'AAAAAA=\n'), [key]).signedBy).toEqual([key]);
	});

	it('refuse the whole note when one by a trusted key does not match', () => {
		const body = Buffer.from(encoded, 'base64');
		const bad = `— ${origin} ${flipBit(body, 200).toString('base64')}\n`;
		expect(() => verifyNote(note + bad, [key])).toThrow('does not match its text');
		expect(() => verifyNote(`${text}\n${bad}${signatureLine}`, [key])).toThrow('does not match its text');
		const wrongText = signNote('something else\n', [second]).split('\n\n')[1] ?? '';
		expect(() => verifyNote(note + wrongText, [key, second.verifier])).toThrow('does not match its text');
	});

	it('count once when repeated', () => {
		expect(verifyNote(note + signatureLine, [key]).signedBy).toEqual([key]);
	});

	it('are matched by comparison, so a key name is never a pattern', () => {
		const pattern = signingKey('.*', countingBytes);
		expect(() => verifyNote(note, [pattern.verifier])).toThrow('no signature by a trusted key');
	});
});
