import { z } from 'zod';
import { email, text, whole } from './values';

/** Sending at once and having it reviewed afterwards, for emergencies. Absent means there is none. */
export const fastPath = z
	.object({
		/** Names of the templates that may go out like this. */
		templates: z.array(text()).min(1, 'must name a template'),
		/** E-mail addresses of approvers who may set it off, each confirming by code. */
		people: z.array(email).min(1, 'must name a person'),
		/** Most people it may reach. */
		reach: whole(1, 100_000_000),
	})
	.strict();

export type FastPath = z.infer<typeof fastPath>;
