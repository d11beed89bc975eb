import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSignOffPage, sign } from '../../apps/demo/approver';
import { until } from '../../apps/demo/until';
import { readOutcomes, readReport, type BroadcastReport } from '../../core/dispatch/report';
import { verifyStore } from '../../core/ledger/verifyStore';
import { askedToSign, itemFrom, openAldersea, peopleFile, signal, type Aldersea } from './aldersea';
import { byForm, chain, draft, gate, send, sendAgain } from './smallFlows';

const people = 300;
let aldersea: Aldersea;
let draftId: string;

beforeAll(async () => {
	aldersea = await openAldersea({ residents: peopleFile(people, 'Route 1'), channel: { messagesPerSecond: 40 } });
	// A webhook that met several power cuts would otherwise be tried again only after minutes.
	Object.assign(aldersea.sandbox.knobs, { webhookRetryFactor: 0.001 });
});

afterAll(async () => {
	await aldersea?.remove();
});

function report(): Promise<BroadcastReport> {
	return aldersea.inStore(readReport, { id: draftId });
}

async function untilAccepted(count: number): Promise<void> {
	await until(`${count} messages were accepted`, signal, () => aldersea.acceptedForResidents().length >= count);
}

async function powerCut(): Promise<void> {
	await aldersea.n8n.kill();
	await aldersea.restart();
}

/** What a person does after an interruption. @returns the id of the execution */
async function runSendAgain(): Promise<string> {
	const { id } = await aldersea.rest.saveWorkflow(sendAgain(aldersea.channel, draftId));
	return aldersea.rest.run(id, 'By Hand');
}

function expectNobodyTwice(): void {
	expect(aldersea.sandbox.accepted.duplicates()).toEqual([]);
	const numbers = aldersea.acceptedForResidents().map(({ to }) => to);
	expect(new Set(numbers).size).toBe(numbers.length);
}

describe('a send that power cuts interrupt', () => {
	beforeAll(async () => {
		const { channel, rest } = aldersea;
		const flow = chain('Signed and sent', [byForm(), draft(channel, 'Route 1'), gate(channel), send(channel)], { Gate: [[], [], ['Send']] });
		const { id, link } = await askedToSign(aldersea, (await rest.saveWorkflow(flow)).id);
		draftId = String(itemFrom(await rest.execution(id), 'Draft')?.draftId);
		await sign(link, await readSignOffPage(link));
	});

	it.each([3, 110, 200])('goes on after one that came when %i messages were accepted', async (count) => {
		await untilAccepted(count);
		await powerCut();
		const { state, totals } = await report();
		expect({ state, recipients: totals.recipients }).toEqual({ state: 'sending', recipients: people });
		expectNobodyTwice();
		await runSendAgain();
	});

	it('names as uncertain whoever was asked for and not answered, and sends to everybody else once', async () => {
		const { sandbox } = aldersea;
		// Accepted at Meta, but neither the answer nor a status arrives before the lights go out.
		Object.assign(sandbox.knobs, { sentLatencyMs: [50_000, 50_000] });
		sandbox.faults.script({ kind: 'delay', accepted: true, ms: 30_000 });
		await untilAccepted(230);
		await powerCut();
		sandbox.faults.clear();
		Object.assign(sandbox.knobs, { sentLatencyMs: [0, 5] });
		const execution = await aldersea.rest.ended(await runSendAgain(), 90_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		const { state, totals, reasons } = await report();
		expect(state).toBe('finished');
		expect(totals.pending).toBe(0);
		expect(totals.uncertain).toBeGreaterThan(0);
		expect(totals.accepted + totals.uncertain).toBe(people);
		expect(reasons).toEqual([{ outcome: 'uncertain', reason: 'interrupted', count: totals.uncertain }]);
		expectNobodyTwice();
	});

	it('learns from the status webhooks what became of the uncertain ones', async () => {
		const taken = aldersea.acceptedForResidents().length;
		const settled = await until('the statuses of the uncertain ones were absorbed', signal, async () => {
			const now = await report();
			return now.totals.accepted === taken && now.totals.delivered === taken && now;
		}, 240_000);
		// Who is still uncertain was never accepted: the request had not left, or not arrived.
		expect(settled.totals.uncertain).toBe(people - taken);
		const outcomes = await aldersea.inStore(readOutcomes, { broadcastId: settled.broadcastId, after: '', limit: people });
		expect(outcomes).toHaveLength(people);
		const calls = new Set(aldersea.acceptedForResidents().map(({ callback }) => callback));
		expect(new Set(outcomes.filter((one) => one.state === 'accepted').map((one) => one.deliveryId))).toEqual(calls);
		expectNobodyTwice();
		expect((await aldersea.inStore(verifyStore, { earlier: [] })).ok).toBe(true);
	});

	it('changes nothing more when Send is run once again', async () => {
		const before = await report();
		const execution = await aldersea.rest.ended(await runSendAgain());
		expect(execution.status).toBe('success');
		expect(await report()).toEqual(before);
		expectNobodyTwice();
	});
});
