import type { SignOffPlan, Signatory } from './plan';

/** Where a request stands on its plan. */
export interface SignOffStanding {
	/** Position of the step that is being signed; the number of steps when all are signed. */
	stage: number;
	stages: Array<{ name: string; signatures: number; needed: number }>;
	signatures: number;
	needed: number;
	complete: boolean;
}

/**
 * Counts signatures. Those that count as the same (a group, an approver and their stand-in) are one, and in a step only
 * the people of that step count.
 * @param signed e-mail addresses of those who approved
 */
export function standingOf(plan: SignOffPlan, signed: readonly string[]): SignOffStanding {
	const stages = plan.stages.map(({ name, signatures: needed, people }) => {
		const voices = new Set(people.filter(({ email }) => signed.includes(email)).map(({ countsAs }) => countsAs));
		return { name, signatures: Math.min(voices.size, needed), needed };
	});
	const open = stages.findIndex(({ signatures, needed }) => signatures < needed);
	return {
		stage: open === -1 ? stages.length : open,
		stages,
		signatures: stages.reduce((sum, { signatures }) => sum + signatures, 0),
		needed: stages.reduce((sum, { needed }) => sum + needed, 0),
		complete: open === -1,
	};
}

export type Turn = { may: true; person: Signatory } | { may: false; why: 'not-asked' | 'earlier-stage' | 'signed-for' | 'past'; by?: string };

/** Whether it is this person's turn to decide. */
export function turnOf(plan: SignOffPlan, signed: readonly string[], email: string): Turn {
	const at = plan.stages.findIndex(({ people }) => people.some((one) => one.email === email));
	const person = plan.stages[at]?.people.find((one) => one.email === email);
	if (person === undefined) return { may: false, why: 'not-asked' };
	const { stage } = standingOf(plan, signed);
	if (at > stage) return { may: false, why: 'earlier-stage' };
	const other = plan.stages[at]?.people.find((one) => one.countsAs === person.countsAs && signed.includes(one.email));
	if (other !== undefined) return { may: false, why: 'signed-for', by: other.name };
	return at < stage ? { may: false, why: 'past' } : { may: true, person };
}
