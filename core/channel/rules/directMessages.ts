import { z } from 'zod';
import { whole } from './values';

/** Messages to one person that nobody signs, and how many of them there may be. */
export const directMessages = z
	.object({
		/** `replies`: only to people who wrote in the last 24 hours. `all`: also, by approved template, to anybody who has not opted out. */
		allow: z.enum(['off', 'replies', 'all'], { message: 'must be Off, Replies Only or Replies and Templates' }),
		/** Most different people in any hour. */
		peoplePerHour: whole(1, 1000),
		/** Most different people who get the same content in any 24 hours. */
		peoplePerContent: whole(1, 1000),
		/** Whether replies count towards the two limits. Meant to be switched off for self-help, where many people ask at once. */
		countReplies: z.boolean(),
	})
	.strict();

export type DirectMessageRules = z.infer<typeof directMessages>;

/** Nothing leaves without sign-off, unless IT says so. */
export const noDirectMessages: DirectMessageRules = { allow: 'off', peoplePerHour: 20, peoplePerContent: 5, countReplies: true };
