import { codeFor } from '../audience/code';
import type { ChannelRules } from './rules';

const weekMs = 7 * 24 * 3600_000;

/** How many broadcast messages one person may have had since a moment; null where there is no limit. */
export interface WeeklyCap {
	most: number;
	/** ms. */
	since: number;
}

/** The cap on messages to one person, for a broadcast on this topic. Emergencies are exempt. */
export function weeklyCap({ caps }: Pick<ChannelRules, 'caps'>, topic: string, now: number): WeeklyCap | null {
	const most = caps.messagesPerPersonPerWeek;
	if (most === null || caps.emergencyTopics.some((name) => codeFor(name) === topic)) return null;
	return { most, since: now - weekMs };
}
