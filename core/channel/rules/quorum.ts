import { z } from 'zod';
import { text, whole } from './values';

/** One step of a sign-off. The next begins when this one has its signatures. */
export const stage = z
	.object({
		/** Only approvers of this role sign here. */
		role: text().max(60, 'is longer than 60 characters'),
		signatures: whole(1, 10).default(1),
	})
	.strict();

export type Stage = z.infer<typeof stage>;

/** Signatures beyond the usual number, for what carries more risk. They are added to the last stage. */
export const extraSignatures = z
	.object({
		/** More than so many people. */
		aboveReach: z.object({ people: whole(1, 100_000_000), signatures: whole(1, 10) }).strict().nullable().default(null),
		/** Topics, by name or code, that need them. */
		topics: z.object({ names: z.array(text()).min(1, 'must name a topic'), signatures: whole(1, 10) }).strict().nullable().default(null),
		/** 0: nothing is sent in quiet hours at all. */
		inQuietHours: whole(0, 10).default(0),
	})
	.strict();

export type ExtraSignatures = z.infer<typeof extraSignatures>;

export const noExtraSignatures: ExtraSignatures = { aboveReach: null, topics: null, inQuietHours: 0 };
