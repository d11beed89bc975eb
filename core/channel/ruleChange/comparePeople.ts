import type { Approver, Delegation, Deputy } from '../rules';
import { fieldName } from '../rules/fieldName';
import { isSamePerson } from '../samePerson';
import type { Comparison, RuleDifference } from './difference';

/** What a person is called by in a change: enough to tell who it is, and where their link would go. */
export function personWords({ name, email, phone }: { name: string; email: string; phone: string }): string {
	return `${name}, ${email}, ${phone}`;
}

/**
 * Whoever is new may sign, and so may whoever holds the phone or the mailbox of a changed entry: both wait. A role says nothing
 * where there are no stages. Joining a group makes two signatures one; leaving it makes one two.
 */
export function compareApprovers(inForce: Approver[], proposed: Approver[], { staged }: { staged: boolean }): Comparison<Approver[]> {
	const pairs = pairUp(inForce, proposed);
	const differences: RuleDifference[] = [];
	const atOnce: Approver[] = [];
	for (const [before, after] of pairs) {
		if (after === undefined) {
			if (before !== undefined) differences.push({ field: fieldName(['approvers']), before: personWords(before), after: 'not named', direction: 'tightens' });
		} else if (before === undefined) {
			differences.push({ field: fieldName(['approvers']), before: 'not named', after: approverWords(after), direction: 'loosens' });
		} else {
			atOnce.push(compareApprover(before, after, staged, differences));
		}
	}
	return { differences, atOnce };
}

function compareApprover(before: Approver, after: Approver, staged: boolean, differences: RuleDifference[]): Approver {
	const merged = { ...before };
	const changed = (part: 'name' | 'email' | 'phone' | 'role' | 'group', direction: RuleDifference['direction']) => {
		if (before[part] === after[part]) return;
		const say = (value: string) => `${before.name}: ${value === '' ? 'none' : value}`;
		differences.push({ field: fieldName(['approvers', part]), before: say(before[part]), after: say(after[part]), direction });
		if (direction !== 'loosens') merged[part] = after[part];
	};
	changed('name', 'loosens');
	changed('email', 'loosens');
	changed('phone', 'loosens');
	changed('role', staged ? 'loosens' : 'neutral');
	changed('group', before.group === '' ? 'tightens' : 'loosens');
	return merged;
}

/** In the order proposed, then those who go. By e-mail address first; an address that is new may still be somebody known. */
function pairUp(inForce: Approver[], proposed: Approver[]): Array<[Approver | undefined, Approver | undefined]> {
	const left = new Set(inForce);
	const take = (fits: (one: Approver) => boolean): Approver | undefined => {
		const found = [...left].find(fits);
		if (found !== undefined) left.delete(found);
		return found;
	};
	const known = new Map(proposed.map((person) => [person, take(({ email }) => email === person.email)]));
	const pairs = proposed.map((person): [Approver | undefined, Approver] => [known.get(person) ?? take((one) => isSamePerson(one, person)), person]);
	return [...pairs, ...[...left].map((gone): [Approver, undefined] => [gone, undefined])];
}

function approverWords(approver: Approver): string {
	return [personWords(approver), ...(approver.role === '' ? [] : [`role ${approver.role}`]), ...(approver.group === '' ? [] : [`group ${approver.group}`])].join(', ');
}

/** A deputy who is new, or whose entry changed, may sign; one who is gone may not. */
export function compareDeputies(inForce: Deputy[], proposed: Deputy[]): Comparison<Deputy[]> {
	return compareEntries('deputies', inForce, proposed, (person) => `${personWords(person)}, for ${person.standsFor}`, same);
}

/**
 * A delegate who is new may sign. One who is gone may not, and the approver, whose signature was only lent, has it back: that is
 * no new voice. A shorter time is part of the longer one.
 */
export function compareDelegations(inForce: Delegation[], proposed: Delegation[]): Comparison<Delegation[]> {
	const words = (person: Delegation) => `${personWords(person)}, for ${person.standsFor}, ${person.from} to ${person.until}`;
	return compareEntries('delegations', inForce, proposed, words, (one, other) => same({ ...one, from: '', until: '' }, { ...other, from: '', until: '' }) && other.from >= one.from && other.until <= one.until);
}

function same<Entry extends object>(one: Entry, other: Entry): boolean {
	return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

/** @param covers whether an entry in force permits all that a proposed one does */
function compareEntries<Entry extends object>(
	list: 'deputies' | 'delegations',
	inForce: Entry[],
	proposed: Entry[],
	words: (entry: Entry) => string,
	covers: (inForce: Entry, proposed: Entry) => boolean,
): Comparison<Entry[]> {
	const field = fieldName([list]);
	const differences: RuleDifference[] = [];
	const atOnce: Entry[] = [];
	for (const entry of proposed) {
		const shorter = inForce.filter((known) => covers(entry, known));
		const longer = inForce.find((known) => covers(known, entry));
		if (longer !== undefined) atOnce.push(entry);
		// What is prolonged stays as long as it was until that is signed.
		else atOnce.push(...shorter.filter((known) => !atOnce.includes(known)));
		if (longer !== undefined && same(longer, entry)) continue;
		const before = longer ?? shorter[0];
		differences.push({ field, before: before === undefined ? 'not named' : words(before), after: words(entry), direction: longer === undefined ? 'loosens' : 'tightens' });
	}
	for (const entry of inForce) {
		const isThere = proposed.some((other) => covers(entry, other) || covers(other, entry));
		if (!isThere) differences.push({ field, before: words(entry), after: 'not named', direction: 'tightens' });
	}
	return { differences, atOnce };
}
