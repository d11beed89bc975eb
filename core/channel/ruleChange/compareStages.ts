import type { ChannelRules } from '../rules';
import { fieldName } from '../rules/fieldName';
import { sameRole } from '../rules/signersLeft';
import type { Stage } from '../rules/quorum';
import type { Comparison } from './difference';

type Quorum = Pick<ChannelRules, 'stages' | 'signaturesNeeded' | 'approvers'>;

/** The steps of a sign-off stand and fall together, since what one asks for depends on the others. */
export function compareStages(inForce: Quorum, proposed: Quorum): Comparison<Stage[]> {
	const [before, after] = [stagesWords(inForce.stages), stagesWords(proposed.stages)];
	if (isSame(inForce.stages, proposed.stages)) return { differences: [], atOnce: proposed.stages };
	const direction = asksForAsMuch(inForce, proposed) ? 'tightens' : 'loosens';
	return { differences: [{ field: fieldName(['stages']), before, after, direction }], atOnce: direction === 'tightens' ? proposed.stages : inForce.stages };
}

function isSame(one: Stage[], other: Stage[]): boolean {
	return one.length === other.length && one.every(({ role, signatures }, at) => role === other[at]?.role && signatures === other[at].signatures);
}

/** Whether every set of signatures that meets the proposed steps meets those in force. */
function asksForAsMuch(inForce: Quorum, proposed: Quorum): boolean {
	if (proposed.stages.length === 0) return false;
	if (inForce.stages.length === 0) {
		// A group signs once in a step, so one that sits in two steps would count twice.
		const grouped = [...inForce.approvers, ...proposed.approvers].some(({ group }) => group !== '');
		return !grouped && proposed.stages.reduce((sum, { signatures }) => sum + signatures, 0) >= inForce.signaturesNeeded;
	}
	// Extra signatures are asked of the last step: whose that is must not change.
	if (!sameRole(inForce.stages.at(-1)?.role ?? '', proposed.stages.at(-1)?.role ?? '')) return false;
	let next = 0;
	for (const { role, signatures } of proposed.stages) {
		const wanted = inForce.stages[next];
		if (wanted !== undefined && sameRole(wanted.role, role) && signatures >= wanted.signatures) next++;
	}
	return next === inForce.stages.length;
}

function stagesWords(stages: Stage[]): string {
	return stages.length === 0 ? 'one step, any approver' : stages.map(({ role, signatures }) => `${signatures} of ${role}`).join(', then ');
}
