import type { Approver, ChannelRules } from '../channel/rules';
import { isSamePerson } from '../channel/samePerson';
import { CivicError } from '../errors';
import type { Contributor } from '../message/draftPeople';
import { typed } from '../whatsapp/redaction';

const longestShown = 100;

/**
 * Who may sign: the approvers in the rules, less whoever asked for the draft or worked on it.
 * @param ask names or e-mail addresses the gate narrows the circle to; empty means everybody
 * @throws CivicError approval.no-approvers when fewer are left than signatures are needed
 */
export function eligibleApprovers(rules: ChannelRules, involved: Contributor[], ask: string[] = []): Approver[] {
	const wanted = ask.map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
	for (const entry of wanted) {
		if (rules.approvers.some((person) => isAskedFor(person, [entry]))) continue;
		throw new CivicError(
			'approval.no-approvers',
			// Somebody may have entered a number: no error shows a whole one.
			`"${typed(entry, longestShown)}" is not an approver of this channel.`,
			`The gate can only choose among: ${rules.approvers.map((person) => person.name).join(', ')}.`,
		);
	}
	const circle = wanted.length === 0 ? rules.approvers : rules.approvers.filter((person) => isAskedFor(person, wanted));
	const free = circle.filter((person) => !involved.some((other) => isSamePerson(person, other)));
	if (free.length < rules.signaturesNeeded) {
		const barred = circle.filter((person) => !free.includes(person)).map((person) => person.name);
		throw new CivicError(
			'approval.no-approvers',
			`${rules.signaturesNeeded} sign-off${rules.signaturesNeeded === 1 ? ' is' : 's are'} needed, but ${
				free.length === 0 ? 'nobody' : `only ${free.map((person) => person.name).join(', ')}`
			} may sign this draft${barred.length === 0 ? '' : ` (${barred.join(', ')} asked for it or worked on it)`}.`,
			'Have somebody else ask for the broadcast, or have IT name another approver in the credential "Civic WhatsApp API".',
		);
	}
	return free;
}

function isAskedFor(person: Approver, wanted: string[]): boolean {
	return wanted.includes(person.email.toLowerCase()) || wanted.includes(person.name.trim().toLowerCase());
}
