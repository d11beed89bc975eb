import { z } from 'zod';
import { CivicError, isCivicError } from '../errors';
import { parsePhoneNumber } from '../whatsapp/phoneNumber';
import { typed } from '../whatsapp/redaction';
import { isSamePerson } from './samePerson';

const text = (whenEmpty: string) => z.string({ invalid_type_error: whenEmpty, required_error: whenEmpty }).trim().min(1, whenEmpty);
const numberIn = (least: number, most: number, what = `must be a number from ${least} to ${most}`) =>
	z.number({ invalid_type_error: what, required_error: what }).min(least, what).max(most, what);
const whole = (least: number, most: number) => {
	const what = `must be a whole number from ${least} to ${most.toLocaleString('en-GB')}`;
	return numberIn(least, most, what).int(what);
};
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

const approver = z.object({
	name: text('is empty').max(100, 'is longer than 100 characters'),
	email: text('is empty').toLowerCase().email('is not an e-mail address'),
	/** E.164 with its plus. */
	phone: text('is empty'),
});

/** Messages to one person that nobody signs, and how many of them there may be. */
const directMessages = z
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

/** What IT fixes for a channel. A flow cannot widen any of it. */
export const channelRules = z
	.object({
		/** Who may ask for a broadcast. No service, no broadcast. */
		services: z.array(text('is empty').max(60, 'is longer than 60 characters')).min(1, 'must name at least one service'),
		approvers: z.array(approver).min(1, 'must name at least one person'),
		signaturesNeeded: whole(1, 10),
		/** A request that is silent for longer is refused. */
		decideWithinHours: numberIn(0.01, 24 * 14, `must be more than nothing and at most ${24 * 14}`),
		/** Most people one broadcast may go to. */
		reach: whole(1, 100_000_000),
		/** No broadcast starts inside this span of the day, in the channel's zone. May run over midnight. */
		quietHours: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
		/** IANA time zone in which quiet hours and times shown to people are meant. */
		zone: text('is empty'),
		messagesPerSecond: numberIn(1, 1000),
		/** Template that carries a sign-off link to an approver's phone. */
		signOffTemplate: text('is empty'),
		/** Meta language code of that template. */
		templateLanguage: text('is empty'),
		directMessages: directMessages.default(noDirectMessages),
	})
	.strict();

export type ChannelRules = z.infer<typeof channelRules>;
export type Approver = ChannelRules['approvers'][number];

/** How the form of the credential calls what the rules call otherwise. */
const labels: Record<string, string> = {
	services: 'Services',
	approvers: 'Approvers',
	name: 'Name',
	email: 'Email',
	phone: 'Phone',
	signaturesNeeded: 'Sign-Offs Needed',
	decideWithinHours: 'Decide Within (Hours)',
	reach: 'Reach',
	'quietHours.from': 'Quiet Hours From',
	'quietHours.to': 'Quiet Hours To',
	zone: 'Time Zone',
	messagesPerSecond: 'Messages per Second',
	signOffTemplate: 'Sign-Off Template',
	templateLanguage: 'Template Language',
	directMessages: 'Direct Messages',
	'directMessages.allow': 'Direct Messages',
	'directMessages.peoplePerHour': 'People an Hour',
	'directMessages.peoplePerContent': 'People for One Content',
	'directMessages.countReplies': 'Count Replies',
};

/**
 * Reads rules as a form gives them.
 * @throws CivicError input.invalid, naming the field and what to enter
 */
export function parseRules(raw: unknown): ChannelRules {
	const parsed = channelRules.safeParse(raw);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		if (issue?.code === 'unrecognized_keys') throw invalid(`they hold "${issue.keys.join('", "')}", which this version does not know`);
		throw invalid(`${fieldName(issue?.path ?? [])} ${issue?.message ?? 'is not usable'}`);
	}
	const rules = parsed.data;
	if (!isZone(rules.zone)) throw invalid(`${fieldName(['zone'])} is "${typed(rules.zone)}", which is not a time zone such as Europe/London`);
	const approvers = rules.approvers.map((person, row) => ({ ...person, phone: phoneOf(person.phone, row) }));
	refuseDoubles(approvers);
	if (rules.signaturesNeeded > approvers.length) {
		throw invalid(`${fieldName(['signaturesNeeded'])} asks for ${rules.signaturesNeeded}, but only ${approvers.length} approvers are named`);
	}
	const quiet = rules.quietHours;
	return { ...rules, approvers, quietHours: quiet === null || quiet.from === quiet.to ? null : quiet };
}

/** `'Approvers', row 2 › Email`, as the form shows it. */
function fieldName(path: ReadonlyArray<string | number>): string {
	const [first = 'rules', row, column] = path;
	if (first === 'quietHours') return `'${labels[`quietHours.${row ?? 'from'}`] ?? 'Quiet Hours'}'`;
	const field = `'${labels[`${first}.${row}`] ?? labels[first] ?? first}'`;
	if (typeof row !== 'number') return field;
	return `${field}, row ${row + 1}${column === undefined ? '' : ` › ${labels[column] ?? column}`}`;
}

function phoneOf(phone: string, row: number): string {
	try {
		return parsePhoneNumber(phone).number;
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		throw new CivicError('input.invalid', `${fieldName(['approvers', row, 'phone'])} of the channel is not usable: ${cause.message}`, cause.hint, { cause });
	}
}

/** One person entered twice would otherwise count as two signatures. */
function refuseDoubles(approvers: Approver[]): void {
	for (const [row, person] of approvers.entries()) {
		const other = approvers.slice(0, row).find((earlier) => isSamePerson(earlier, person));
		if (other !== undefined) {
			throw invalid(`${fieldName(['approvers', row])}: ${person.name} shares a name, e-mail address or phone number with ${other.name}, and one person signs once`);
		}
	}
}

/** The offset of a zone such as "+01:00" knows no summer time, so only names count. */
function isZone(zone: string): boolean {
	if (!/^[A-Za-z]/.test(zone)) return false;
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
