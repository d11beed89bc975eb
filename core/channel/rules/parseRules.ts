import { CivicError, isCivicError } from '../../errors';
import { parsePhoneNumber } from '../../whatsapp/phoneNumber';
import { typed } from '../../whatsapp/redaction';
import { isSamePerson, type KnownPerson } from '../samePerson';
import type { Approver } from './approver';
import { fieldName } from './fieldName';
import { channelRules, type ChannelRules } from './rules';
import { sameRole, voices } from './signersLeft';

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
	const withPhones = {
		...rules,
		approvers: rules.approvers.map((person, row) => ({ ...person, phone: phoneOf('approvers', person.phone, row) })),
		deputies: rules.deputies.map((person, row) => ({ ...person, phone: phoneOf('deputies', person.phone, row) })),
		delegations: rules.delegations.map((person, row) => ({ ...person, phone: phoneOf('delegations', person.phone, row) })),
	};
	refuseDoubles(withPhones.approvers);
	requireStandIns(withPhones);
	requireEnough(withPhones);
	requireFastPath(withPhones);
	const quiet = rules.quietHours;
	return { ...withPhones, quietHours: quiet === null || quiet.from === quiet.to ? null : quiet };
}

function phoneOf(list: 'approvers' | 'deputies' | 'delegations', phone: string, row: number): string {
	try {
		return parsePhoneNumber(phone).number;
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		throw new CivicError('input.invalid', `${fieldName([list, row, 'phone'])} of the channel is not usable: ${cause.message}`, cause.hint, { cause });
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

/** A stand-in counts as the approver, so must be somebody who has no signature of their own, and stand for one approver. */
function requireStandIns({ approvers, deputies, delegations }: ChannelRules): void {
	for (const [list, people] of [['deputies', deputies], ['delegations', delegations]] as const) {
		for (const [row, person] of people.entries()) {
			if (!approvers.some(({ email }) => email === person.standsFor)) {
				throw invalid(`${fieldName([list, row, 'standsFor'])} is the e-mail address of nobody in 'Approvers'`);
			}
			const double = approvers.find((approver) => isSamePerson(approver, person)) ?? otherwiseNamed([...deputies, ...delegations], person);
			if (double !== undefined) {
				throw invalid(`${fieldName([list, row])}: ${person.name} shares a name, e-mail address or phone number with ${double.name}, and one person signs once`);
			}
		}
	}
	for (const [row, { from, until }] of delegations.entries()) {
		if (from > until) throw invalid(`${fieldName(['delegations', row, 'until'])} lies before 'From'`);
	}
}

/** The same stand-in may be named again for the same approver, say for two holidays; not for another one, or under other names. */
function otherwiseNamed(people: Array<KnownPerson & { email: string; standsFor: string }>, person: KnownPerson & { email: string; standsFor: string }) {
	return people.find(
		(other) => isSamePerson(other, person) && (other.standsFor !== person.standsFor || other.email !== person.email || other.phone !== person.phone || other.name !== person.name),
	);
}

function requireEnough({ approvers, stages, signaturesNeeded }: ChannelRules): void {
	if (stages.length === 0 && signaturesNeeded > voices(approvers)) {
		const named = approvers.length === voices(approvers) ? `${approvers.length} approvers are named` : `${voices(approvers)} approvers or groups are named, and a group counts once`;
		throw invalid(`${fieldName(['signaturesNeeded'])} asks for ${signaturesNeeded}, but only ${named}`);
	}
	for (const [row, { role, signatures }] of stages.entries()) {
		if (stages.slice(0, row).some((earlier) => sameRole(earlier.role, role))) throw invalid(`${fieldName(['stages', row])} asks for "${role}" a second time`);
		const there = voices(approvers.filter((person) => sameRole(person.role, role)));
		if (there < signatures) {
			throw invalid(`${fieldName(['stages', row])} asks for ${signatures} of the role "${role}", but ${there === 0 ? 'no approver has' : `only ${there} of the approvers have`} it`);
		}
	}
}

function requireFastPath({ approvers, fastPath }: ChannelRules): void {
	for (const [row, address] of (fastPath?.people ?? []).entries()) {
		if (approvers.some(({ email }) => email === address)) continue;
		throw invalid(`${fieldName(['fastPath', 'people', row])} is the e-mail address of nobody in 'Approvers'`);
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
