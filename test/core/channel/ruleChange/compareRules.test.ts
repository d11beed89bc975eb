import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCivicError } from '../../../../core/errors';
import { compareRules, type RulesAndMode, type SplitChange } from '../../../../core/channel/ruleChange/compareRules';
import { noDirectMessages, parseRules, spellRules, staffOf, type ChannelRules } from '../../../../core/channel/rules';
import { canBeMet } from '../../../../core/channel/rules/signersLeft';
import { anyChange, anyRules, aRules } from './anyRules';
import { lets, otherLimits, type Attempt } from './whatIsPermitted';

const [morgan, priya, jo] = aRules.approvers as [ChannelRules['approvers'][0], ChannelRules['approvers'][0], ChannelRules['approvers'][0]];
const robin = { name: 'Robin Vale', email: 'robin.vale@aldersea.example', phone: '+447700900904', role: '', group: '' };
const deputy = { name: 'Ash Moor', email: 'ash.moor@aldersea.example', phone: '+447700900921', standsFor: jo.email };
const delegation = { ...deputy, from: '2026-01-01', until: '2026-01-31' };
const highways = { name: 'Highways', requesters: [], topics: [], areas: [] };
const fastPath = { templates: ['flood_warning'], people: [jo.email], reach: 100 };

const live = (changes: Partial<ChannelRules>): RulesAndMode => ({ mode: 'live', rules: { ...aRules, ...changes } });
const extra = (changes: Partial<ChannelRules['extraSignatures']>) => ({ extraSignatures: { ...aRules.extraSignatures, ...changes } });
const caps = (changes: Partial<ChannelRules['caps']>) => ({ caps: { ...aRules.caps, ...changes } });
const direct = (changes: Partial<ChannelRules['directMessages']>) => ({ directMessages: { ...aRules.directMessages, ...changes } });

type Row = [what: string, looser: Partial<ChannelRules>, tighter: Partial<ChannelRules>];

/** Each changes one thing. From the first to the second is a tightening, and back a loosening. */
const scale: Row[] = [
	['a service', { services: [highways, { ...highways, name: 'Waste' }] }, { services: [highways] }],
	['requesters of a service', { services: [highways] }, { services: [{ ...highways, requesters: ['sam.okafor@aldersea.example'] }] }],
	['topics of a service', { services: [{ ...highways, topics: ['Winter roads', 'Bins'] }] }, { services: [{ ...highways, topics: ['Bins'] }] }],
	['areas of a service', { services: [highways] }, { services: [{ ...highways, areas: ['route-1'] }] }],
	['an approver', { approvers: [morgan, priya, jo, robin] }, { approvers: [morgan, priya, jo] }],
	['a group', { approvers: [morgan, priya, jo] }, { approvers: [{ ...morgan, group: 'press' }, { ...priya, group: 'press' }, jo] }],
	['signatures', { signaturesNeeded: 1 }, { signaturesNeeded: 2 }],
	['extra signatures above a reach', extra({ aboveReach: null }), extra({ aboveReach: { people: 100, signatures: 1 } })],
	['the reach above which there are more', extra({ aboveReach: { people: 100, signatures: 1 } }), extra({ aboveReach: { people: 50, signatures: 1 } })],
	['their number', extra({ aboveReach: { people: 100, signatures: 1 } }), extra({ aboveReach: { people: 100, signatures: 2 } })],
	['extra signatures for topics', extra({ topics: null }), extra({ topics: { names: ['Bins'], signatures: 1 } })],
	['the topics that need more', extra({ topics: { names: ['Bins'], signatures: 1 } }), extra({ topics: { names: ['Bins', 'Polls'], signatures: 1 } })],
	['how many more', extra({ topics: { names: ['Bins'], signatures: 1 } }), extra({ topics: { names: ['Bins'], signatures: 2 } })],
	['signatures in quiet hours', extra({ inQuietHours: 1 }), extra({ inQuietHours: 2 })],
	['sending in quiet hours', extra({ inQuietHours: 2 }), extra({ inQuietHours: 0 })],
	['a deputy', { deputies: [deputy] }, { deputies: [] }],
	['a delegate', { delegations: [delegation] }, { delegations: [] }],
	['the days of a delegate', { delegations: [delegation] }, { delegations: [{ ...delegation, until: '2026-01-20' }] }],
	['the time to decide', { decideWithinHours: 12 }, { decideWithinHours: 4 }],
	['when deputies are asked', { escalateAfterHours: 1 }, { escalateAfterHours: 2 }],
	['whether deputies are asked', { escalateAfterHours: 1 }, { escalateAfterHours: null }],
	['the code', { confirmByCode: false }, { confirmByCode: true }],
	['the reach', { reach: 5000 }, { reach: 500 }],
	['the cap for a person', caps({ messagesPerPersonPerWeek: null }), caps({ messagesPerPersonPerWeek: 3 })],
	['the cap on spending', caps({ spendPerServicePerMonth: 100 }), caps({ spendPerServicePerMonth: 50 })],
	['topics exempt from it', caps({ emergencyTopics: ['Floods'] }), caps({ emergencyTopics: [] })],
	['the fast path', { fastPath }, { fastPath: null }],
	['its templates', { fastPath: { ...fastPath, templates: ['flood_warning', 'road_closed'] } }, { fastPath }],
	['its people', { fastPath: { ...fastPath, people: [jo.email, priya.email] } }, { fastPath }],
	['its reach', { fastPath: { ...fastPath, reach: 200 } }, { fastPath }],
	['the time to correct', { correctWithinHours: 48 }, { correctWithinHours: 24 }],
	['quiet hours', { quietHours: null }, { quietHours: { from: '22:00', to: '07:00' } }],
	['their span', { quietHours: { from: '22:00', to: '07:00' } }, { quietHours: { from: '21:00', to: '07:00' } }],
	['direct messages', direct({ allow: 'all' }), direct({ allow: 'replies' })],
	['people an hour', direct({ peoplePerHour: 20 }), direct({ peoplePerHour: 10 })],
	['people for one content', direct({ peoplePerContent: 5 }), direct({ peoplePerContent: 2 })],
	['uncounted replies', direct({ countReplies: false }), direct({ countReplies: true })],
];

const staged = [{ ...morgan, role: 'duty' }, { ...priya, role: 'duty' }, { ...jo, role: 'director' }];
const duty = { role: 'duty', signatures: 1 };
const director = { role: 'director', signatures: 1 };

/** Loosenings whose way back is one too, because nobody can tell. */
const unsure: Row[] = [
	['the phone of an approver', { approvers: [morgan, priya, jo] }, { approvers: [{ ...morgan, phone: '+447700900905' }, priya, jo] }],
	['the e-mail of an approver', { approvers: [morgan, priya, jo] }, { approvers: [{ ...morgan, email: 'm.ellis@aldersea.example' }, priya, jo] }],
	['the name of an approver', { approvers: [morgan, priya, jo] }, { approvers: [{ ...morgan, name: 'Morgan E. Ellis' }, priya, jo] }],
	['the role of an approver where there are steps', { approvers: staged, stages: [director] }, { approvers: [{ ...morgan, role: '' }, ...staged.slice(1)], stages: [director] }],
	['the order of the steps', { approvers: staged, stages: [duty, director] }, { approvers: staged, stages: [director, duty] }],
	['the group of an approver', { approvers: [{ ...morgan, group: 'press' }, priya, jo] }, { approvers: [{ ...morgan, group: 'roads' }, priya, jo] }],
	['the time zone', { zone: 'Europe/London' }, { zone: 'Europe/Paris' }],
	['quiet hours at another time', { quietHours: { from: '22:00', to: '06:00' } }, { quietHours: { from: '23:00', to: '07:00' } }],
	['topics that share nothing', { services: [{ ...highways, topics: ['Bins'] }] }, { services: [{ ...highways, topics: ['Polls'] }] }],
	['a service that takes the place of the only one', { services: [highways] }, { services: [{ ...highways, name: 'Waste' }] }],
	['the phone of a deputy', { deputies: [deputy] }, { deputies: [{ ...deputy, phone: '+447700900922' }] }],
];

const neutral: Row[] = [
	['the reminder', { remindAfterHours: null }, { remindAfterHours: 2 }],
	['the code template', { codeTemplate: 'civic_confirmation_code' }, { codeTemplate: 'another' }],
	['the speed', { messagesPerSecond: 40 }, { messagesPerSecond: 80 }],
	['the sign-off template', { signOffTemplate: 'civic_sign_off_request' }, { signOffTemplate: 'another' }],
	['the language of the templates', { templateLanguage: 'en_GB' }, { templateLanguage: 'cy' }],
	['a role where there are no steps', { approvers: [morgan, priya, jo] }, { approvers: [{ ...morgan, role: 'director' }, priya, jo] }],
];

describe('a change of the rules', () => {
	const directions = ({ differences }: SplitChange) => [...new Set(differences.map(({ direction }) => direction))];

	it.each(scale)('tightens or loosens by %s', (_, looser, tighter) => {
		const tightening = compareRules(live(looser), live(tighter));
		expect(directions(tightening)).toEqual(['tightens']);
		expect(tightening).toMatchObject({ waits: false, atOnce: live(tighter) });
		const loosening = compareRules(live(tighter), live(looser));
		expect(directions(loosening)).toContain('loosens');
		expect(loosening).toMatchObject({ waits: true, atOnce: live(tighter) });
	});

	it.each(unsure)('waits for sign-off by %s, in both directions', (_, one, other) => {
		for (const [from, to] of [[one, other], [other, one]] as const) {
			const split = compareRules(live(from), live(to));
			expect(directions(split)).toContain('loosens');
			expect(split).toMatchObject({ waits: true });
			expect(spellRules(split.atOnce.rules)).not.toBe(spellRules(live(to).rules));
		}
	});

	it.each(neutral)('takes effect at once by %s, in both directions', (_, one, other) => {
		for (const [from, to] of [[one, other], [other, one]] as const) {
			expect(compareRules(live(from), live(to))).toMatchObject({ differences: [{ direction: 'neutral' }], waits: false, atOnce: live(to) });
		}
	});

	it('to training takes effect at once, to live waits', () => {
		const training: RulesAndMode = { mode: 'training', rules: aRules };
		expect(compareRules(live({}), training)).toMatchObject({ waits: false, atOnce: training });
		expect(compareRules(training, live({}))).toMatchObject({ waits: true, atOnce: training, differences: [{ field: "'Mode'", direction: 'loosens' }] });
	});

	it('that adds steps asks for as much as before, or waits', () => {
		const flat = { approvers: staged, signaturesNeeded: 2 };
		expect(compareRules(live(flat), live({ ...flat, stages: [duty, director] }))).toMatchObject({ waits: false });
		expect(compareRules(live(flat), live({ ...flat, stages: [director] }))).toMatchObject({ waits: true });
		const steps = { approvers: staged, stages: [director] };
		expect(compareRules(live(steps), live({ ...steps, stages: [duty, director] }))).toMatchObject({ waits: false });
		expect(compareRules(live(steps), live({ ...steps, stages: [director, duty] }))).toMatchObject({ waits: true });
		expect(compareRules(live(steps), live({ ...steps, stages: [] }))).toMatchObject({ waits: true });
	});

	it('is split: the tighter part at once, the looser part not', () => {
		const { atOnce, waits, differences } = compareRules(live({}), live({ reach: 100, signaturesNeeded: 1, approvers: [morgan, priya, robin] }));
		expect(waits).toBe(true);
		expect(atOnce.rules).toMatchObject({ reach: 100, approvers: [morgan, priya] });
		expect(differences).toEqual([
			{ field: "'Approvers'", before: 'not named', after: 'Robin Vale, robin.vale@aldersea.example, +447700900904', direction: 'loosens' },
			{ field: "'Approvers'", before: 'Jo Hale, jo.hale@aldersea.example, +447700900903', after: 'not named', direction: 'tightens' },
			{ field: "'Reach'", before: '5,000', after: '100', direction: 'tightens' },
		]);
	});

	it('asks at once for as many signatures as the approvers in force can give', () => {
		const { atOnce, waits } = compareRules(live({ approvers: [morgan, priya] }), live({ approvers: [morgan, priya, jo], signaturesNeeded: 3 }));
		expect(waits).toBe(true);
		expect(atOnce.rules).toMatchObject({ approvers: [morgan, priya], signaturesNeeded: 2 });
	});

	it('that takes out an approver without whom the rules could not be met is refused in words', () => {
		const both = { approvers: [morgan, priya], signaturesNeeded: 2 };
		for (const proposed of [{ approvers: [priya, robin], signaturesNeeded: 2 }, { approvers: [priya], signaturesNeeded: 1 }]) {
			expect(() => compareRules(live(both), live(proposed))).toThrow(/Morgan Ellis cannot be taken out of the approvers yet: those who stay \(Priya Raman\)/);
		}
	});

	it('of nothing is nothing, and of the order of a list takes effect at once', () => {
		expect(compareRules(live({}), live({}))).toMatchObject({ differences: [], waits: false });
		const turned = live({ approvers: [jo, priya, morgan] });
		expect(compareRules(live({}), turned)).toMatchObject({ differences: [], waits: false, atOnce: turned });
	});
});

describe('any change of the rules', () => {
	const runs = { numRuns: 100, seed: 7 };
	/** Nothing of it took effect when it was refused. */
	const split = (inForce: RulesAndMode, proposed: RulesAndMode): SplitChange => {
		try {
			return compareRules(inForce, proposed);
		} catch (refusal) {
			if (!isCivicError(refusal)) throw refusal;
			return { differences: [], atOnce: inForce, waits: false };
		}
	};
	const modes = fc.constantFrom('live' as const, 'training' as const);
	const both = fc.record({ change: anyChange, before: modes, after: modes }).map(({ change, before, after }) => ({
		inForce: { mode: before, rules: change.inForce },
		proposed: { mode: after, rules: change.proposed },
	}));

	it('puts nothing into force at once that the rules in force do not permit', () => {
		const hour = 3600_000;
		const attempts: fc.Arbitrary<Omit<Attempt, 'signed'> & { signers: number[] }> = fc.record({
			service: fc.constantFrom('Highways', 'Waste', 'Libraries'),
			requester: fc.constantFrom('sam.okafor@aldersea.example', 'al.reed@aldersea.example'),
			topic: fc.constantFrom('Winter roads', 'Polls'),
			areas: fc.oneof(fc.constant(null), fc.subarray(['route-1', 'route-2', 'route-3'], { minLength: 1 })),
			people: fc.constantFrom(10, 10, 150, 1500),
			at: fc.integer({ min: 0, max: 40 * 24 }).map((hours) => Date.parse('2026-01-01T00:30:00Z') + hours * hour),
			signers: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
			hoursLater: fc.constantFrom(0.5, 0.5, 1.5, 3, 20),
		});
		let permitted = 0;
		fc.assert(
			fc.property(both, fc.array(attempts, { minLength: 12, maxLength: 12 }), ({ inForce, proposed }, tried) => {
				const { atOnce } = split(inForce, proposed);
				const people = [...staffOf(inForce.rules), ...staffOf(proposed.rules)];
				const everybody = [...new Set(people.map(({ email, phone }) => `${email}|${phone}`))];
				for (const { signers, ...attempt } of tried) {
					const signed = signers.length > 3 ? everybody : signers.flatMap((at) => everybody[at] ?? []);
					// Half of them ask for what one of the services may have.
					const service = atOnce.rules.services[signers.length] ?? atOnce.rules.services[0];
					const fitting = { service: service?.name ?? '', requester: service?.requesters[0] ?? attempt.requester, topic: service?.topics[0] ?? attempt.topic, areas: service?.areas.length === 0 ? attempt.areas : (service?.areas ?? null) };
					for (const one of [{ ...attempt, signed }, { ...attempt, ...fitting, signed }]) {
						if (!lets(atOnce, one)) continue;
						permitted++;
						expect(lets(inForce, one, { lent: true })).toBe(true);
					}
				}
			}),
			{ numRuns: 150, seed: 11 },
		);
		// A model in which nothing is ever permitted would prove nothing.
		expect(permitted).toBeGreaterThan(100);
	});

	it('puts no wider limit into force at once', () => {
		fc.assert(
			fc.property(both, ({ inForce, proposed }) => {
				const [before, now] = [otherLimits(inForce), otherLimits(split(inForce, proposed).atOnce)];
				for (const [name, limit] of Object.entries(now)) {
					if (Array.isArray(limit)) expect(before[name], name).toEqual(expect.arrayContaining(limit));
					else expect(limit, name).toBeLessThanOrEqual(Number(before[name]));
				}
			}),
			runs,
		);
	});

	it('is wholly in force, or waits: what is proposed is never forgotten', () => {
		fc.assert(
			fc.property(both, ({ inForce, proposed }) => {
				const { atOnce, waits, differences } = compareRulesOrSkip(inForce, proposed);
				if (!waits) expect(atOnce).toEqual(proposed);
				if (waits) expect(differences.some(({ direction }) => direction === 'loosens')).toBe(true);
			}),
			runs,
		);
	});

	it('comes to rest: opened again, the same proposal changes nothing more', () => {
		fc.assert(
			fc.property(both, ({ inForce, proposed }) => {
				const first = compareRulesOrSkip(inForce, proposed);
				const again = compareRules(first.atOnce, proposed);
				expect(again.atOnce).toEqual(first.atOnce);
				expect(again.waits).toBe(first.waits);
			}),
			runs,
		);
	});

	it('leaves rules that can be met, and that can be written down and read again', () => {
		fc.assert(
			fc.property(both, ({ inForce, proposed }) => {
				const { atOnce } = compareRulesOrSkip(inForce, proposed);
				expect(canBeMet(atOnce.rules)).toBe(true);
				expect(parseRules(JSON.parse(spellRules(atOnce.rules)))).toEqual(asWritten(atOnce.rules));
			}),
			runs,
		);
	});

	it('is told, whatever it is', () => {
		fc.assert(
			fc.property(anyRules, anyRules, (one, other) => {
				const { differences } = compareRulesOrSkip({ mode: 'live', rules: one }, { mode: 'live', rules: other });
				if (spellRules(one) !== spellRules(other)) expect(differences.length).toBeGreaterThan(0);
				for (const { field, before, after } of differences) {
					expect(field).toMatch(/^'[A-Z]/);
					expect(before).not.toBe(after);
				}
			}),
			runs,
		);
	});

	/** The limits of direct messages that are off say nothing, and are not written down. */
	function asWritten(rules: ChannelRules): ChannelRules {
		return rules.directMessages.allow === 'off' ? { ...rules, directMessages: noDirectMessages } : rules;
	}

	function compareRulesOrSkip(inForce: RulesAndMode, proposed: RulesAndMode): SplitChange {
		try {
			return compareRules(inForce, proposed);
		} catch (refusal) {
			if (!isCivicError(refusal)) throw refusal;
			fc.pre(false);
			throw refusal;
		}
	}
});
