import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRules } from '../../../core/channel/rules';

const people = [
	{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901' },
	{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '07700 900902' },
	{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '07700 900903' },
];

const rules = (changes: object = {}) => ({
	services: ['Highways'],
	approvers: people,
	signaturesNeeded: 1,
	decideWithinHours: 12,
	reach: 100,
	quietHours: null,
	zone: 'Europe/London',
	messagesPerSecond: 80,
	signOffTemplate: 'civic_sign_off_request',
	templateLanguage: 'en_GB',
	...changes,
});

describe('the rules of a channel', () => {
	it.each([
		['the same address in another case', { ...people[0], name: 'M. Ellis', email: 'MORGAN.ELLIS@aldersea.example', phone: '07700 900909' }],
		['the same number in another spelling', { ...people[0], name: 'M. Ellis', email: 'other@aldersea.example', phone: '+44 (0)7700 900901' }],
		['the same name', { ...people[0], name: 'Ellis, Morgan', email: 'other@aldersea.example', phone: '07700 900909' }],
	])('take nobody twice: %s', (_, double) => {
		expect(() => parseRules(rules({ approvers: [...people, double] }))).toThrow(/Morgan Ellis|M\. Ellis|Ellis, Morgan/);
	});

	it('never ask for more signatures than there are approvers', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 10 }), (named, needed) => {
				const parse = () => parseRules(rules({ approvers: people.slice(0, named), signaturesNeeded: needed }));
				if (needed <= named) expect(parse().signaturesNeeded).toBe(needed);
				else expect(parse).toThrow(/Sign-Offs Needed/);
			}),
		);
	});

	it('know a time zone from one that is none', () => {
		expect(parseRules(rules({ zone: 'Europe/Dublin' })).zone).toBe('Europe/Dublin');
		for (const zone of ['Europe/Aldersea', 'local', 'BST+1', '']) expect(() => parseRules(rules({ zone }))).toThrow(/Time Zone/);
	});

	it('read quiet hours that begin and end at once as none', () => {
		expect(parseRules(rules({ quietHours: { from: '22:00', to: '22:00' } })).quietHours).toBeNull();
	});

	it('refuse a rule they do not know, so that a newer one is never silently dropped', () => {
		expect(() => parseRules(rules({ fastPath: true }))).toThrow(/fastPath/);
	});
});
