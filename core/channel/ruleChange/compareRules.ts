import { isDeepStrictEqual } from 'node:util';
import type { ChannelMode } from '../../store/schema';
import { CivicError } from '../../errors';
import type { Approver, ChannelRules } from '../rules';
import { canBeMet, voices } from '../rules/signersLeft';
import { compareExtras } from './compareExtras';
import { compareFastPath } from './compareFastPath';
import { compareApprovers, compareDelegations, compareDeputies } from './comparePeople';
import { compareQuietHours } from './compareQuietHours';
import { compareServices } from './compareServices';
import { compareStages } from './compareStages';
import type { Compare, Comparison, RuleDifference } from './difference';
import { permitted } from './lists';
import { everyChangeLoosens, greaterIsStricter, neutral, onScale, smallerIsStricter } from './scales';

/** What holds for a channel: its rules, and whether messages reach residents. */
export interface RulesAndMode {
	mode: ChannelMode;
	rules: ChannelRules;
}

export interface SplitChange {
	/** Every difference between what is in force and what is proposed. */
	differences: RuleDifference[];
	/** The proposal as far as it may take effect without anybody's signature. */
	atOnce: RulesAndMode;
	/** Whether something is left that waits for sign-off. */
	waits: boolean;
}

type Whole = { [Name in keyof ChannelRules]: (inForce: ChannelRules, proposed: ChannelRules) => Comparison<ChannelRules[Name]> };

const only =
	<Name extends keyof ChannelRules>(name: Name, compare: Compare<ChannelRules[Name]>) =>
	(inForce: ChannelRules, proposed: ChannelRules): Comparison<ChannelRules[Name]> =>
		compare(inForce[name], proposed[name]);

const directOrder = ['off', 'replies', 'all'];

/** Each rule on its own. A rule without a line here does not compile, so that none can be forgotten. */
const comparisons: Whole = {
	services: only('services', compareServices),
	approvers: (inForce, proposed) => compareApprovers(inForce.approvers, proposed.approvers, { staged: inForce.stages.length + proposed.stages.length > 0 }),
	signaturesNeeded: only('signaturesNeeded', greaterIsStricter(['signaturesNeeded'])),
	stages: (inForce, proposed) => compareStages(inForce, proposed),
	extraSignatures: only('extraSignatures', compareExtras),
	deputies: only('deputies', compareDeputies),
	delegations: only('delegations', compareDelegations),
	// A later yes is one that the rules in force would not have taken.
	decideWithinHours: only('decideWithinHours', smallerIsStricter(['decideWithinHours'])),
	remindAfterHours: only('remindAfterHours', neutral(['remindAfterHours'])),
	// The sooner deputies are asked, the sooner somebody else may sign.
	escalateAfterHours: only('escalateAfterHours', greaterIsStricter(['escalateAfterHours'])),
	confirmByCode: only('confirmByCode', onScale<boolean>(['confirmByCode'], Number, (value) => (value ? 'yes' : 'no'))),
	// The code goes to the phone in the rules, whatever the words around it.
	codeTemplate: only('codeTemplate', neutral(['codeTemplate'])),
	reach: only('reach', smallerIsStricter(['reach'])),
	caps: only('caps', compareCaps),
	fastPath: only('fastPath', compareFastPath),
	correctWithinHours: only('correctWithinHours', smallerIsStricter(['correctWithinHours'])),
	quietHours: only('quietHours', compareQuietHours),
	// Quiet hours and the days of a delegation are meant in it.
	zone: only('zone', everyChangeLoosens(['zone'], String)),
	// How fast what was signed goes out: not what, nor to whom. Meta sets the limit.
	messagesPerSecond: only('messagesPerSecond', neutral(['messagesPerSecond'])),
	// The gate refuses a template whose button does not lead to this desk.
	signOffTemplate: only('signOffTemplate', neutral(['signOffTemplate'])),
	templateLanguage: only('templateLanguage', neutral(['templateLanguage'])),
	directMessages: only('directMessages', compareDirectMessages),
};

const compareMode = onScale<ChannelMode>(['mode'], (mode) => (mode === 'training' ? 1 : 0), (mode) => (mode === 'training' ? 'training: reaches approvers only' : 'live: reaches residents'));

/**
 * Sets a proposal beside the rules in force. What tightens, or makes no difference to what may leave, takes effect at once; the
 * rest waits for the approvers in force. What is not understood counts as loosening.
 * @param options mayLockOut: what takes effect at once does not matter, only what differs
 * @throws CivicError channel.rules when an approver is taken out without whom the rules in force could not be met
 */
export function compareRules(inForce: RulesAndMode, proposed: RulesAndMode, { mayLockOut = false } = {}): SplitChange {
	const mode = compareMode(inForce.mode, proposed.mode);
	const differences = [...mode.differences];
	const compareOne = <Name extends keyof ChannelRules>(name: Name): ChannelRules[Name] => {
		const compared = comparisons[name](inForce.rules, proposed.rules);
		differences.push(...compared.differences);
		return compared.atOnce;
	};
	const names = Object.keys(comparisons) as Array<keyof ChannelRules>;
	const merged = Object.fromEntries(names.map((name) => [name, compareOne(name)])) as unknown as ChannelRules;
	if (!mayLockOut) requireSigners(inForce.rules, merged.approvers);
	const rules = asFarAsItCanBeMet(inForce.rules, withoutLooseEnds(merged));
	// Where nothing loosens, what is proposed is taken as it stands, with its order and spelling.
	const waits = differences.some(({ direction }) => direction === 'loosens') || !isWholly(differences, { mode: mode.atOnce, rules }, proposed);
	return { differences, atOnce: waits ? { mode: mode.atOnce, rules } : proposed, waits };
}

/** Without a loosening the merged rules are the proposed ones, but for the order of lists; or else something waits for another part. */
function isWholly(differences: RuleDifference[], merged: RulesAndMode, proposed: RulesAndMode): boolean {
	return differences.every(({ direction }) => direction !== 'loosens') && merged.mode === proposed.mode && isDeepStrictEqual(sorted(merged.rules), sorted(proposed.rules));
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted).map((one) => JSON.stringify(one)).sort();
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, one]) => [name, sorted(one)]));
}

/** An approver who goes takes their signature along at once, so those who stay must be able to give what the rules ask for. */
function requireSigners(inForce: ChannelRules, stay: Approver[]): void {
	if (!canBeMet(inForce)) return;
	const left = inForce.approvers.filter((person) => stay.some(({ email }) => email === person.email));
	if (canBeMet({ ...inForce, approvers: left })) return;
	const gone = inForce.approvers.filter((person) => !left.includes(person)).map(({ name }) => name);
	throw new CivicError(
		'channel.rules',
		`${gone.join(' and ')} cannot be taken out of the approvers yet: those who stay (${left.map(({ name }) => name).join(', ') || 'nobody'}) cannot give the signatures that the rules in force ask for, and new ones count only once they are signed.`,
		'Leave them in the credential, add the new approver and have that change signed; then take them out. Where they cannot sign any more, IT changes the rules in the file named by CIVIC_COMMS_CHANNELS.',
	);
}

/** Who is named by somebody else's entry must still be there. */
function withoutLooseEnds(rules: ChannelRules): ChannelRules {
	const isThere = (email: string) => rules.approvers.some((approver) => approver.email === email);
	const people = (rules.fastPath?.people ?? []).filter(isThere);
	return {
		...rules,
		deputies: rules.deputies.filter(({ standsFor }) => isThere(standsFor)),
		delegations: rules.delegations.filter(({ standsFor }) => isThere(standsFor)),
		fastPath: rules.fastPath === null || people.length === 0 ? null : { ...rules.fastPath, people },
	};
}

/** What only new approvers could give cannot be asked for before these are signed themselves: the first that can be met. */
function asFarAsItCanBeMet(inForce: ChannelRules, merged: ChannelRules): ChannelRules {
	const oldSteps = { ...merged, stages: inForce.stages };
	const oldGroups = { ...merged, approvers: ungrouped(inForce, merged) };
	const both = { ...oldSteps, approvers: oldGroups.approvers };
	const asManyAsThereAre = { ...both, signaturesNeeded: Math.max(inForce.signaturesNeeded, Math.min(merged.signaturesNeeded, voices(both.approvers))) };
	return [merged, oldSteps, oldGroups, both].find(canBeMet) ?? asManyAsThereAre;
}

function ungrouped(inForce: ChannelRules, merged: ChannelRules): Approver[] {
	return merged.approvers.map((person) => ({ ...person, group: inForce.approvers.find(({ email }) => email === person.email)?.group ?? person.group }));
}

function compareCaps(inForce: ChannelRules['caps'], proposed: ChannelRules['caps']): Comparison<ChannelRules['caps']> {
	const people = smallerIsStricter<number | null>(['caps', 'messagesPerPersonPerWeek'])(inForce.messagesPerPersonPerWeek, proposed.messagesPerPersonPerWeek);
	const spend = smallerIsStricter<number | null>(['caps', 'spendPerServicePerMonth'])(inForce.spendPerServicePerMonth, proposed.spendPerServicePerMonth);
	const topics = permitted(['caps', 'emergencyTopics'])(inForce.emergencyTopics, proposed.emergencyTopics);
	return {
		differences: [...people.differences, ...spend.differences, ...topics.differences],
		atOnce: { messagesPerPersonPerWeek: people.atOnce, spendPerServicePerMonth: spend.atOnce, emergencyTopics: topics.atOnce },
	};
}

function compareDirectMessages(inForce: ChannelRules['directMessages'], proposed: ChannelRules['directMessages']): Comparison<ChannelRules['directMessages']> {
	const words = { off: 'off', replies: 'replies only', all: 'replies and templates' };
	const allow = onScale<typeof inForce.allow>(['directMessages', 'allow'], (value) => -directOrder.indexOf(value), (value) => words[value])(inForce.allow, proposed.allow);
	const hour = smallerIsStricter<number>(['directMessages', 'peoplePerHour'])(inForce.peoplePerHour, proposed.peoplePerHour);
	const content = smallerIsStricter<number>(['directMessages', 'peoplePerContent'])(inForce.peoplePerContent, proposed.peoplePerContent);
	const count = onScale<boolean>(['directMessages', 'countReplies'], Number, (value) => (value ? 'yes' : 'no'))(inForce.countReplies, proposed.countReplies);
	return {
		differences: [...allow.differences, ...hour.differences, ...content.differences, ...count.differences],
		atOnce: { allow: allow.atOnce, peoplePerHour: hour.atOnce, peoplePerContent: content.atOnce, countReplies: count.atOnce },
	};
}
