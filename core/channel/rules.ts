import { z } from 'zod';
import { CivicError } from '../errors';
import { parsePhoneNumber } from '../whatsapp/phoneNumber';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

const approver = z.object({
	name: z.string().trim().min(1, 'needs a name').max(100),
	email: z.string().trim().toLowerCase().email('needs an e-mail address'),
	/** E.164 with its plus. */
	phone: z.string(),
});

/** What IT fixes for a channel. A flow cannot widen any of it. */
export const channelRules = z
	.object({
		/** Who may ask for a broadcast. No service, no broadcast. */
		services: z.array(z.string().trim().min(1).max(60)).min(1, 'name at least one service'),
		approvers: z.array(approver).min(1, 'name at least one approver'),
		signaturesNeeded: z.number().int().min(1).max(10),
		/** A request that is silent for longer is refused. */
		decideWithinHours: z.number().positive().max(24 * 14),
		/** Most people one broadcast may go to. */
		reach: z.number().int().min(1),
		/** No broadcast starts inside this span of the day, in the channel's zone. May run over midnight. */
		quietHours: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
		/** IANA time zone in which quiet hours and times shown to people are meant. */
		zone: z.string().min(1),
		messagesPerSecond: z.number().min(1).max(1000),
		/** Template that carries a sign-off link to an approver's phone. */
		signOffTemplate: z.string().min(1),
		/** Meta language code of that template. */
		templateLanguage: z.string().min(2),
	})
	.strict();

export type ChannelRules = z.infer<typeof channelRules>;
export type Approver = ChannelRules['approvers'][number];

/**
 * Reads rules as a form gives them.
 * @throws CivicError input.invalid, naming the field and what to enter
 */
export function parseRules(raw: unknown): ChannelRules {
	const parsed = channelRules.safeParse(raw);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw invalid(`${issue?.path.join(' › ') || 'rules'}: ${issue?.message ?? 'not usable'}`);
	}
	const rules = parsed.data;
	if (!isZone(rules.zone)) throw invalid(`zone: "${rules.zone}" is not a time zone such as Europe/London`);
	const approvers = rules.approvers.map((person) => ({ ...person, phone: parsePhoneNumber(person.phone).number as string }));
	refuseDoubles(approvers);
	if (rules.signaturesNeeded > approvers.length) {
		throw invalid(`sign-offs needed: ${rules.signaturesNeeded} are asked for, but only ${approvers.length} approvers are named`);
	}
	const quiet = rules.quietHours;
	return { ...rules, approvers, quietHours: quiet === null || quiet.from === quiet.to ? null : quiet };
}

/** One person entered twice would otherwise count as two signatures. */
function refuseDoubles(approvers: Approver[]): void {
	const seen = new Map<string, string>();
	for (const person of approvers) {
		for (const key of [person.email, person.phone]) {
			const other = seen.get(key);
			if (other !== undefined) throw invalid(`approvers: ${person.name} and ${other} share an e-mail address or phone number`);
		}
		seen.set(person.email, person.name).set(person.phone, person.name);
	}
}

function isZone(zone: string): boolean {
	try {
		new Intl.DateTimeFormat('en-GB', { timeZone: zone });
		return true;
	} catch {
		// The only way to ask the runtime whether it knows a zone is to use it.
		return false;
	}
}

function invalid(what: string): CivicError {
	return new CivicError(
		'input.invalid',
		`The rules of the channel cannot be used: ${what}.`,
		'Open the credential "Civic WhatsApp API" and mend that field. Nothing is sent on this channel until then.',
	);
}
