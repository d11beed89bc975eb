import * as fc from 'fast-check';
import { parseRules, type ChannelRules } from '../../../../core/channel/rules';
import { canBeMet, voices } from '../../../../core/channel/rules/signersLeft';

/** Rules as a council may have them, out of few enough values that two sets of rules often share some. */

export const aRules: ChannelRules = parseRules({
	services: ['Highways'],
	approvers: [
		{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '+447700900901' },
		{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '+447700900902' },
		{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '+447700900903' },
	],
	signaturesNeeded: 1,
	decideWithinHours: 12,
	reach: 5000,
	quietHours: null,
	zone: 'Europe/London',
	messagesPerSecond: 40,
	signOffTemplate: 'civic_sign_off_request',
	templateLanguage: 'en_GB',
});

const names = ['Morgan Ellis', 'Priya Raman', 'Jo Hale', 'Robin Vale'];
const emailOf = (name: string) => `${name.toLowerCase().replace(' ', '.')}@aldersea.example`;
const listOf = (...entries: string[]) => fc.subarray(entries);

const anApprover = fc
	.record({ at: fc.nat(3), other: fc.nat(9), role: fc.constantFrom('', '', 'director', 'duty'), group: fc.constantFrom('', '', '', 'press') })
	.map(({ at, other, role, group }) => {
		const name = names[at] ?? '';
		// Now and then somebody has another phone or another mailbox.
		return { name, email: other === 0 ? `second.${emailOf(name)}` : emailOf(name), phone: `+44770090090${other === 1 ? at + 5 : at + 1}`, role, group };
	});

const aStandIn = fc.record({ name: fc.constantFrom('Ash Moor', 'Kit Lowe'), standsFor: fc.constantFrom(...names.map(emailOf)), phone: fc.constantFrom('+447700900921', '+447700900922') });

const aService = fc.record({
	name: fc.constantFrom('Highways', 'Waste', 'Libraries'),
	requesters: listOf('sam.okafor@aldersea.example', 'al.reed@aldersea.example'),
	topics: listOf('Winter roads', 'Bins', 'Polls'),
	areas: listOf('route-1', 'route-2', 'route-3'),
});

const raw = fc.record({
	services: fc.uniqueArray(aService, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
	approvers: fc.uniqueArray(anApprover, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
	signaturesNeeded: fc.integer({ min: 1, max: 3 }),
	stages: fc.oneof(fc.constant([]), fc.uniqueArray(fc.record({ role: fc.constantFrom('director', 'duty'), signatures: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2, selector: ({ role }) => role })),
	extraSignatures: fc.record({
		aboveReach: fc.option(fc.record({ people: fc.constantFrom(100, 1000), signatures: fc.integer({ min: 1, max: 2 }) })),
		topics: fc.option(fc.record({ names: listOf('Winter roads', 'Bins').filter((list) => list.length > 0), signatures: fc.integer({ min: 1, max: 2 }) })),
		inQuietHours: fc.integer({ min: 0, max: 2 }),
	}),
	deputies: fc.array(aStandIn.map((one) => ({ ...one, email: emailOf(one.name) })), { maxLength: 1 }),
	delegations: fc.array(
		fc.record({ who: fc.constantFrom('Bo Quill', 'Uma Hart'), standsFor: fc.constantFrom(...names.map(emailOf)), from: fc.constantFrom('2026-01-01', '2026-01-10'), until: fc.constantFrom('2026-01-12', '2026-01-31') }).map(
			({ who, ...rest }) => ({ ...rest, name: who, email: emailOf(who), phone: who === 'Bo Quill' ? '+447700900931' : '+447700900932' }),
		),
		{ maxLength: 1 },
	),
	decideWithinHours: fc.constantFrom(1, 12, 24),
	remindAfterHours: fc.constantFrom(null, 1),
	escalateAfterHours: fc.constantFrom(null, 1, 2),
	confirmByCode: fc.boolean(),
	codeTemplate: fc.constantFrom('civic_confirmation_code', 'another_code'),
	reach: fc.constantFrom(50, 500, 5000),
	caps: fc.record({ messagesPerPersonPerWeek: fc.constantFrom(null, 1, 3), spendPerServicePerMonth: fc.constantFrom(null, 10, 100), emergencyTopics: listOf('Winter roads', 'Floods') }),
	fastPath: fc.option(
		fc.record({
			templates: listOf('flood_warning', 'road_closed').filter((list) => list.length > 0),
			people: listOf(...names.map(emailOf)).filter((list) => list.length > 0),
			reach: fc.constantFrom(100, 1000),
		}),
	),
	correctWithinHours: fc.constantFrom(1, 48),
	quietHours: fc.option(fc.record({ from: fc.constantFrom('21:00', '22:00', '12:00'), to: fc.constantFrom('06:00', '07:00', '13:00') })),
	zone: fc.constantFrom('Europe/London', 'Europe/London', 'Europe/Paris'),
	messagesPerSecond: fc.constantFrom(10, 80),
	signOffTemplate: fc.constantFrom('civic_sign_off_request', 'another'),
	templateLanguage: fc.constantFrom('en_GB', 'en'),
	directMessages: fc.record({ allow: fc.constantFrom('off', 'replies', 'all'), peoplePerHour: fc.constantFrom(5, 20), peoplePerContent: fc.constantFrom(1, 5), countReplies: fc.boolean() }),
});

/** Most sets of values contradict themselves somewhere: what does is left out. */
function mended(rules: Record<string, unknown>): Record<string, unknown> {
	const { approvers, deputies, delegations, fastPath, stages, signaturesNeeded } = rules as unknown as ChannelRules;
	const isThere = (email: string) => approvers.some((approver) => approver.email === email);
	const people = (fastPath?.people ?? []).filter(isThere);
	const steps = stages.filter((stage) => canBeMet({ approvers, stages: [stage], signaturesNeeded: 1 }));
	return {
		...rules,
		deputies: deputies.filter(({ standsFor }) => isThere(standsFor)),
		delegations: delegations.filter(({ standsFor }) => isThere(standsFor)),
		fastPath: fastPath === null || people.length === 0 ? null : { ...fastPath, people },
		stages: steps,
		signaturesNeeded: steps.length > 0 ? signaturesNeeded : Math.min(signaturesNeeded, voices(approvers)),
	};
}

function usable(rules: unknown): ChannelRules[] {
	try {
		return [parseRules(rules)];
	} catch {
		return [];
	}
}

export const anyRules: fc.Arbitrary<ChannelRules> = raw
	.map((rules) => usable(mended(rules)))
	.filter((found) => found.length === 1)
	.map(([rules]) => rules ?? aRules);

/** Rules, and the same with some of them changed to those of others. */
export const anyChange: fc.Arbitrary<{ inForce: ChannelRules; proposed: ChannelRules }> = fc
	.record({ inForce: anyRules, other: anyRules, taken: fc.subarray(Object.keys(aRules) as Array<keyof ChannelRules>, { minLength: 1 }) })
	.map(({ inForce, other, taken }) => ({ inForce, found: usable(mended({ ...inForce, ...Object.fromEntries(taken.map((name) => [name, other[name]])) })) }))
	.filter(({ found }) => found.length === 1)
	.map(({ inForce, found: [proposed] }) => ({ inForce, proposed: proposed ?? inForce }));
