import type { Approver } from './approver';
import type { ChannelRules } from './rules';

export function sameRole(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** How many different signatures these approvers can give: those of a group count once. */
export function voices(people: readonly Approver[]): number {
	return new Set(people.map(({ email, group }) => (group === '' ? email : `group ${group.toLowerCase()}`))).size;
}

/** Whether the approvers suffice for what the rules ask of every broadcast, or of every step. */
export function canBeMet({ approvers, stages, signaturesNeeded }: Pick<ChannelRules, 'approvers' | 'stages' | 'signaturesNeeded'>): boolean {
	if (stages.length === 0) return voices(approvers) >= signaturesNeeded;
	return stages.every(({ role, signatures }) => voices(approvers.filter((person) => sameRole(person.role, role))) >= signatures);
}
