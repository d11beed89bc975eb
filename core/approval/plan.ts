import { DateTime } from 'luxon';
import { codeFor, topicName } from '../audience/code';
import { quietUntil } from '../channel/quietHours';
import type { Approver, ChannelRules } from '../channel/rules';
import { sameRole } from '../channel/rules/signersLeft';
import { isSamePerson } from '../channel/samePerson';
import { CivicError } from '../errors';
import type { DraftContent } from '../message/draftContent';
import type { Contributor, Requester } from '../message/draftPeople';
import { narrowCircle } from './narrowCircle';

/** Somebody who may sign in one step. */
export interface Signatory {
	name: string;
	email: string;
	/** E.164. */
	phone: string;
	/** Signatures that count as the same are one: those of a group, and of an approver and whoever stands in for them. */
	countsAs: string;
	/** Name of the approver whom this person stands in for. */
	standsFor: string | null;
	/** Deputies are asked only when the approver has let time pass. */
	asked: 'at-once' | 'when-late';
}

export interface PlannedStage {
	/** The role that signs; empty where there is only one step. */
	name: string;
	signatures: number;
	people: Signatory[];
}

/** Who has to sign, fixed with the request: later changes of the rules void it, they do not rewrite it. */
export interface SignOffPlan {
	stages: PlannedStage[];
	/** Why more signatures are needed than usual, in words. */
	extra: string[];
	/** Whether the signatures also allow sending in quiet hours. */
	quietHours: boolean;
	confirmByCode: boolean;
	/** ms; null: nobody is reminded. */
	remindAt: number | null;
	/** ms; null: deputies are not asked. */
	escalateAt: number | null;
}

export interface PlanInput {
	rules: ChannelRules;
	content: DraftContent;
	requester: Requester;
	/** Everybody else who may not sign: contributors to this and to earlier versions. */
	contributors: Contributor[];
	/** Names or e-mail addresses that the gate narrows the circle to; empty means everybody. */
	ask: string[];
	/** The gate may ask for more than the rules do; null leaves the rule's number. */
	signatures: number | null;
	now: number;
	expiresAt: number;
}

/**
 * Works out from the rules who has to sign this draft.
 * @throws CivicError approval.no-approvers when fewer are left than signatures are needed
 */
export function makePlan(input: PlanInput): SignOffPlan {
	const { rules, now, expiresAt } = input;
	const { reasons, count, quietHours } = extraSignatures(input);
	const steps = stepsOf(rules);
	const usual = steps.reduce((sum, { signatures }) => sum + signatures, 0);
	const wanted = Number.isFinite(input.signatures) ? Math.floor(input.signatures ?? 0) : 0;
	const asked = Math.max(0, Math.min(mostSignatures, wanted) - usual - count);
	const circle = narrowCircle(rules.approvers, input.ask);
	const stages = steps.map(({ role, signatures }, position) => ({
		name: role,
		signatures: position === steps.length - 1 ? signatures + count + asked : signatures,
		people: circle.filter((approver) => role === '' || sameRole(approver.role, role)).flatMap((approver) => seat(input, approver)),
	}));
	const extra = asked === 0 ? reasons : [...reasons, `${asked} more: the flow asks for it`];
	for (const stage of stages) requireEnough(stage, circle, input, extra);
	return { stages, extra, quietHours, ...whenLate(rules, now, expiresAt) };
}

/** Who has to sign a change of the rules: as many as for any message, of those whom the rules in force name. */
export function planRuleChange(rules: ChannelRules, { now, expiresAt }: { now: number; expiresAt: number }): SignOffPlan {
	const stages = stepsOf(rules).map(({ role, signatures }) => ({
		name: role,
		signatures,
		people: rules.approvers.filter((approver) => role === '' || sameRole(approver.role, role)).flatMap((approver) => seat({ rules, now, requester: null, contributors: [] }, approver)),
	}));
	return { stages, extra: [], quietHours: false, ...whenLate(rules, now, expiresAt) };
}

function stepsOf({ stages, signaturesNeeded }: ChannelRules): Array<{ role: string; signatures: number }> {
	return stages.length === 0 ? [{ role: '', signatures: signaturesNeeded }] : stages;
}

function whenLate(rules: ChannelRules, now: number, expiresAt: number): Pick<SignOffPlan, 'confirmByCode' | 'remindAt' | 'escalateAt'> {
	const after = (hours: number | null) => (hours === null || now + hours * 3600_000 >= expiresAt ? null : now + hours * 3600_000);
	return { confirmByCode: rules.confirmByCode, remindAt: after(rules.remindAfterHours), escalateAt: after(rules.escalateAfterHours) };
}

const mostSignatures = 10;

function extraSignatures({ rules, content, requester, now }: PlanInput): { reasons: string[]; count: number; quietHours: boolean } {
	const { aboveReach, topics, inQuietHours } = rules.extraSignatures;
	const reasons: string[] = [];
	let count = 0;
	const add = (signatures: number, why: string) => {
		count += signatures;
		reasons.push(`${signatures} more: ${why}`);
	};
	if (aboveReach !== null && content.audience.count > aboveReach.people) add(aboveReach.signatures, `it reaches more than ${aboveReach.people.toLocaleString('en-GB')} people`);
	const topic = content.audience.query.topic;
	if (topics !== null && topics.names.some((name) => codeFor(name) === topic)) add(topics.signatures, `its topic is ${topicName(topic)}`);
	const begins = Math.max(now, Date.parse(content.notBefore));
	const quietHours = inQuietHours > 0 && quietUntil(begins, rules.zone, rules.quietHours) !== null;
	if (quietHours) add(inQuietHours, 'it would go out in quiet hours');
	if (requester.source === 'unattributed') add(1, 'nothing shows that whoever is named as asking did ask');
	return { reasons, count, quietHours };
}

interface Seating {
	rules: ChannelRules;
	now: number;
	requester: Contributor | null;
	contributors: Contributor[];
}

/** An approver and whoever may sign in their place. Nobody who asked for the draft or worked on it, under any name. */
function seat(input: Seating, approver: Approver): Signatory[] {
	const { rules, now } = input;
	if (isInvolved(input, approver)) return [];
	const countsAs = approver.group === '' ? `approver ${approver.email}` : `group ${approver.group.toLowerCase()}`;
	const today = DateTime.fromMillis(now, { zone: rules.zone }).toISODate() ?? '';
	const standIn = (person: { name: string; email: string; phone: string }, asked: Signatory['asked']): Signatory => ({
		name: person.name,
		email: person.email,
		phone: person.phone,
		countsAs,
		standsFor: approver.name,
		asked,
	});
	const delegates = rules.delegations
		.filter(({ standsFor, from, until }) => standsFor === approver.email && from <= today && today <= until)
		.filter((person, position, all) => all.findIndex(({ email }) => email === person.email) === position && !isInvolved(input, person));
	const deputies = rules.deputies
		.filter((person) => person.standsFor === approver.email && !isInvolved(input, person))
		.filter((person) => !delegates.some(({ email }) => email === person.email));
	const first = delegates.length > 0 ? delegates.map((person) => standIn(person, 'at-once')) : [{ ...standIn(approver, 'at-once'), standsFor: null }];
	return [...first, ...(rules.escalateAfterHours === null ? [] : deputies.map((person) => standIn(person, 'when-late')))];
}

function isInvolved({ requester, contributors }: Seating, person: { name: string; email: string; phone: string }): boolean {
	return [...(requester === null ? [] : [requester]), ...contributors].some((other) => isSamePerson(person, other));
}

/** When somebody is to be told something the first time after all were asked; null: never. */
export function firstNotice({ remindAt, escalateAt }: Pick<SignOffPlan, 'remindAt' | 'escalateAt'>): number | null {
	const due = [remindAt, escalateAt].filter((at) => at !== null);
	return due.length === 0 ? null : Math.min(...due);
}

/** How many different signatures these people can give. */
export function voicesOf(people: readonly Signatory[]): number {
	return new Set(people.map(({ countsAs }) => countsAs)).size;
}

function requireEnough(stage: PlannedStage, circle: Approver[], input: PlanInput, extra: string[]): void {
	const { name, signatures, people } = stage;
	if (voicesOf(people) >= signatures) return;
	const there = people.map((person) => person.name).join(', ');
	const barred = circle.filter((approver) => (name === '' || sameRole(approver.role, name)) && isInvolved(input, approver)).map((approver) => approver.name);
	throw new CivicError(
		'approval.no-approvers',
		`${signatures} sign-off${signatures === 1 ? ' is' : 's are'} needed${name === '' ? '' : ` of the role "${name}"`}${extra.length === 0 ? '' : ` (${extra.join('; ')})`}, but ${
			there === '' ? 'nobody' : `only ${there}`
		} may sign this draft${barred.length === 0 ? '' : ` (${barred.join(', ')} asked for it or worked on it)`}.`,
		'Have somebody else ask for the broadcast, or have IT name another approver in the credential "Civic WhatsApp API".',
	);
}
