import { z } from 'zod';
import { restrictionTypes } from '../delivery/accountNews';
import { turnAgain, type Knobs } from '../knobs';
import type { SandboxInside } from '../sandbox';

const hourMs = 3_600_000;
const tiers = ['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'] as const;

const accountSchema = z
	.object({
		/** Quality of the number: what the API tells, and a webhook FLAGGED or UNFLAGGED. */
		quality: z.enum(['GREEN', 'YELLOW', 'RED', 'NA', 'UNKNOWN']).optional(),
		/** People whom the portfolio may reach in 24 hours: the knob, and both webhooks about it. */
		messagingLimit: z.enum(tiers).optional(),
		/** Throughput of 1,000 messages a second, or back to 80. */
		throughput: z.enum(['HIGH', 'STANDARD']).optional(),
		restriction: z.object({ types: z.array(z.enum(restrictionTypes)).min(1).default(['RESTRICTED_BIZ_INITIATED_MESSAGING']), hours: z.number().min(0).max(8760).default(24) }).strict().optional(),
		violation: z.string().min(1).max(100).optional(),
		ban: z.enum(['SCHEDULE_FOR_DISABLE', 'DISABLE', 'REINSTATE']).optional(),
		alert: z
			.object({
				entity: z.enum(['BUSINESS', 'PHONE_NUMBER', 'CURRENT_STATUS_ID']).default('BUSINESS'),
				severity: z.enum(['CRITICAL', 'WARNING', 'INFORMATIONAL']).default('WARNING'),
				status: z.enum(['ACTIVE', 'NONE']).default('ACTIVE'),
				type: z.string().min(1).max(100),
				description: z.string().max(1000).default(''),
			})
			.strict()
			.optional(),
		security: z.enum(['PIN_CHANGED', 'PIN_RESET_REQUEST', 'PIN_REQUEST_SUCCESS']).optional(),
		name: z.object({ decision: z.enum(['APPROVED', 'REJECTED', 'PENDING', 'DEFERRED']), requested: z.string().min(1).max(512), reason: z.string().optional() }).strict().optional(),
		review: z.enum(['APPROVED', 'REJECTED', 'PENDING', 'DEFERRED']).optional(),
		/** A webhook of any field with any value. */
		raw: z.object({ field: z.string().regex(/^[a-z_]{1,60}$/), value: z.record(z.unknown()) }).strict().optional(),
	})
	.strict()
	.refine((change) => Object.keys(change).length > 0, `one of quality, messagingLimit, throughput, restriction, violation, ban, alert, security, name, review and raw is needed`);

/**
 * What Meta does with the account: the API tells it from then on, and webhooks say so.
 *
 * @throws ZodError
 */
export function changeAccount(body: unknown, { account, accountNews: news, knobs, clock, schedule }: SandboxInside): object {
	const { quality, messagingLimit, throughput, restriction, violation, ban, alert, security, name, review, raw } = accountSchema.parse(body);
	const number = account.firstNumber;
	const turn = (turned: Partial<Knobs>): unknown => turnAgain(knobs, turned);
	if (quality) {
		turn({ qualityRating: quality });
		news.numberQuality(quality === 'RED' ? 'FLAGGED' : 'UNFLAGGED', number, knobs.messagingLimit);
	}
	if (messagingLimit) {
		const event = tiers.indexOf(messagingLimit) < tiers.indexOf(knobs.messagingLimit) ? 'DOWNGRADE' : 'UPGRADE';
		turn({ messagingLimit });
		news.capability(messagingLimit);
		news.numberQuality(event, number, messagingLimit);
	}
	if (throughput) {
		turn({ throughputPerSecond: throughput === 'HIGH' ? 1000 : 80 });
		if (throughput === 'HIGH') news.numberQuality('THROUGHPUT_UPGRADE', number, knobs.messagingLimit);
	}
	if (restriction) {
		turn({ canSendMessage: 'LIMITED' });
		news.restricted(restriction.types, clock.now() + restriction.hours * hourMs);
		schedule.someday(restriction.hours * hourMs, () => knobs.canSendMessage === 'LIMITED' && turn({ canSendMessage: 'AVAILABLE' }));
	}
	if (violation) news.violation(violation);
	if (ban) {
		if (ban !== 'SCHEDULE_FOR_DISABLE') turn({ canSendMessage: ban === 'DISABLE' ? 'BLOCKED' : 'AVAILABLE' });
		news.ban(ban);
	}
	if (alert) news.alert(alert);
	if (security) news.security(security, number, '990600000000001');
	if (name) news.nameDecision(name.decision, name.requested, name.reason, number);
	if (review) news.review(review);
	if (raw) news.tell(raw.field, raw.value);
	return { quality: knobs.qualityRating, messagingLimit: knobs.messagingLimit, throughputPerSecond: knobs.throughputPerSecond, canSendMessage: knobs.canSendMessage };
}
