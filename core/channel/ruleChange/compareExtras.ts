import type { ExtraSignatures } from '../rules/quorum';
import { fieldName } from '../rules/fieldName';
import type { Comparison, RuleDifference } from './difference';
import { demanded } from './lists';
import { greaterIsStricter, onScale, smallerIsStricter } from './scales';

type Above = NonNullable<ExtraSignatures['aboveReach']>;
type Topics = NonNullable<ExtraSignatures['topics']>;

const aboveField = ['extraSignatures', 'aboveReach'];
const topicsField = ['extraSignatures', 'topics'];

/** At 0 nothing is sent in quiet hours at all, which is stricter than any number of signatures. */
const inQuietHours = onScale<number>(
	['extraSignatures', 'inQuietHours'],
	(signatures) => (signatures === 0 ? Infinity : signatures),
	(signatures) => (signatures === 0 ? 'nothing is sent then' : String(signatures)),
);

/** Signatures on top of the usual ones. */
export function compareExtras(inForce: ExtraSignatures, proposed: ExtraSignatures): Comparison<ExtraSignatures> {
	const above = orNone(inForce.aboveReach, proposed.aboveReach, aboveField, aboveWords, compareAbove);
	const topics = orNone(inForce.topics, proposed.topics, topicsField, topicWords, compareTopics);
	const quiet = inQuietHours(inForce.inQuietHours, proposed.inQuietHours);
	return {
		differences: [...above.differences, ...topics.differences, ...quiet.differences],
		atOnce: { aboveReach: above.atOnce, topics: topics.atOnce, inQuietHours: quiet.atOnce },
	};
}

function orNone<Rule>(
	inForce: Rule | null,
	proposed: Rule | null,
	path: string[],
	words: (rule: Rule) => string,
	compare: (inForce: Rule, proposed: Rule) => Comparison<Rule>,
): Comparison<Rule | null> {
	if (inForce !== null && proposed !== null) return compare(inForce, proposed);
	if (inForce === proposed) return { differences: [], atOnce: inForce };
	const direction = proposed === null ? 'loosens' : 'tightens';
	const say = (rule: Rule | null) => (rule === null ? 'none' : words(rule));
	const difference: RuleDifference = { field: fieldName(path), before: say(inForce), after: say(proposed), direction };
	return { differences: [difference], atOnce: proposed ?? inForce };
}

function compareAbove(inForce: Above, proposed: Above): Comparison<Above> {
	const people = smallerIsStricter<number>([...aboveField, 'people'])(inForce.people, proposed.people);
	const signatures = greaterIsStricter<number>([...aboveField, 'signatures'])(inForce.signatures, proposed.signatures);
	return { differences: [...people.differences, ...signatures.differences], atOnce: { people: people.atOnce, signatures: signatures.atOnce } };
}

function compareTopics(inForce: Topics, proposed: Topics): Comparison<Topics> {
	const names = demanded(topicsField)(inForce.names, proposed.names);
	const signatures = greaterIsStricter<number>([...topicsField, 'signatures'])(inForce.signatures, proposed.signatures);
	return { differences: [...names.differences, ...signatures.differences], atOnce: { names: names.atOnce, signatures: signatures.atOnce } };
}

function aboveWords({ people, signatures }: Above): string {
	return `${signatures} more above ${people.toLocaleString('en-GB')} people`;
}

function topicWords({ names, signatures }: Topics): string {
	return `${signatures} more for ${names.join(', ')}`;
}
