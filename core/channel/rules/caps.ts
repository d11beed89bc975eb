import { z } from 'zod';
import { numberIn, text, whole } from './values';

/** What residents and budgets are spared. */
export const caps = z
	.object({
		/** Most broadcast messages to one person in any seven days. */
		messagesPerPersonPerWeek: whole(1, 1000).nullable().default(null),
		/** Most that one service may spend in a calendar month, by estimate, in the currency of the price table. */
		spendPerServicePerMonth: numberIn(0.01, 10_000_000).nullable().default(null),
		/** Topics, by name or code, that are exempt from the first. */
		emergencyTopics: z.array(text()).default([]),
	})
	.strict();

export type Caps = z.infer<typeof caps>;

export const noCaps: Caps = { messagesPerPersonPerWeek: null, spendPerServicePerMonth: null, emergencyTopics: [] };
