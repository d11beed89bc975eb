import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ApprovalOutcome } from '../../core/approval/outcome';

/** The outputs, in order. Output 0 is the one n8n uses when nobody decided. */
export const laneNames = ['Expired', 'Rejected', 'Approved'] as const;

const laneOf = { expired: 0, rejected: 1, returned: 1, withdrawn: 1, superseded: 1, approved: 2 } as const;

/** Puts the item on the lane of its decision, with what it came with. */
export function onItsLane(input: IDataObject, outcome: ApprovalOutcome & { state: keyof typeof laneOf }): INodeExecutionData[][] {
	const lanes: INodeExecutionData[][] = laneNames.map(() => []);
	const last = outcome.decisions.at(-1);
	lanes[laneOf[outcome.state]]?.push({
		json: {
			...input,
			draftId: outcome.draftId,
			approval: {
				requestId: outcome.requestId,
				state: outcome.state,
				digest: outcome.digest,
				by: outcome.decisions.map(({ by }) => by).join(', '),
				at: outcome.decidedAt,
				reason: last?.reason || outcome.closed?.reason || '',
				decisions: outcome.decisions.map((decision) => ({ ...decision })),
			},
		},
		pairedItem: { item: 0 },
	});
	return lanes;
}

export function isDecided(outcome: ApprovalOutcome): outcome is ApprovalOutcome & { state: keyof typeof laneOf } {
	return outcome.state !== 'pending';
}
