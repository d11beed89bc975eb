import { makePlan, type SignOffPlan } from '../../../../core/approval/plan';
import { standingOf } from '../../../../core/approval/standing';
import type { Channel } from '../../../../core/channel/channel';
import { quietUntil } from '../../../../core/channel/quietHours';
import { requireAllowed } from '../../../../core/channel/requireAllowed';
import type { RulesAndMode } from '../../../../core/channel/ruleChange/compareRules';
import { staffOf, type ChannelRules } from '../../../../core/channel/rules';
import { codeFor } from '../../../../core/audience/code';
import type { DraftContent } from '../../../../core/message/draftContent';

/** Something that somebody would have leave. */
export interface Attempt {
	service: string;
	requester: string;
	topic: string;
	areas: string[] | null;
	people: number;
	/** ms */
	at: number;
	/** E-mail addresses and phones of those who signed, as `email|phone`. */
	signed: string[];
	hoursLater: number;
}

/** Whether a set of rules lets a broadcast leave, told by the functions that decide it. */
export function lets({ rules }: RulesAndMode, attempt: Attempt, { lent = false } = {}): boolean {
	const requester = { name: 'Somebody Else', email: attempt.requester, phone: null };
	const topic = codeFor(attempt.topic);
	try {
		requireAllowed({ name: 'A', rules } as Channel, { service: attempt.service, requester, topic, areas: attempt.areas, people: attempt.people });
	} catch {
		return false;
	}
	if (attempt.hoursLater > rules.decideWithinHours) return false;
	const content = { notBefore: new Date(attempt.at).toISOString(), audience: { count: attempt.people, query: { topic, areas: attempt.areas } } } as unknown as DraftContent;
	const plan = planOf(rules, { rules, content, requester, contributors: [], ask: [], signatures: null, now: attempt.at, expiresAt: attempt.at + rules.decideWithinHours * 3600_000 }, lent);
	if (plan === null) return false;
	if (quietUntil(attempt.at, rules.zone, rules.quietHours) !== null && !plan.quietHours) return false;
	const people = staffOf(rules).filter(({ email, phone }) => attempt.signed.includes(`${email}|${phone}`));
	const asked = people.filter(({ email }) => attempt.hoursLater >= (rules.escalateAfterHours ?? Infinity) || !isLate(plan, email));
	return standingOf(plan, asked.map(({ email }) => email)).complete;
}

/** A delegation lends a signature; the approver whose it is counts as able to sign where that is what is compared with. */
function planOf(rules: ChannelRules, input: Parameters<typeof makePlan>[0], lent: boolean): SignOffPlan | null {
	try {
		const plan = makePlan(input);
		if (!lent) return plan;
		const own = makePlan({ ...input, rules: { ...rules, delegations: [] } });
		return { ...plan, stages: plan.stages.map((stage, at) => ({ ...stage, people: [...stage.people, ...(own.stages[at]?.people ?? [])] })) };
	} catch {
		return null;
	}
}

function isLate(plan: SignOffPlan, email: string): boolean {
	return plan.stages.some(({ people }) => people.some((person) => person.email === email && person.asked === 'when-late'));
}

/** Numbers and lists by which the other rules permit more the greater or longer they are. */
export function otherLimits({ mode, rules }: RulesAndMode): Record<string, number | string[]> {
	const { caps, directMessages, fastPath, correctWithinHours, confirmByCode } = rules;
	return {
		mode: Number(mode === 'live'),
		correct: correctWithinHours,
		unconfirmed: Number(!confirmByCode),
		weekly: caps.messagesPerPersonPerWeek ?? Infinity,
		spend: caps.spendPerServicePerMonth ?? Infinity,
		emergencies: caps.emergencyTopics,
		direct: ['off', 'replies', 'all'].indexOf(directMessages.allow),
		hourly: directMessages.peoplePerHour,
		content: directMessages.peoplePerContent,
		uncounted: Number(!directMessages.countReplies),
		fastTemplates: fastPath?.templates ?? [],
		fastPeople: fastPath?.people ?? [],
		fastReach: fastPath?.reach ?? 0,
	};
}
