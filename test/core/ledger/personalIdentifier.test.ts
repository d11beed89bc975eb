import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resemblesPersonalIdentifier } from '../../../core/ledger/personalIdentifier';
import { uuidv7 } from '../../../core/ledger/uuidv7';
import { seededRandom } from './fixtures';

const dramaNumber = fc.integer({ min: 0, max: 999 }).map((i) => `7700900${String(i).padStart(3, '0')}`);

describe('a personal identifier', () => {
	it('is recognised in every usual way of writing a UK mobile number, alone or among other text', () => {
		const forms: ((number: string) => string)[] = [
			(n) => `+44${n}`,
			(n) => `44${n}`,
			(n) => `0044${n}`,
			(n) => `0${n}`,
			(n) => `0${n.slice(0, 4)}-${n.slice(4)}`,
			(n) => `0${n.slice(0, 4)}.${n.slice(4, 7)}.${n.slice(7)}`,
			(n) => `44-${n.slice(0, 4)}-${n.slice(4)}`,
		];
		const around = fc.constantFrom<[string, string]>(['', ''], ['wa:', ''], ['contact-', '.old'], ['a', 'b']);
		fc.assert(
			fc.property(dramaNumber, fc.constantFrom(...forms), around, (number, form, [before, after]) => {
				expect(resemblesPersonalIdentifier(before + form(number) + after)).toBe(true);
			}),
		);
	});

	it.each(['GB.13491208655302741918', 'GB.ENT.13491208655302741918', 'user:US.a1B2c3D4e5'])('is recognised: %s', (text) => {
		expect(resemblesPersonalIdentifier(text)).toBe(true);
	});

	it('is recognised in a WhatsApp message id, whole or without its prefix', () => {
		fc.assert(
			fc.property(dramaNumber, (number) => {
				const inside = Buffer.concat([Buffer.of(0x1c, 0x18, 0x0c), Buffer.from(`44${number}`), Buffer.of(0x15, 0x02, 0, 0x11)]).toString('base64url');
				expect(resemblesPersonalIdentifier(`wamid.${inside}`)).toBe(true);
				expect(resemblesPersonalIdentifier(inside)).toBe(true);
			}),
		);
	});

	it.each([
		['a word', 'gritting-route-7'],
		['a template', 'gritting_tonight'],
		['a language', 'en_GB'],
		['an id of Meta that begins like a number', '447012345678901'],
		['another', '102290129340398'],
		['a time', '2026-11-22T07:00:00.000Z'],
		['a span of time', '2026-11-22T07:00:00Z--07:30:00Z'],
		['a time in milliseconds', '1763799612000'],
		['an area code', 'E05012447'],
		['a small number', '0744'],
		['a version', 'v23.0'],
	])('is not seen in %s', (_, text) => {
		expect(resemblesPersonalIdentifier(text)).toBe(false);
	});

	it('is not seen in ids and digests, however many digits they happen to hold', () => {
		const random = seededRandom();
		fc.assert(
			fc.property(fc.nat({ max: 2 ** 42 }), (i) => {
				const digest = createHash('sha256').update(String(i));
				for (const text of [uuidv7(i, random), random.uuid(), `sha256:${digest.copy().digest('hex')}`, digest.digest('hex').slice(0, 40)]) {
					expect(resemblesPersonalIdentifier(text)).toBe(false);
				}
			}),
			{ numRuns: 5000 },
		);
	});
});
