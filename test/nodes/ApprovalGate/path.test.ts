import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flowOf, type Execution } from '../engine';
import { decide, draftNode, ended, gateNode, gatedFlow, reportNode, residentsMessaged, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('Draft → Gate → Send → Get Report', () => {
	let hall: TownHall;

	beforeEach(async () => {
		hall = await startTownHall({ residents: 12 });
	});
	afterEach(() => hall.stop());

	it('waits at the gate, goes on by Approved once a person signed on the desk’s page, sends to everybody once, and reports', async () => {
		const flow = flowOf([draftNode(), gateNode(), sendNode(), reportNode()], ['Draft → Gate', 'Gate.2 → Send', 'Send → Report']);
		const execution = await hall.n8n.run(flow);
		expect(execution.status).toBe('waiting');
		expect(residentsMessaged(hall)).toBe(0);

		await decide(hall, 'approve');
		await ended(execution);

		expect(execution.status).toBe('success');
		const [approved] = execution.json('Gate', 2);
		const [draft] = execution.json('Draft');
		expect(approved).toMatchObject({ draftId: draft?.draftId, title: 'Gritting tonight', approval: { state: 'approved', digest: draft?.digest, by: 'Morgan Ellis' } });
		const [sent] = execution.json('Send');
		expect(sent).toMatchObject({ draftId: draft?.draftId, digest: draft?.digest, state: 'finished', totals: { recipients: 8, accepted: 8, pending: 0, notSent: 0, uncertain: 0 } });
		expect(execution.json('Report')).toMatchObject([{ broadcastId: sent?.broadcastId, totals: { recipients: 8, accepted: 8 } }]);
		expect(residentsMessaged(hall)).toBe(8);
	});
});
