import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowOf, stored, workflowOf, type Execution } from '../engine';
import { draftNode, formNode, gatedFlow, gateNode, residentsMessaged, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

/* Everything that n8n itself lets out of output 0. None of it may send; the timer is in path.test.ts. */
describe('what falls out of output 0 without a decision', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 6 });
	});
	afterAll(async () => {
		expect(residentsMessaged(hall)).toBe(0);
		await hall.stop();
	});

	const refused = (execution: Execution) => {
		expect(execution.status).toBe('error');
		expect(execution.error).toMatchObject({ message: expect.stringContaining('Nobody has signed this draft') as string, context: { code: 'approval.none' } });
	};

	it('a disabled gate passes the draft on, and Send refuses it', async () => {
		const execution = await hall.n8n.run(gatedFlow({ gate: gateNode({ disabled: true }) }));
		expect(execution.json('Expired')).toHaveLength(1);
		refused(execution);
	});

	it('“Always Output Data” adds an empty item on a rejection, and Send refuses it', async () => {
		const flow = flowOf([formNode(), draftNode(), gateNode({ alwaysOutputData: true }), sendNode()], ['Form → Draft', 'Draft → Gate', 'Gate.0 → Send']);
		const execution = await hall.n8n.run(flow);
		expect(execution.status).toBe('waiting');
		const saved = stored(execution.data);
		const [entry] = saved.executionData?.nodeExecutionStack ?? [];
		if (entry === undefined) throw new Error('nothing waits');
		entry.node.disabled = true;
		entry.data.main = [[], [{ json: { draftId: execution.json('Draft')[0]?.draftId } }], []];
		entry.metadata = { forwardAllOutputs: true };
		execution.data = { ...saved, waitTill: undefined } as Execution['data'];
		await hall.n8n.wakeByTimer(execution);
		expect(execution.json('Gate')).toEqual([{}]);
		expect(execution.error?.message).toContain('draft');
		expect(execution.status).toBe('error');
	});

	it('“On Error: Continue” puts the refusal itself on Expired, not the draft as if it had been asked about', async () => {
		const gate = gateNode({ onError: 'continueRegularOutput' }, { ask: 'Nobody At All' });
		const execution = await hall.n8n.run(gatedFlow({ gate }));
		expect(execution.json('Expired')).toEqual([
			{ error: expect.stringContaining('not an approver') as string, details: { code: 'approval.no-approvers', hint: expect.stringContaining('Morgan Ellis') as string } },
		]);
		expect(execution.status).toBe('error');
	});

	it('“On Error: Continue (using error output)” leaves all three lanes empty', async () => {
		const gate = gateNode({ onError: 'continueErrorOutput' }, { ask: 'Nobody At All' });
		const execution = await hall.n8n.run(gatedFlow({ gate }));
		expect([0, 1, 2].map((lane) => execution.items('Gate', lane).length)).toEqual([0, 0, 0]);
		expect(execution.json('Gate', 3)).toMatchObject([{ error: expect.stringContaining('not an approver') as string, draftId: expect.any(String) as string }]);
		expect(execution.ran('Send')).toBe(false);
	});

	it('pinned data on the gate reaches Send, and Send refuses it', async () => {
		const draft = await hall.n8n.run(flowOf([draftNode()]));
		const [drafted] = draft.json('Draft');
		const pinned = { ...drafted, approval: { state: 'approved', digest: drafted?.digest, by: 'Morgan Ellis' } };
		const flow = flowOf([gateNode(), sendNode()], ['Gate.0 → Send'], { pinData: { Gate: [{ json: pinned as never }] } });
		const execution = await hall.n8n.run(flow, [{}], 'manual');
		expect(execution.json('Gate')).toMatchObject([{ approval: { state: 'approved' } }]);
		refused(execution);
	});

	it('an empty item, as n8n makes one when a webhook throws, is refused by Send', async () => {
		const execution = await hall.n8n.run(flowOf([sendNode()]), [{}]);
		expect(execution.status).toBe('error');
		expect(execution.error).toMatchObject({ context: { code: 'draft.unknown' } });
	});

	it('whatever is sent to the waiting address, it neither throws nor goes on while nobody has decided', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		const saved = stored(execution.data);
		const workflow = workflowOf(execution.flow);
		const node = workflow.nodes.Gate;
		if (node === undefined) throw new Error('no gate');
		const request = fc.record({
			method: fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', ''),
			body: fc.oneof(fc.anything(), fc.constant({ state: 'approved', approval: { state: 'approved' } })),
			query: fc.oneof(fc.anything(), fc.constant({ approved: 'true' })),
			headers: fc.dictionary(fc.string(), fc.string()),
		});
		const waitingItem = fc.oneof(
			fc.constant(saved.executionData?.nodeExecutionStack[0]?.data.main?.[0]?.[0]?.json ?? {}),
			fc.record({ approval: fc.oneof(fc.jsonValue(), fc.record({ requestId: fc.oneof(fc.uuid(), fc.jsonValue()), state: fc.constant('approved') })) }),
			fc.constant({}),
		);
		await fc.assert(
			fc.asyncProperty(request, waitingItem, fc.boolean(), async (httpRequest, json, headersSent) => {
				const answers: number[] = [];
				const copy = structuredClone(saved);
				const [entry] = copy.executionData?.nodeExecutionStack ?? [];
				if (entry !== undefined) entry.data.main = [[{ json: json as never }]];
				const httpResponse = new FakeResponse(headersSent, answers);
				const returned = await hall.n8n.callWebhook(workflow, node, { httpRequest, httpResponse } as never, copy);
				expect(returned).toEqual({ noWebhookResponse: true });
				expect(answers).toHaveLength(headersSent ? 0 : 1);
				expect(answers.every((status) => [200, 409, 503].includes(status))).toBe(true);
			}),
			{ numRuns: 150 },
		);
	});

	it('a store that cannot be opened keeps it waiting', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		const folder = hall.n8n.credentials.civicStoreApi?.folder;
		const broken = join(hall.folder, 'broken');
		mkdirSync(broken);
		writeFileSync(join(broken, 'civic-comms.sqlite'), 'no store at all');
		hall.n8n.credentials.civicStoreApi = { folder: broken };
		try {
			const answers: number[] = [];
			const http = { httpRequest: { method: 'POST', headers: {}, query: {}, body: {} }, httpResponse: new FakeResponse(false, answers) };
			expect(await hall.n8n.callWaiting(execution, http as never)).toBe('answered');
			expect(answers).toEqual([503]);
			expect(execution.status).toBe('waiting');
		} finally {
			hall.n8n.credentials.civicStoreApi = { folder: folder as string };
		}
	});

	it('an address with another signature is not let in by n8n', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		const node = execution.flow.nodes.find(({ name }) => name === 'Gate');
		const answer = await fetch(`${hall.url}/webhook-waiting/${execution.id}/${node?.id}?signature=${'0'.repeat(64)}`, { method: 'POST' });
		expect(answer.status).toBe(401);
		expect(execution.status).toBe('waiting');
	});

	it('declares what n8n needs to check that signature', () => {
		const gate = workflowOf(gatedFlow()).nodes.Gate;
		expect(gate?.parameters.operation).toBe('sendAndWait');
	});
});

/** As much of a response as the gate uses. */
class FakeResponse {
	constructor(
		public headersSent: boolean,
		private readonly answers: number[],
	) {}

	status(code: number): this {
		this.answers.push(code);
		return this;
	}

	set(): this {
		return this;
	}

	json(): void {
		this.headersSent = true;
	}
}
