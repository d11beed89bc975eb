import { fieldName } from '../rules/fieldName';
import type { Compare, RuleDifference } from './difference';

/** Rules that are lists of names. Names are compared as they are written: another spelling is another name. */

type Path = ReadonlyArray<string | number>;

interface Parts {
	kept: string[];
	added: string[];
	removed: string[];
}

function partsOf(inForce: readonly string[], proposed: readonly string[]): Parts {
	return {
		kept: [...new Set(proposed)].filter((name) => inForce.includes(name)),
		added: proposed.filter((name) => !inForce.includes(name)),
		removed: inForce.filter((name) => !proposed.includes(name)),
	};
}

export function listWords(list: readonly string[], whenEmpty: string): string {
	return list.length === 0 ? whenEmpty : list.join(', ');
}

/** What is in the list is permitted, and nothing else: an empty list permits nothing. */
export function permitted(path: Path, whenEmpty = 'none', words?: (list: readonly string[]) => string): Compare<string[]> {
	return (inForce, proposed) => {
		const { kept, added, removed } = partsOf(inForce, proposed);
		const say = words ?? ((list: readonly string[]) => listWords(list, whenEmpty));
		return { differences: inTwoSteps(fieldName(path), { inForce, kept, proposed, added, removed }, say), atOnce: added.length === 0 ? proposed : kept };
	};
}

/** Only what is in the list is permitted, but an empty list sets no limit. */
export function limitedTo(path: Path, whenEmpty = 'any', words?: (list: readonly string[]) => string): Compare<string[]> {
	return (inForce, proposed) => {
		const say = words ?? ((list: readonly string[]) => listWords(list, whenEmpty));
		const { kept, added, removed } = partsOf(inForce, proposed);
		if (added.length === 0 && removed.length === 0) return { differences: [], atOnce: proposed };
		const whole = (direction: 'tightens' | 'loosens'): RuleDifference => ({ field: fieldName(path), before: say(inForce), after: say(proposed), direction });
		if (inForce.length === 0) return { differences: [whole('tightens')], atOnce: proposed };
		// Of two lists that share nothing, nothing is left: and a list of nothing would set no limit.
		if (kept.length === 0) return { differences: [whole('loosens')], atOnce: inForce };
		return { differences: inTwoSteps(fieldName(path), { inForce, kept, proposed, added, removed }, say), atOnce: added.length === 0 ? proposed : kept };
	};
}

/** What is in the list needs more. An empty list asks for nothing. */
export function demanded(path: Path, whenEmpty = 'none'): Compare<string[]> {
	return (inForce, proposed) => {
		const { kept, added, removed } = partsOf(inForce, proposed);
		const say = (list: readonly string[]) => listWords(list, whenEmpty);
		const both = [...inForce, ...added];
		const differences: RuleDifference[] = [];
		if (added.length > 0) differences.push({ field: fieldName(path), before: say(inForce), after: say(both), direction: 'tightens' });
		if (removed.length > 0) differences.push({ field: fieldName(path), before: say(both), after: say([...kept, ...added]), direction: 'loosens' });
		return { differences, atOnce: removed.length === 0 ? proposed : both };
	};
}

function inTwoSteps(
	field: string,
	{ inForce, kept, proposed, added, removed }: Parts & { inForce: readonly string[]; proposed: readonly string[] },
	say: (list: readonly string[]) => string,
): RuleDifference[] {
	const differences: RuleDifference[] = [];
	if (removed.length > 0) differences.push({ field, before: say(inForce), after: say(kept), direction: 'tightens' });
	if (added.length > 0) differences.push({ field, before: say(kept), after: say(proposed), direction: 'loosens' });
	return differences;
}
