import { describe, expect, it } from 'vitest';
import { eligibleApprovers } from '../../../core/approval/eligibleApprovers';
import { parseRules } from '../../../core/channel/rules';
import { parseContributor } from '../../../core/message/draftPeople';

const rules = (signaturesNeeded = 1) =>
	parseRules({
		services: ['Highways'],
		approvers: [
			{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901' },
			{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '07700 900902' },
			{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '07700 900903' },
		],
		signaturesNeeded,
		decideWithinHours: 12,
		reach: 100,
		quietHours: null,
		zone: 'Europe/London',
		messagesPerSecond: 80,
		signOffTemplate: 'civic_sign_off_request',
		templateLanguage: 'en_GB',
	});

const sam = parseContributor({ name: 'Sam Okafor', email: 'sam.okafor@aldersea.example' }, 'Requester');
const names = (people: Array<{ name: string }>) => people.map(({ name }) => name);

describe('who may sign', () => {
	it('are the approvers of the rules', () => {
		expect(names(eligibleApprovers(rules(), [sam]))).toEqual(['Morgan Ellis', 'Priya Raman', 'Jo Hale']);
	});

	it.each([
		['by e-mail', { name: 'M. Ellis', email: 'Morgan.Ellis@aldersea.example' }],
		['by phone', { name: 'M. Ellis', phone: '+44 (0)7700 900901' }],
		['by name', { name: 'ellis, mórgan' }],
	])('is nobody who asked for it or worked on it, known %s', (_, raw) => {
		const involved = parseContributor(raw, 'Requester');
		expect(names(eligibleApprovers(rules(), [involved]))).toEqual(['Priya Raman', 'Jo Hale']);
		expect(names(eligibleApprovers(rules(), [sam, involved]))).toEqual(['Priya Raman', 'Jo Hale']);
	});

	it('may be too few, and the refusal says who is barred and how to go on', () => {
		const involved = ['Morgan Ellis', 'Priya Raman', 'Jo Hale'].map((name) => parseContributor({ name }, 'Requester'));
		expect(() => eligibleApprovers(rules(), involved)).toThrow(/nobody may sign this draft \(Morgan Ellis, Priya Raman, Jo Hale asked for it or worked on it\)/);
		expect(() => eligibleApprovers(rules(3), involved.slice(0, 1))).toThrow(/3 sign-offs are needed, but only Priya Raman, Jo Hale may sign/);
	});

	it('can be narrowed by the gate, by name or address, never widened', () => {
		expect(names(eligibleApprovers(rules(), [sam], [' JO HALE ', '']))).toEqual(['Jo Hale']);
		expect(names(eligibleApprovers(rules(2), [sam], ['jo.hale@aldersea.example', 'Priya Raman']))).toEqual(['Priya Raman', 'Jo Hale']);
		expect(() => eligibleApprovers(rules(), [sam], ['Sam Okafor'])).toThrow(/is not an approver of this channel/);
		expect(() => eligibleApprovers(rules(), [sam], ['+44 7700 900123'])).toThrow(/^"…" is not an approver/);
		expect(() => eligibleApprovers(rules(2), [sam], ['Jo Hale'])).toThrow(/only Jo Hale/);
	});
});
