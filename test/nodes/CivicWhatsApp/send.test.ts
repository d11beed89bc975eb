import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { channelFields } from '../../council/council';
import { flowOf, type Execution } from '../engine';
import { decide, draftNode, ended, formNode, gateNode, reportNode, residentsMessaged, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('Broadcast: Send and Get Report', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 60 });
	});
	afterEach(async () => {
		hall.sandbox.faults.clear();
		await hall.useChannel();
	});
	afterAll(() => hall.stop());

	/** A draft that Morgan has signed. */
	const signed = async (areas = 'Route 1'): Promise<string> => {
		const execution = await hall.n8n.run(flowOf([formNode(), draftNode({ areas }), gateNode()], ['Form → Draft', 'Draft → Gate']));
		await decide(hall, 'approve');
		await ended(execution);
		return execution.json('Gate', 2)[0]?.draftId as string;
	};
	const send = (items: object[], changes: object = {}) => hall.n8n.run(flowOf([sendNode(changes)]), items as never);
	const refusal = ({ error, status }: Execution) => ({ status, code: error?.context?.code, message: error?.message });

	it('puts out one item with totals and a handle, and nothing about people', async () => {
		const draftId = await signed();
		const execution = await send([{ draftId }]);
		expect(execution.items('Send')).toEqual([
			{
				json: expect.objectContaining({
					draftId,
					broadcastId: expect.any(String) as string,
					digest: expect.any(String) as string,
					title: 'Gritting tonight',
					state: 'finished',
					totals: expect.objectContaining({ recipients: 20, accepted: 20, notSent: 0, uncertain: 0, pending: 0 }) as object,
				}) as object,
				pairedItem: { item: 0 },
			},
		]);
		expect(JSON.stringify(execution.data)).not.toMatch(/7700\W?900|Resident \d/);
	});

	it('sends to nobody twice when two items, or two executions, hold the same draft', async () => {
		const draftId = await signed('Route 2');
		const before = residentsMessaged(hall);
		const [one, other] = await Promise.all([send([{ draftId }, { draftId }]), send([{ draftId }])]);
		const reports = [...one.json('Send'), ...other.json('Send')];
		expect(reports).toHaveLength(3);
		expect(new Set(reports.map(({ broadcastId }) => broadcastId)).size).toBe(1);
		expect(reports.every(({ state }) => state === 'finished')).toBe(true);
		expect(residentsMessaged(hall) - before).toBe(20);
	});

	it('is stopped by the person in the editor, and goes on later where it stopped', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { messagesPerSecond: 10 }) as never;
		const draftId = await signed('Route 3');
		const before = residentsMessaged(hall);
		const running = send([{ draftId }]);
		await vi.waitUntil(() => residentsMessaged(hall) > before, { timeout: 10_000, interval: 5 });
		const execution = [...hall.n8n.executions.values()].at(-1);
		if (execution === undefined) throw new Error('nothing runs');
		hall.n8n.cancel(execution);
		expect((await running).status).toBe('canceled');
		const report = async () => (await hall.n8n.run(flowOf([reportNode({ broadcastId: draftId })]))).json('Report')[0] as { state: string; totals: Record<string, number> };
		await vi.waitUntil(async () => (await hall.n8n.run(flowOf([reportNode({ broadcastId: draftId })]))).status === 'success');
		const stopped = await vi.waitUntil(async () => {
			const seen = await report();
			const settled = (seen.totals.accepted ?? 0) + (seen.totals.notSent ?? 0) + (seen.totals.uncertain ?? 0);
			return settled === residentsMessaged(hall) - before ? seen : undefined;
		});
		expect(stopped).toMatchObject({ state: 'sending' });
		expect(stopped.totals.pending).toBeGreaterThan(0);

		const again = await send([{ draftId }]);
		expect(again.json('Send')).toMatchObject([{ state: 'finished', totals: { recipients: 20, accepted: 20, uncertain: 0, pending: 0 } }]);
		expect(residentsMessaged(hall) - before).toBe(20);
	});

	it('names the item it refuses, and with “On Error: Continue” puts out message, code and the way on', async () => {
		const draftId = await signed();
		const first = await send([{ draftId }, { draftId: 'made-up' }]);
		expect(refusal(first)).toMatchObject({ status: 'error', code: 'draft.unknown', message: expect.stringContaining('[Item 1]') as string });
		const kept = await send([{ draftId }, { draftId: 'made-up' }], { onError: 'continueRegularOutput' });
		expect(kept.status).toBe('success');
		expect(kept.items('Send')).toMatchObject([
			{ json: { state: 'finished' }, pairedItem: { item: 0 } },
			{ json: { error: expect.stringContaining('[Item 1]') as string, details: { code: 'draft.unknown', hint: expect.stringMatching(/\w/) as string } }, pairedItem: { item: 1 } },
		]);
		const apart = await send([{ draftId }, { draftId: 'made-up' }], { onError: 'continueErrorOutput' });
		expect(apart.json('Send', 0)).toHaveLength(1);
		expect(apart.json('Send', 1)).toMatchObject([{ details: { code: 'draft.unknown' } }]);
	});

	it('refuses when the rules or the mode changed after the sign-off', async () => {
		const draftId = await signed();
		const before = residentsMessaged(hall);
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { reach: 4999 }) as never;
		expect(refusal(await send([{ draftId }]))).toMatchObject({ code: 'channel.rules' });
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { mode: 'training' }) as never;
		expect(refusal(await send([{ draftId }]))).toMatchObject({ code: 'channel.mode' });
		expect(residentsMessaged(hall)).toBe(before);
	});

	it('refuses in quiet hours and keeps the sign-off', async () => {
		const hours = (at: number) => new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' });
		const quiet = { quietFrom: hours(Date.now() - 3600_000), quietTo: hours(Date.now() + 3600_000) };
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, quiet) as never;
		const draftId = await signed();
		expect(refusal(await send([{ draftId }]))).toMatchObject({ code: 'draft.window', message: expect.stringContaining('quiet hours') as string });
	});

	it('gives a report on every delivery by its id, all pages or the first few, whatever failed', async () => {
		const draftId = await signed();
		hall.sandbox.faults.script({ kind: 'graph-error', code: 131026, times: 2 });
		const [sent] = (await send([{ draftId }])).json('Send');
		expect(sent).toMatchObject({ totals: { recipients: 20, accepted: 18, notSent: 2 } });
		await hall.sandbox.idle();
		const outcomes = async (parameters: object) => (await hall.n8n.run(flowOf([reportNode({ broadcastId: sent?.broadcastId, output: 'outcomes', ...parameters })]))).json('Report');
		const all = await outcomes({ returnAll: true });
		expect(all).toHaveLength(20);
		expect(new Set(all.map(({ deliveryId }) => deliveryId)).size).toBe(20);
		expect(all.filter(({ state }) => state === 'not-sent')).toHaveLength(2);
		expect(await outcomes({ limit: 3 })).toEqual(all.slice(0, 3));
		expect(JSON.stringify(all)).not.toMatch(/7700\W?900|Resident \d|wamid/);
		const totals = await hall.n8n.run(flowOf([reportNode()]), [{ broadcastId: sent?.broadcastId as string }]);
		expect(totals.json('Report')).toMatchObject([{ draftId, totals: { recipients: 20, accepted: 18, delivered: 18, notSent: 2 } }]);
	});

	it('says in words that there is no such broadcast', async () => {
		expect(refusal(await hall.n8n.run(flowOf([reportNode({ broadcastId: 'made-up' })])))).toMatchObject({ code: 'broadcast.unknown', message: expect.stringContaining('[Item 0]') as string });
	});
});

describe('a broadcast of several pages, in training', () => {
	it('reaches no resident, and the report has every one of them', async () => {
		const hall = await startTownHall({ residents: 620, channel: { mode: 'training' } });
		try {
			const flow = flowOf([formNode(), draftNode({ where: 'everywhere' }), gateNode(), sendNode(), reportNode({ output: 'outcomes', returnAll: true })], ['Form → Draft', 'Draft → Gate', 'Gate.2 → Send', 'Send → Report']);
			const execution = await hall.n8n.run(flow);
			await decide(hall, 'approve');
			await ended(execution);
			expect(execution.json('Send')).toMatchObject([{ state: 'finished', totals: { recipients: 620, accepted: 0, notSent: 620 }, reasons: [{ reason: 'training', count: 620 }] }]);
			expect(new Set(execution.json('Report').map(({ deliveryId }) => deliveryId)).size).toBe(620);
			expect(execution.items('Report').every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
			expect(residentsMessaged(hall)).toBe(0);
		} finally {
			await hall.stop();
		}
	});
});
