import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan, voicesOf, type PlanInput } from '../../../core/approval/plan';
import { standingOf, turnOf } from '../../../core/approval/standing';
import { parseRules } from '../../../core/channel/rules';
import type { DraftContent } from '../../../core/message/draftContent';
import { parseContributor } from '../../../core/message/draftPeople';

const morgan = { name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901', role: 'Communications lead' };
const priya = { name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '07700 900902', role: 'Communications lead' };
const jo = { name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '07700 900903', role: 'Director' };
const kit = { name: 'Kit Moss', email: 'kit.moss@aldersea.example', phone: '07700 900904', role: 'Director' };
const lee = { name: 'Lee Marsh', email: 'lee.marsh@aldersea.example', phone: '07700 900905' };
const sam = parseContributor({ name: 'Sam Okafor', email: 'sam.okafor@aldersea.example' }, 'Requester');

const noon = Date.parse('2026-01-15T12:00:00Z');
const night = Date.parse('2026-01-15T23:00:00Z');

function plan(rules: object = {}, changes: Partial<PlanInput> & { people?: number; topic?: string } = {}) {
	const { people = 50, topic = 'winter-roads', ...input } = changes;
	const now = input.now ?? noon;
	return makePlan({
		rules: parseRules({
			services: ['Highways'],
			approvers: [morgan, priya, jo, kit],
			signaturesNeeded: 1,
			decideWithinHours: 12,
			reach: 10_000,
			quietHours: { from: '22:00', to: '07:00' },
			zone: 'Europe/London',
			messagesPerSecond: 80,
			signOffTemplate: 'civic_sign_off_request',
			templateLanguage: 'en_GB',
			...rules,
		}),
		content: {
			audience: { query: { topic, areas: null }, count: people, root: '' },
			notBefore: new Date(now).toISOString(),
		} as unknown as DraftContent,
		requester: sam,
		contributors: [],
		ask: [],
		signatures: null,
		now,
		expiresAt: now + 12 * 3600_000,
		...input,
	});
}

const names = (made: ReturnType<typeof plan>) => made.stages.map(({ people }) => people.map(({ name }) => name));
const counts = (made: ReturnType<typeof plan>) => made.stages.map(({ signatures }) => signatures);

describe('who has to sign', () => {
	it('is any approver, in one step, where the rules say no more', () => {
		const made = plan();
		expect(names(made)).toEqual([['Morgan Ellis', 'Priya Raman', 'Jo Hale', 'Kit Moss']]);
		expect(counts(made)).toEqual([1]);
		expect(made).toMatchObject({ extra: [], quietHours: false, confirmByCode: false, remindAt: null, escalateAt: null });
	});

	it('is one role after the other, where there are stages', () => {
		const made = plan({ stages: [{ role: 'communications LEAD' }, { role: 'Director', signatures: 2 }] });
		expect(names(made)).toEqual([['Morgan Ellis', 'Priya Raman'], ['Jo Hale', 'Kit Moss']]);
		expect(counts(made)).toEqual([1, 2]);
	});

	it.each([
		['by e-mail', { name: 'M. Ellis', email: 'Morgan.Ellis@aldersea.example' }],
		['by phone', { name: 'M. Ellis', phone: '+44 (0)7700 900901' }],
		['by name', { name: 'ellis, mórgan' }],
	])('is nobody who asked for it or worked on it, known %s', (_, raw) => {
		const involved = parseContributor(raw, 'Requester');
		for (const made of [plan({}, { requester: involved }), plan({}, { contributors: [involved] })]) {
			expect(names(made)).toEqual([['Priya Raman', 'Jo Hale', 'Kit Moss']]);
		}
	});

	it('may be too few, and the refusal says who is barred, in which step, and why so many are needed', () => {
		const everybody = [morgan, priya, jo, kit].map(({ name }) => parseContributor({ name }, 'Requester'));
		expect(() => plan({}, { contributors: everybody })).toThrow(/1 sign-off is needed, but nobody may sign this draft \(Morgan Ellis, Priya Raman, Jo Hale, Kit Moss asked for it or worked on it\)/);
		expect(() => plan({ stages: [{ role: 'Director', signatures: 2 }] }, { contributors: everybody.slice(2, 3) })).toThrow(/2 sign-offs are needed of the role "Director", but only Kit Moss may sign/);
		expect(() => plan({ extraSignatures: { aboveReach: { people: 500, signatures: 4 } } }, { people: 501 })).toThrow(/5 sign-offs are needed \(4 more: it reaches more than 500 people\)/);
	});

	it('can be narrowed by the gate, never widened', () => {
		expect(names(plan({}, { ask: [' JO HALE ', ''] }))).toEqual([['Jo Hale']]);
		expect(() => plan({}, { ask: ['Sam Okafor'] })).toThrow(/is not an approver of this channel/);
		expect(() => plan({}, { ask: ['+44 7700 900123'] })).toThrow(/^"…" is not an approver/);
		expect(counts(plan({}, { signatures: 3 }))).toEqual([3]);
		expect(counts(plan({ signaturesNeeded: 2 }, { signatures: 1 }))).toEqual([2]);
		for (const odd of [-1, 0, Number.NaN]) expect(counts(plan({}, { signatures: odd }))).toEqual([1]);
	});

	it('are more people above a reach, for a topic, in quiet hours and for a requester whom nothing shows', () => {
		const rules = { extraSignatures: { aboveReach: { people: 500, signatures: 1 }, topics: { names: ['Winter roads'], signatures: 1 }, inQuietHours: 1 } };
		expect(counts(plan(rules, { people: 500, topic: 'bins' }))).toEqual([1]);
		expect(plan(rules, { people: 501, topic: 'bins' })).toMatchObject({ stages: [{ signatures: 2 }], extra: ['1 more: it reaches more than 500 people'] });
		expect(plan(rules, {})).toMatchObject({ stages: [{ signatures: 2 }], extra: ['1 more: its topic is Winter roads'], quietHours: false });
		expect(plan(rules, { topic: 'bins', now: night })).toMatchObject({ stages: [{ signatures: 2 }], extra: ['1 more: it would go out in quiet hours'], quietHours: true });
		expect(plan({}, { requester: { ...sam, source: 'unattributed' } })).toMatchObject({ stages: [{ signatures: 2 }] });
		for (const source of ['n8n-user', 'whatsapp-code'] as const) expect(counts(plan({}, { requester: { ...sam, source } }))).toEqual([1]);
		expect(counts(plan({ ...rules, stages: [{ role: 'Communications lead' }, { role: 'Director' }] }, {}))).toEqual([1, 2]);
	});

	it('stays as it is in quiet hours where no extra signature allows sending in them', () => {
		expect(plan({}, { now: night })).toMatchObject({ quietHours: false, extra: [] });
	});

	it('count once when they are of one group', () => {
		const grouped = { approvers: [{ ...morgan, group: 'Comms' }, { ...priya, group: 'comms' }, jo], signaturesNeeded: 2 };
		const made = plan(grouped);
		expect(voicesOf(made.stages[0]?.people ?? [])).toBe(2);
		expect(standingOf(made, [morgan.email, priya.email])).toMatchObject({ complete: false, signatures: 1 });
		expect(standingOf(made, [morgan.email, jo.email]).complete).toBe(true);
		expect(() => plan({ ...grouped, signaturesNeeded: 3 })).toThrow(/only 2 approvers or groups/);
	});

	it('is a delegate on the days of the delegation, in the zone of the channel, and counts as the approver', () => {
		const rules = { delegations: [{ ...lee, standsFor: jo.email, from: '2026-01-15', until: '2026-01-16' }] };
		expect(names(plan(rules))[0]).toEqual(['Morgan Ellis', 'Priya Raman', 'Lee Marsh', 'Kit Moss']);
		for (const [day, isThere] of [['2026-01-14T23:59:00Z', false], ['2026-01-15T00:00:00Z', true], ['2026-01-16T23:59:00Z', true], ['2026-01-17T00:00:00Z', false]] as const) {
			expect(names(plan(rules, { now: Date.parse(day) }))[0]?.includes('Lee Marsh'), day).toBe(isThere);
		}
		const summer = { delegations: [{ ...lee, standsFor: jo.email, from: '2026-07-02', until: '2026-07-02' }] };
		expect(names(plan(summer, { now: Date.parse('2026-07-01T23:30:00Z') }))[0]).toContain('Lee Marsh');
	});

	it('is never a delegate or deputy who worked on the draft', () => {
		const contributors = [parseContributor({ name: 'Lee Marsh' }, 'Contributor')];
		const rules = { delegations: [{ ...lee, standsFor: jo.email, from: '2026-01-01', until: '2026-12-31' }], deputies: [{ ...lee, standsFor: jo.email }], escalateAfterHours: 2 };
		expect(names(plan(rules, { contributors }))[0]).toEqual(['Morgan Ellis', 'Priya Raman', 'Jo Hale', 'Kit Moss']);
	});

	it('is nobody in place of an approver who worked on the draft', () => {
		const contributors = [parseContributor({ name: 'Jo Hale' }, 'Contributor')];
		const rules = { deputies: [{ ...lee, standsFor: jo.email }], escalateAfterHours: 2 };
		expect(names(plan(rules, { contributors }))[0]).toEqual(['Morgan Ellis', 'Priya Raman', 'Kit Moss']);
	});

	it('is a deputy when the approver lets time pass, and the two count once', () => {
		const made = plan({ deputies: [{ ...lee, standsFor: jo.email }], remindAfterHours: 1, escalateAfterHours: 2, signaturesNeeded: 2 });
		expect(made).toMatchObject({ remindAt: noon + 3600_000, escalateAt: noon + 2 * 3600_000 });
		expect(made.stages[0]?.people.filter(({ asked }) => asked === 'when-late')).toMatchObject([{ name: 'Lee Marsh', standsFor: 'Jo Hale' }]);
		expect(standingOf(made, [jo.email, lee.email])).toMatchObject({ signatures: 1, complete: false });
		expect(turnOf(made, [jo.email], lee.email)).toEqual({ may: false, why: 'signed-for', by: 'Jo Hale' });
		expect(names(plan({ deputies: [{ ...lee, standsFor: jo.email }] }))[0]).not.toContain('Lee Marsh');
	});

	it('is reminded of nothing that would come after the end', () => {
		expect(plan({ remindAfterHours: 12, escalateAfterHours: 13 })).toMatchObject({ remindAt: null, escalateAt: null });
	});
});

describe('whose turn it is', () => {
	const made = plan({ stages: [{ role: 'Communications lead' }, { role: 'Director' }] });

	it('goes step by step', () => {
		expect(turnOf(made, [], morgan.email).may).toBe(true);
		expect(turnOf(made, [], jo.email)).toEqual({ may: false, why: 'earlier-stage' });
		expect(turnOf(made, [morgan.email], jo.email).may).toBe(true);
		expect(turnOf(made, [morgan.email], priya.email)).toEqual({ may: false, why: 'past' });
		expect(turnOf(made, [], sam.email ?? '')).toEqual({ may: false, why: 'not-asked' });
	});

	it('is nobody any more once all have signed, whatever the order in which signatures are counted', () => {
		fc.assert(
			fc.property(fc.shuffledSubarray([morgan.email, priya.email, jo.email, kit.email]), (signed) => {
				const { complete, stage, signatures, needed } = standingOf(made, signed);
				expect(complete).toBe(signed.some((one) => [morgan.email, priya.email].includes(one)) && signed.some((one) => [jo.email, kit.email].includes(one)));
				expect(complete).toBe(stage === 2);
				expect(complete).toBe(signatures === needed);
				if (complete) for (const one of [morgan, priya, jo, kit]) expect(turnOf(made, signed, one.email).may).toBe(false);
			}),
		);
	});
});
