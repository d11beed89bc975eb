import { z } from 'zod';
import { approver, delegation, deputy } from './approver';
import { caps, noCaps } from './caps';
import { directMessages, noDirectMessages } from './directMessages';
import { fastPath } from './fastPath';
import { extraSignatures, noExtraSignatures, stage } from './quorum';
import { service } from './service';
import { numberIn, text, timeOfDay, whole } from './values';

const longestHours = 24 * 14;
const hours = numberIn(0.01, longestHours, `must be more than nothing and at most ${longestHours}`);

/** What IT fixes for a channel. A flow cannot widen any of it. What is not allowed here is not allowed. */
export const channelRules = z
	.object({
		/** Who may ask for a broadcast. No service, no broadcast. */
		services: z.array(service).min(1, 'must name at least one service'),
		approvers: z.array(approver).min(1, 'must name at least one person'),
		/** How many have to sign where there are no stages. */
		signaturesNeeded: whole(1, 10),
		/** In this order. Empty: one step, in which every approver may sign. */
		stages: z.array(stage).max(5, 'has more than five steps').default([]),
		extraSignatures: extraSignatures.default(noExtraSignatures),
		deputies: z.array(deputy).default([]),
		delegations: z.array(delegation).default([]),
		/** A request that is silent for longer is refused. */
		decideWithinHours: hours,
		/** Whoever has not decided is reminded once after so long. Null: never. */
		remindAfterHours: hours.nullable().default(null),
		/** Deputies are asked as well after so long. Null: never. */
		escalateAfterHours: hours.nullable().default(null),
		/** Whether a decision needs a code that is sent to the approver's phone when they ask for it. */
		confirmByCode: z.boolean().default(false),
		/** Template of the category authentication that carries such a code. */
		codeTemplate: text().default('civic_confirmation_code'),
		/** Most people one broadcast may go to. */
		reach: whole(1, 100_000_000),
		caps: caps.default(noCaps),
		fastPath: fastPath.nullable().default(null),
		/** How long after a broadcast its prepared correction may still be sent. */
		correctWithinHours: hours.default(48),
		/** No broadcast starts inside this span of the day, in the channel's zone. May run over midnight. */
		quietHours: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
		/** IANA time zone in which quiet hours and times shown to people are meant. */
		zone: text(),
		messagesPerSecond: numberIn(1, 1000),
		/** Template that carries a sign-off link to an approver's phone. */
		signOffTemplate: text(),
		/** Meta language code of the two templates. */
		templateLanguage: text(),
		directMessages: directMessages.default(noDirectMessages),
	})
	.strict();

export type ChannelRules = z.infer<typeof channelRules>;
