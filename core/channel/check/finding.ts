import type { CheckWorld } from './checkWorld';

/** `unknown`: it could not be found out, and `words` say why. */
export type FindingState = 'ok' | 'warning' | 'problem' | 'unknown';

export interface Finding {
	/** Name of the check, stable for flows. */
	check: string;
	state: FindingState;
	/** One or two sentences for a person. Holds no token, secret or whole phone number. */
	words: string;
	/** What to do about it; absent where nothing is to be done. */
	howToGoOn?: string;
	/** The same for a flow. */
	data?: Record<string, unknown>;
}

export type Found = Omit<Finding, 'check'>;

/** One question about a channel. It may throw: then its finding is `unknown`, and the others are not touched. */
export interface Check {
	name: string;
	run: (world: CheckWorld) => Promise<Found> | Found;
}

export const ok = (words: string, data?: Found['data']): Found => ({ state: 'ok', words, ...(data === undefined ? {} : { data }) });

export const warning = (words: string, howToGoOn: string, data?: Found['data']): Found => ({ state: 'warning', words, howToGoOn, ...(data === undefined ? {} : { data }) });

export const problem = (words: string, howToGoOn: string, data?: Found['data']): Found => ({ ...warning(words, howToGoOn, data), state: 'problem' });

export const unknown = (words: string, howToGoOn: string, data?: Found['data']): Found => ({ ...warning(words, howToGoOn, data), state: 'unknown' });
