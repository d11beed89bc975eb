import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasAddress, isSamePerson } from '../../../core/channel/samePerson';
import { parseContributor } from '../../../core/message/draftPeople';

/** Persons whose names never meet, so that only the address or the number can tell. */
const by = (email: string | null, phone: string | null = null, name = 'Some One') => ({ name, email, phone });
const sameMailbox = (one: string, other: string) => isSamePerson(by(one), by(other, null, 'Other Body'));

describe('an e-mail address', () => {
	it.each([
		['case', 'Priya.Raman@Aldersea.example', 'priya.raman@aldersea.EXAMPLE'],
		['a tag', 'priya.raman+gritting@aldersea.example', 'priya.raman@aldersea.example'],
		['two different tags', 'priya.raman+a@aldersea.example', 'priya.raman+b+c@aldersea.example'],
		['spaces around it', ' priya.raman@aldersea.example ', 'priya.raman@aldersea.example'],
		['marks that nobody sees', 'pri\u200Bya.raman@alder\u00ADsea.example', 'priya.raman@aldersea.example'],
		['wide letters and signs', 'ｐｒｉｙａ．ｒａｍａｎ＋ａ＠ａｌｄｅｒｓｅａ．ｅｘａｍｐｌｅ', 'priya.raman@aldersea.example'],
		['the dot that ends a domain', 'priya.raman@aldersea.example.', 'priya.raman@aldersea.example'],
		['the ideographic full stop', 'priya.raman@aldersea。example', 'priya.raman@aldersea.example'],
		['a domain in letters and in Punycode', 'priya@tŷ-newydd.example', 'priya@xn--t-newydd-t2b.example'],
		['a domain with composed and decomposed letters', 'priya@caf\u00E9.example', 'priya@cafe\u0301.example'],
		['the dots that Gmail does not look at', 'priya.raman@gmail.com', 'p.riyaraman@gmail.com'],
		['the two names of Gmail', 'priya.raman@googlemail.com', 'priyaraman+x@GMail.com'],
	])('is the same with and without %s', (_, one, other) => {
		expect(sameMailbox(one, other)).toBe(true);
		expect(sameMailbox(other, one)).toBe(true);
		expect(hasAddress(by(one), other)).toBe(true);
	});

	it.each([
		['a dot, elsewhere than at Gmail', 'priya.raman@aldersea.example', 'priyaraman@aldersea.example'],
		['another domain', 'priya@aldersea.example', 'priya@aldersea2.example'],
		['a domain below', 'priya@aldersea.example', 'priya@mail.aldersea.example'],
		['nothing before the tag', '+a@aldersea.example', '+b@aldersea.example'],
		['what is no domain', 'priya@', 'priya@ '.concat('x')],
	])('is another one with %s', (_, one, other) => {
		expect(sameMailbox(one, other)).toBe(false);
	});

	const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_-');
	const local = fc.array(letters, { minLength: 1, maxLength: 12 }).map((list) => list.join(''));
	const domain = fc.tuple(local.map((name) => `a${name.replace(/[_-]/g, 'x')}`), fc.constantFrom('example', 'gov.uk', 'wales')).map((parts) => parts.join('.'));

	it('is known in any mixture of case, tags, wide letters and invisible marks', () => {
		fc.assert(
			fc.property(local, domain, local, fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }), (name, host, tag, ways) => {
				const disguised = [...`${name}+${tag}@${host}`].map((letter, index) => disguise(letter, ways[index % ways.length] ?? 0)).join('');
				expect(sameMailbox(disguised, `${name}@${host}`)).toBe(true);
			}),
		);
	});

	it('is another one when the plain name or domain is another', () => {
		fc.assert(
			fc.property(local, local, domain, domain, (one, other, here, there) => {
				expect(sameMailbox(`${one}@${here}`, `${other}@${there}`)).toBe(one === other && here === there);
			}),
		);
	});

	it('is never the same as none, and whatever stands there does not throw', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => typeof sameMailbox(one, other) === 'boolean'));
		expect(isSamePerson(by(null), by(null, null, 'Other Body'))).toBe(false);
	});
});

function disguise(letter: string, way: number): string {
	if (way === 1) return letter.toUpperCase();
	if (way === 2) return String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0);
	return way === 3 ? `\u200B${letter}` : letter;
}

describe('a phone number', () => {
	const written: Array<(subscriber: string) => string> = [
		(n) => `07700 900${n}`,
		(n) => `+447700900${n}`,
		(n) => `+44 (0)7700 900 ${n}`,
		(n) => `0044 7700-900-${n}`,
		(n) => `(07700) 900${n}`,
		(n) => `+44.7700.900.${n}`,
		(n) => `\u202A+44\u00A07700\u00A0900${n}\u202C`,
		(n) => [...`07700900${n}`].map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0)).join(''),
		(n) => `07700\u2011900\u2011${n}`,
	];

	it('is the same in whichever way two people write it, and another when a digit differs', () => {
		const subscriber = fc.integer({ min: 0, max: 999 }).map((number) => String(number).padStart(3, '0'));
		fc.assert(
			fc.property(subscriber, subscriber, fc.constantFrom(...written), fc.constantFrom(...written), (one, other, way, otherWay) => {
				const first = parseContributor({ name: 'Some One', phone: way(one) }, 'Requested By');
				const second = parseContributor({ name: 'Other Body', phone: otherWay(other) }, 'Requested By');
				expect(isSamePerson(first, second)).toBe(one === other);
			}),
		);
	});
});

describe('a name', () => {
	it.each([
		['Łukasz Øster', 'Lukasz Oster'],
		['Anke Weiß', 'ANKE WEISS'],
		['Æsa Þór', 'Aesa Thor'],
		['İpek Işık', 'ipek isik'],
	])('is the same as a keyboard without its letters writes it: %s', (one, other) => {
		expect(isSamePerson(by(null, null, one), by(null, null, other))).toBe(true);
	});

	it('without a letter or digit is nobody else’s', () => {
		expect(isSamePerson(by(null, null, '—'), by(null, null, '…'))).toBe(false);
		expect(isSamePerson(by(null, null, '—'), by(null, null, '—'))).toBe(true);
	});
});
