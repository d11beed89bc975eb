import { fieldName } from '../rules/fieldName';
import type { ChannelRules } from '../rules';
import type { Comparison } from './difference';

type Rule = ChannelRules['quietHours'];

const minutesOfDay = 24 * 60;

/** Stricter when every minute that was quiet stays quiet. */
export function compareQuietHours(inForce: Rule, proposed: Rule): Comparison<Rule> {
	if (inForce?.from === proposed?.from && inForce?.to === proposed?.to) return { differences: [], atOnce: inForce };
	const direction = covers(proposed, inForce) ? 'tightens' : 'loosens';
	return { differences: [{ field: fieldName(['quietHours']), before: words(inForce), after: words(proposed), direction }], atOnce: direction === 'tightens' ? proposed : inForce };
}

function covers(wider: Rule, narrower: Rule): boolean {
	return Array.from({ length: minutesOfDay }, (_, minute) => minute).every((minute) => isQuiet(wider, minute) || !isQuiet(narrower, minute));
}

function isQuiet(rule: Rule, minute: number): boolean {
	if (rule === null) return false;
	const [from, to] = [minuteOf(rule.from), minuteOf(rule.to)];
	return from > to ? minute >= from || minute < to : minute >= from && minute < to;
}

function minuteOf(time: string): number {
	const [hour = 0, minute = 0] = time.split(':').map(Number);
	return hour * 60 + minute;
}

function words(rule: Rule): string {
	return rule === null ? 'none' : `${rule.from} to ${rule.to}`;
}
