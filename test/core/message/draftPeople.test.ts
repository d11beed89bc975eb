import { describe, expect, it } from 'vitest';
import { isSamePerson } from '../../../core/channel/samePerson';
import { parseContributor } from '../../../core/message/draftPeople';

const person = (name: string, email?: string, phone?: string) => parseContributor({ name, email, phone }, 'Requester');

describe('somebody who asks for a broadcast', () => {
	it('is read as a form gives them', () => {
		expect(person('  Sam Okafor ', ' Sam.Okafor@Aldersea.example ', '07700 900123')).toEqual({
			name: 'Sam Okafor',
			email: 'sam.okafor@aldersea.example',
			phone: '+447700900123',
		});
		expect(person('Sam Okafor', '', ' ')).toEqual({ name: 'Sam Okafor', email: null, phone: null });
	});

	it.each([
		['no name', { name: ' ' }, "'Asked By'"],
		['a name that nobody can see', { name: '\u200b\u2060' }, "'Asked By'"],
		['no usable e-mail address', { name: 'Sam', email: 'sam at aldersea' }, "'Asked By'"],
		['an e-mail address with a stray mark, which would name somebody else', { name: 'Sam', email: 'sam.okafor@aldersea.example.' }, "'Asked By'"],
		['a whole mail link', { name: 'Sam', email: 'mailto:sam.okafor@aldersea.example' }, "'Asked By'"],
		['no usable phone number', { name: 'Sam', phone: '07700 9' }, "'Asked By'"],
	])('is refused with %s, by the label of the field', (_, raw, label) => {
		expect(() => parseContributor(raw, 'Asked By')).toThrow(label);
	});
});

describe('the same person', () => {
	const morgan = person('Morgan Ellis', 'morgan.ellis@aldersea.example', '07700 900901');

	it.each([
		['e-mail', person('M. E.', 'MORGAN.ELLIS@Aldersea.example')],
		['e-mail with a tag for another folder', person('M. E.', 'morgan.ellis+forms@aldersea.example')],
		['phone in another spelling', person('M. E.', undefined, '+44 (0)7700 900901')],
		['name', person('Morgan Ellis')],
		['name in another case', person('MORGAN ellis')],
		['name with accents', person('Mórgan Éllis')],
		['name with decomposed accents', person('Mo\u0301rgan E\u0301llis')],
		['name in the other order', person('Ellis, Morgan')],
		['name with other spacing', person(' Morgan\u00A0\u2003Ellis.')],
		['name with invisible marks', person('Mor\u200Bgan El\u00ADlis')],
		['name in wide letters', person('Ｍorgan Ｅllis')],
		['name, though everything else differs', person('Morgan Ellis', 'other@home.example', '07700 900999')],
	])('is known by %s', (_, other) => {
		expect(isSamePerson(morgan, other)).toBe(true);
		expect(isSamePerson(other, morgan)).toBe(true);
	});

	it('is not somebody else because both left something empty', () => {
		expect(isSamePerson(person('Sam Okafor'), person('Jo Hale'))).toBe(false);
		expect(isSamePerson(morgan, person('Morgan Ellison', 'morgan.ellison@aldersea.example', '07700 900902'))).toBe(false);
	});
});
