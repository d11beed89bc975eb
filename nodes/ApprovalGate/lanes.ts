import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { readOutcome, type ApprovalOutcome } from '../../core/approval/outcome';
import { CivicError } from '../../core/errors';
import type { Store } from '../../core/store/store';

/** The outputs, in order. Output 0 is the one n8n uses when nobody decided. */
export const laneNames = ['Expired', 'Rejected', 'Approved'] as const;

/** Three lanes where sign-off is requested, one output for everything else. */
export const outputsByAction = `={{ ["getMany", "housekeep", "withdraw"].includes($parameter["action"]) ? ["main"] : ${JSON.stringify(laneNames.map((displayName) => ({ type: 'main', displayName })))} }}` as const;

const laneOf = { expired: 0, rejected: 1, returned: 1, withdrawn: 1, superseded: 1, approved: 2 } as const;

export function emptyLanes(): INodeExecutionData[][] {
	return laneNames.map(() => []);
}

/**
 * Puts each item on the lane of its request, as the store knows it. An item that was refused, and so has no request,
 * leaves by Expired.
 * @param items as they were when the gate went to sleep
 * @returns null while one of the requests is open
 */
export async function lanesOf(store: Store, items: IDataObject[]): Promise<INodeExecutionData[][] | null> {
	const lanes = emptyLanes();
	for (const [position, json] of items.entries()) {
		const requestId = (json.approval as IDataObject | undefined)?.requestId;
		if (typeof requestId !== 'string') {
			lanes[0]?.push({ json, pairedItem: { item: position } });
			continue;
		}
		const outcome = await store.execute(readOutcome, { requestId });
		if (outcome.state === 'pending') return null;
		lanes[laneOf[outcome.state]]?.push({ json: { ...json, ...inFlow(outcome) }, pairedItem: { item: position } });
	}
	return lanes;
}

/** For items that have nothing to wait for. */
export function decided(lanes: INodeExecutionData[][] | null): INodeExecutionData[][] {
	if (lanes !== null) return lanes;
	throw new CivicError('approval.unknown', 'A request that was signed is open again.', 'Run the gate again; tell whoever looks after the installation if that happens a second time.');
}

function inFlow(outcome: ApprovalOutcome): IDataObject {
	const last = outcome.decisions.at(-1);
	return {
		draftId: outcome.draftId,
		approval: {
			requestId: outcome.requestId,
			state: outcome.state,
			digest: outcome.digest,
			by: outcome.decisions.map(({ by }) => by).join(', ') || (outcome.closed?.by ?? ''),
			at: outcome.decidedAt,
			reason: last?.reason || (outcome.closed?.reason ?? ''),
			decisions: outcome.decisions.map((decision) => ({ ...decision })),
		},
	};
}
