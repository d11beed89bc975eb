import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../../core/world';
import { createWake } from '../../../core/desk/wake';
import { Desk } from '../../../core/desk/desk';
import { SqliteEngine } from '../../../core/store/sqlite/engine';
import { HandClock } from '../../council/clock';
import { decideOn, linksOn } from '../../council/steps';
import { flowOf, stored, type NodeOfFlow } from '../engine';
import { decide, draftNode, ended, gateNode, gatedFlow, morgan, reportNode, residentsMessaged, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('the path through the gate', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 12 });
	});
	afterAll(() => hall.stop());

	it('waits, goes on by Approved once a person signed on the desk’s page, sends to everybody once, and reports', async () => {
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

	it('asks for each of several drafts, goes on when the last is decided, and puts each on its own lane', async () => {
		const shown = ['Start', 'Expired', 'Rejected', 'Approved'].map((name): NodeOfFlow => ({ name, type: 'test.passOn' }));
		const draft = draftNode({ title: '={{ $json.title }}', areas: '={{ $json.area }}' });
		const several = flowOf([...shown, draft, gateNode(), sendNode()], ['Start → Draft', 'Draft → Gate', 'Gate.0 → Expired', 'Gate.1 → Rejected', 'Gate.2 → Approved', 'Approved → Send']);
		const execution = await hall.n8n.run(several, [
			{ title: 'One', area: 'Route 1' },
			{ title: 'Two', area: 'Route 2' },
			{ title: 'Three', area: 'Route 3' },
		]);
		expect(execution.status).toBe('waiting');
		await hall.sandbox.idle();
		const [one = '', two = '', three = ''] = linksOn(hall, morgan).slice(-3);
		expect((await decideOn(two, 'reject', 'Not this one')).status).toBe(303);
		expect((await decideOn(one, 'approve')).status).toBe(303);
		expect(execution.status).toBe('waiting');
		expect((await decideOn(three, 'approve')).status).toBe(303);
		await ended(execution);
		expect(execution.json('Approved')).toMatchObject([{ title: 'One', approval: { state: 'approved' } }, { title: 'Three', approval: { state: 'approved' } }]);
		expect(execution.json('Rejected')).toMatchObject([{ title: 'Two', approval: { state: 'rejected', reason: 'Not this one' } }]);
		expect(execution.ran('Expired')).toBe(false);
		expect(execution.json('Send')).toHaveLength(2);
	});

	it('leaves by Rejected with the reason, and Send behind it refuses', async () => {
		const before = residentsMessaged(hall);
		const execution = await hall.n8n.run(gatedFlow());
		await decide(hall, 'reject', 'Route 2 is closed tonight');
		await ended(execution);
		expect(execution.json('Rejected')).toMatchObject([{ approval: { state: 'rejected', by: 'Morgan Ellis', reason: 'Route 2 is closed tonight' } }]);
		expect([execution.ran('Expired'), execution.ran('Approved')]).toEqual([false, false]);
		expect(execution.error?.message).toContain('Nobody has signed this draft');
		expect(residentsMessaged(hall)).toBe(before);
	});

	it('leaves by Expired when the desk finds the time over, and the page no longer decides', async () => {
		const before = residentsMessaged(hall);
		const execution = await hall.n8n.run(gatedFlow({ gate: gateNode({}, { decideWithinHours: 1 }) }));
		const later = new HandClock();
		later.advance(61 * 60_000);
		const receiver = await SqliteEngine.open({ folder: hall.folder, clock: later, random: systemRandom });
		await new Desk(receiver, later, createWake()).tend();
		await receiver.close();
		await ended(execution);
		expect(execution.json('Expired')).toMatchObject([{ approval: { state: 'expired', by: '', at: expect.any(String) as string } }]);
		expect([execution.ran('Rejected'), execution.ran('Approved')]).toEqual([false, false]);
		expect(execution.error?.message).toContain('Nobody has signed this draft');
		await expect(decide(hall, 'approve')).rejects.toThrow('409');
		expect(residentsMessaged(hall)).toBe(before);
	});

	it('says expired by itself when n8n wakes it by its own timer, and Send refuses', async () => {
		const before = residentsMessaged(hall);
		const execution = await hall.n8n.run(gatedFlow());
		expect(stored(execution.data).waitTill).toBeDefined();
		await hall.n8n.wakeByTimer(execution);
		expect(execution.json('Expired')).toMatchObject([{ draftId: expect.any(String) as string, approval: { state: 'expired', by: '', at: null, reason: '' } }]);
		expect([execution.ran('Rejected'), execution.ran('Approved')]).toEqual([false, false]);
		expect(execution.error).toMatchObject({ context: { code: 'approval.none' }, description: expect.stringContaining('Approved output') as string });
		expect(residentsMessaged(hall)).toBe(before);
	});
});
