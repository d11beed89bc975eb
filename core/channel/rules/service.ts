import { z } from 'zod';
import { email, text } from './values';

/** A council service that may ask for broadcasts on a channel. An empty list sets no limit of its kind. */
const limited = z
	.object({
		name: text().max(60, 'is longer than 60 characters'),
		/** E-mail addresses of those who may ask in its name. */
		requesters: z.array(email).default([]),
		/** Topics it may write about, by name or code. */
		topics: z.array(text()).default([]),
		/** Areas it may write to, by name or code. With any named, "everywhere" is not among them. */
		areas: z.array(text()).default([]),
	})
	.strict();

export type Service = z.infer<typeof limited>;

/** A service without limits is written as its bare name. */
export const service = z.preprocess((raw) => (typeof raw === 'string' || raw === undefined ? { name: raw } : raw), limited);

/** As short as it can be said, which is how rules without limits were always written. */
export function spellService({ name, requesters, topics, areas }: Service): unknown {
	const limits = Object.entries({ requesters, topics, areas }).filter(([, list]) => list.length > 0);
	return limits.length === 0 ? name : { name, ...Object.fromEntries(limits) };
}
