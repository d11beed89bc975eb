import type { Approver } from '../channel/rules';
import { CivicError } from '../errors';
import { typed } from '../whatsapp/redaction';

const longestShown = 100;

/**
 * The approvers whom a gate asks: all of the rules, or those it names among them.
 * @param ask names or e-mail addresses; empty means everybody
 * @throws CivicError approval.no-approvers for somebody whom the rules do not name
 */
export function narrowCircle(approvers: Approver[], ask: string[]): Approver[] {
	const wanted = ask.map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
	for (const entry of wanted) {
		if (approvers.some((person) => isAskedFor(person, [entry]))) continue;
		throw new CivicError(
			'approval.no-approvers',
			// Somebody may have entered a number: no error shows a whole one.
			`"${typed(entry, longestShown)}" is not an approver of this channel.`,
			`The gate can only choose among: ${approvers.map((person) => person.name).join(', ')}.`,
		);
	}
	return wanted.length === 0 ? approvers : approvers.filter((person) => isAskedFor(person, wanted));
}

function isAskedFor(person: Approver, wanted: string[]): boolean {
	return wanted.includes(person.email.toLowerCase()) || wanted.includes(person.name.trim().toLowerCase());
}
