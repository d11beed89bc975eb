import type { FastPath } from '../rules/fastPath';
import type { Comparison } from './difference';
import { permitted } from './lists';
import { smallerIsStricter } from './scales';

type Rule = FastPath | null;

/** Sending at once, reviewed afterwards: no rule gives away more. */
export function compareFastPath(inForce: Rule, proposed: Rule): Comparison<Rule> {
	if (inForce === null || proposed === null) {
		if (inForce === proposed) return { differences: [], atOnce: inForce };
		const direction = proposed === null ? 'tightens' : 'loosens';
		return { differences: [{ field: "'Fast Path'", before: words(inForce), after: words(proposed), direction }], atOnce: null };
	}
	const templates = permitted(['fastPath', 'templates'])(inForce.templates, proposed.templates);
	const people = permitted(['fastPath', 'people'])(inForce.people, proposed.people);
	const reach = smallerIsStricter<number>(['fastPath', 'reach'])(inForce.reach, proposed.reach);
	const isLeft = templates.atOnce.length > 0 && people.atOnce.length > 0;
	return {
		differences: [...templates.differences, ...people.differences, ...reach.differences],
		atOnce: isLeft ? { templates: templates.atOnce, people: people.atOnce, reach: reach.atOnce } : null,
	};
}

function words(rule: Rule): string {
	return rule === null ? 'none' : `${rule.templates.join(', ')}, by ${rule.people.join(', ')}, to ${rule.reach.toLocaleString('en-GB')} people`;
}
