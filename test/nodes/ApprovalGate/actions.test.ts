import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowOf, type NodeOfFlow } from '../engine';
import { decide, draftNode, ended, gateNode, gatedFlow, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('the gate, beside asking', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 6 });
	});
	afterAll(() => hall.stop());

	const act = (action: string, parameters: Record<string, unknown> = {}): NodeOfFlow => ({ name: 'Gate', type: 'approvalGate', parameters: { action, ...parameters } as NodeOfFlow['parameters'] });
	const run = async (node: NodeOfFlow, items = [{}]) => hall.n8n.run(flowOf([node]), items);

	it('lists what is pending, on one output', async () => {
		const waiting = await hall.n8n.run(gatedFlow());
		const listed = await run(act('getMany', { states: ['pending'], returnAll: true }));
		expect(listed.json('Gate')).toMatchObject([{ title: 'Gritting tonight', service: 'Highways', state: 'pending', waitingFor: ['Morgan Ellis', 'Priya Raman'], requester: 'Sam Okafor' }]);
		await decide(hall, 'approve');
		await ended(waiting);
		expect((await run(act('getMany', { states: ['pending'] }))).json('Gate')).toEqual([]);
		expect((await run(act('getMany', { states: [], options: { days: 1, service: 'Highways' } }))).json('Gate')).toMatchObject([{ state: 'approved' }]);
		expect((await run(act('getMany', { states: [], channels: 'one', options: { service: 'Waste' } }))).json('Gate')).toEqual([]);
	});

	it('takes a request back for whoever asked, and the waiting flow leaves by Rejected', async () => {
		const waiting = await hall.n8n.run(gatedFlow());
		const draftId = waiting.json('Draft')[0]?.draftId;
		const refused = await run(act('withdraw', { withdrawnDraftId: draftId, withdrawnBy: 'Priya Raman', reason: '' }));
		expect(refused.error?.message).toContain('Only whoever asked');
		const withdrawn = await run(act('withdraw', { withdrawnDraftId: draftId, withdrawnBy: 'Sam Okafor', withdrawnByEmail: 'sam.okafor@aldersea.example', reason: 'The forecast changed' }));
		expect(withdrawn.json('Gate')).toMatchObject([{ draftId, state: 'withdrawn' }]);
		await ended(waiting);
		expect(waiting.json('Rejected')).toMatchObject([{ approval: { state: 'withdrawn', by: 'Sam Okafor', reason: 'The forecast changed' } }]);
	});

	it('keeps house, and says what it did', async () => {
		expect((await run(act('housekeep'))).json('Gate')).toEqual([{ expired: 0, reached: 0, missed: 0, resumed: 0, later: 0 }]);
	});

	it('leaves by Rejected with what to change, and the new version goes to whoever did not work on the old one', async () => {
		const first = await hall.n8n.run(gatedFlow());
		await decide(hall, 'return', 'Route 2 is closed');
		await ended(first);
		const [returned] = first.json('Rejected');
		expect(returned).toMatchObject({ approval: { state: 'returned', by: 'Morgan Ellis', reason: 'Route 2 is closed' } });
		const draft = draftNode({ title: 'Gritting tonight, without route 2', areas: 'Route 1', options: { replaces: returned?.draftId } });
		const second = await hall.n8n.run(flowOf([draft, gateNode(), sendNode()], ['Draft → Gate', 'Gate.2 → Send']));
		expect(second.status).toBe('waiting');
		await decide(hall, 'approve');
		await ended(second);
		expect(second.json('Send')).toMatchObject([{ state: 'finished' }]);
	});
});
