import { z } from 'zod';

const share = z.number().min(0).max(1);
const range = z.tuple([z.number().min(0), z.number().min(0)]).refine(([low, high]) => low <= high, 'the first number may not be larger than the second');
const positive = z.number().positive();

/** Marks what no public page of Meta settles; the default is this sandbox's choice. */
const assumed = (meaning: string): string => `${meaning} [assumed]`;

/**
 * Everything about the sandbox that a test, a trainer or a demo may turn while it runs. Numbers and splits that Meta
 * does not document are here rather than in the code.
 */
export const knobsSchema = z
	.object({
		noReadReceipts: share.default(0.08).describe('share of residents who have read receipts switched off'),
		readWithoutDelivered: share.default(0.1).describe('share of messages whose chat is open, so that "delivered" is skipped'),
		sentLatencyMs: range.default([20, 60]).describe(assumed('time from acceptance to "sent" (or "failed")')),
		deliveredLatencyMs: range.default([20, 200]).describe(assumed('time from "sent" to "delivered"')),
		readLatencyMs: range.default([50, 400]).describe(assumed('time from "delivered" to "read"')),
		failuresBySuffix: z.boolean().default(true).describe('whether the reserved number endings fail as their table says'),
		blockedByResident: z.enum(['silent', '131026']).default('silent').describe(assumed('what becomes of a message to somebody who has blocked the council: sent and never delivered, or failed')),
		windowClosed: z.enum(['asynchronous', 'synchronous']).default('asynchronous').describe(assumed('how free-form messages outside the 24-hour window are refused (131047)')),
		reactionOpensWindow: z.boolean().default(false).describe(assumed('whether a reaction opens the 24-hour window, as a message does')),
		missingPlus: z.enum(['documented', 'lenient']).default('documented').describe(assumed('a number without "+" gets the business country code (documented), or only when it does not start with it (lenient)')),
		throughputPerSecond: positive.default(80).describe('messages a second and business number, inbound and outbound together (130429)'),
		throughputBurst: positive.default(80).describe(assumed('messages that may come at once before the throughput limit bites')),
		pairLimit: z.enum(['debt', 'gcra', 'off']).default('debt').describe(assumed('messages to one person: after a burst wait until it is worked off at 6 s each (debt), or one every 6 s (gcra), or as fast as you like (131056)')),
		messagingLimit: z.enum(['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED']).default('TIER_100K').describe('people that the portfolio may reach outside the 24-hour window in 24 hours'),
		messagingLimitCode: z.union([z.literal(131048), z.literal(131049), z.literal(130429)]).default(131048).describe(assumed('with which code messages beyond messagingLimit fail')),
		managementCallsPerHour: z.number().int().min(1).default(5000).describe('calls to the business account and its edges an hour (80007); Meta gives 5000, and 200 to an account without a registered number'),
		managementLimitStatus: z.union([z.literal(400), z.literal(429)]).default(400).describe(assumed('HTTP status of 80007')),
		wrongMedia: z.enum(['asynchronous', 'synchronous']).default('asynchronous').describe(assumed('how media of a wrong type or size are refused (131053)')),
		mediaLinks: z.enum(['trusted', 'unreachable']).default('trusted').describe('addresses of media are never fetched: taken for good, or for unreachable (131053); those under .invalid never work'),
		tokenExpiresAt: z.number().int().min(0).default(0).describe('when the access token expires, in Unix seconds (190 with subcode 463 from then on); 0 for never'),
		appSecretProof: z.enum(['optional', 'required']).default('optional').describe('whether the app demands appsecret_proof on every call'),
		paidExempt: z.boolean().default(false).describe(assumed('whether Meta takes the council for an exempt government: service messages beyond the free tier carry subtype paid_exempt')),
		utilityInWindow: z.enum(['regular', 'free_customer_service']).default('regular').describe(assumed('pricing type of utility templates inside the 24-hour window; charged since 1 October 2026')),
		rateLimitStatus: z.union([z.literal(400), z.literal(429)]).default(400).describe(assumed('HTTP status of 130429')),
		unknownTemplateStatus: z.union([z.literal(400), z.literal(404)]).default(400).describe(assumed('HTTP status of 132001')),
		numberRegistered: z.boolean().default(true).describe('whether the business number is registered (133010 when not)'),
		qualityRating: z.enum(['GREEN', 'YELLOW', 'RED', 'NA', 'UNKNOWN']).default('GREEN').describe('quality of the business number'),
		canSendMessage: z.enum(['AVAILABLE', 'LIMITED', 'BLOCKED']).default('AVAILABLE').describe('what health_status answers'),
		freeServiceMessages: z.number().int().min(0).default(1000).describe('delivered service messages a number and month that are free'),
		bsuid: z.enum(['off', 'both', 'phone-hidden']).default('both').describe('whether webhooks carry business-scoped user ids, phone numbers, or both'),
		templateReview: z.enum(['approve', 'approve-as-marketing', 'reject', 'hold']).default('approve').describe('what becomes of a template created or edited through the API'),
		templateRejectionReason: z.enum(['ABUSIVE_CONTENT', 'CATEGORY_NOT_AVAILABLE', 'INCORRECT_CATEGORY', 'INVALID_FORMAT', 'PROMOTIONAL', 'SCAM', 'TAG_CONTENT_MISMATCH']).default('INVALID_FORMAT').describe('why it is rejected, where the knob before says so'),
		templateReviewMs: z.number().min(0).default(300).describe(assumed('time a created or edited template stays PENDING')),
		templatePacing: z.enum(['off', 'release', 'discard']).default('off').describe('whether messages of new marketing templates, and of templates just unpaused, are held back for quality, and what becomes of them (132015 when discarded)'),
		templatePacingBatch: z.number().int().min(0).default(10).describe(assumed('messages of a paced template that go before the others are held')),
		templatePacingMs: z.number().min(0).default(600_000).describe(assumed('time until held messages are released or discarded')),
		templatesPerHour: z.number().int().min(1).default(100).describe('templates that may be created in an hour (80007 [assumed])'),
		templateLimit: z.number().int().min(1).default(250).describe('templates that the account may have; 250 by one page of Meta, 6,000 for verified portfolios by another (2388019)'),
		webhookBatch: z.number().int().min(1).max(1000).default(100).describe(assumed('updates that one webhook may carry; Meta goes up to 1000')),
		webhookLingerMs: z.number().min(0).default(0).describe(assumed('how long a batch waits to fill; at 0 updates share a webhook only when they came while webhookConcurrency were in flight')),
		webhookConcurrency: z.number().int().min(1).default(32).describe(assumed('webhooks in flight at once')),
		webhookTimeoutMs: positive.max(2 ** 31 - 1).default(10_000).describe(assumed('time a webhook may take to be answered')),
		webhookRetryFactor: share.default(0.01).describe(assumed('compression of the retry timetable, which at 1 stretches over 7 days')),
		webhookSlashes: z.enum(['escaped', 'plain']).default('escaped').describe(assumed('whether slashes in webhooks are written as "\\/"')),
		webhookLegacySignature: z.boolean().default(false).describe(assumed('whether webhooks carry the old SHA-1 signature as well')),
		duplicateWebhooks: share.default(0).describe('share of webhooks that are sent twice although they were answered'),
		disorderedWebhooks: share.default(0).describe('share of updates that are held back so that later ones overtake them'),
		feed: z.enum(['cold', 'mild', 'empty', 'stale', 'failed']).default('cold').describe('what the weather feed tells when the address does not say'),
	})
	.strict();

export type Knobs = z.infer<typeof knobsSchema>;

/** Knobs in their default position, with some turned. Throws a ZodError that names the knob. */
export function turnKnobs(turned: Partial<Knobs> | Record<string, unknown> = {}): Knobs {
	return knobsSchema.parse(turned);
}

/** Name, meaning and default of every knob, for `--help` and the admin plane. */
export function describeKnobs(): Array<{ name: string; meaning: string; default: unknown }> {
	const defaults: Record<string, unknown> = turnKnobs();
	return Object.entries(knobsSchema.shape).map(([name, schema]) => ({ name, meaning: schema.description ?? '', default: defaults[name] }));
}

/** The same as a table in Markdown, as the README has it. What Meta does not document is marked. */
export function knobTable(): string {
	const rows = describeKnobs().map(({ name, meaning, default: otherwise }) => {
		const open = meaning.includes('[assumed]');
		return `| \`${name}\` | \`${JSON.stringify(otherwise)}\` | ${meaning.replace(/ ?\[assumed\]$/, '').replaceAll('|', '\\|')} | ${open ? 'assumed' : ''} |`;
	});
	return ['| knob | default | what it decides | at Meta |', '|---|---|---|---|', ...rows].join('\n');
}

/** Turns knobs while the sandbox runs. Throws a ZodError that names the knob; nothing is turned then. */
export function turnAgain(knobs: Knobs, turned: Record<string, unknown>): Knobs {
	return Object.assign(knobs, turnKnobs({ ...knobs, ...turned }));
}
