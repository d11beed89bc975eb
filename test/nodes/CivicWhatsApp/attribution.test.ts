import type { IDataObject, WorkflowExecuteMode } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEntries } from '../../../core/ledger/readEntries';
import { flowOf, samOkafor, type Execution, type NodeOfFlow } from '../engine';
import { draftNode, formNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('who asked for a draft', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ desk: false });
	});
	afterAll(() => hall.stop());

	interface Start {
		form?: Partial<NodeOfFlow>;
		/** Nodes between the form and the draft, in a row. */
		between?: NodeOfFlow[];
		draft?: Record<string, unknown>;
		mode?: WorkflowExecuteMode;
		submitted?: IDataObject;
		pinned?: IDataObject;
	}

	function start({ form, between = [], draft = {}, mode, submitted = {}, pinned }: Start): Promise<Execution> {
		const nodes = [formNode(form), ...between, draftNode({ requestedBy: 'Named Body', requesterEmail: '', ...draft })];
		const arrows = nodes.slice(1).map((node, index) => `${nodes[index]?.name} → ${node.name}`);
		return hall.n8n.run(flowOf(nodes, arrows, pinned === undefined ? {} : { pinData: { Form: [{ json: pinned }] } }), [submitted], mode);
	}

	async function asker(given: Start): Promise<{ name: string; source: string; because: string | null }> {
		const execution = await start(given);
		if (execution.status !== 'success') throw new Error(`${execution.error?.message} ${execution.error?.description}`);
		return execution.json('Draft')[0]?.requester as { name: string; source: string; because: string | null };
	}

	/** What the ledger says of a draft, for everybody and for the auditor. */
	async function entryOf(draftId: unknown) {
		const [entry] = await hall.store.execute(readEntries, { act: 'draft.create', resourceId: String(draftId), before: null, limit: 1, withDetails: true });
		return { open: entry?.entry.ref, details: entry?.details ?? {} };
	}

	it('is the n8n user who submitted the form, in the draft and in the ledger', async () => {
		const execution = await start({});
		const { draftId, requester } = execution.json('Draft')[0] ?? {};
		expect(requester).toEqual({ name: 'Sam Okafor', source: 'n8n-user', because: null });
		const { open, details } = await entryOf(draftId);
		expect(details.requester).toEqual({ name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null, source: 'n8n-user', account: samOkafor.id });
		expect(details).toMatchObject({ contributors: [], content: { requesterSource: 'n8n-user' } });
		expect(open).toMatchObject({ requesterSource: 'n8n-user' });
		expect(JSON.stringify(execution.json('Draft'))).not.toContain(samOkafor.id);
	});

	it('is the signed-in user whatever the nodes in between say', async () => {
		const forger: NodeOfFlow = { name: 'Forger', type: 'test.forge', credentials: [] };
		expect(await asker({ between: [forger] })).toEqual({ name: 'Sam Okafor', source: 'n8n-user', because: null });
		const execution = await start({ between: [forger] });
		expect(execution.json('Form')[0]?.user, 'the forger did change what the form put out').toMatchObject({ email: 'forged@aldersea.example' });
	});

	it('is whoever is named, unattributed, where the flow prefers a name; the signed-in user worked on it then', async () => {
		const execution = await start({ draft: { requester: 'named' } });
		const { draftId, requester } = execution.json('Draft')[0] ?? {};
		expect(requester).toEqual({ name: 'Named Body', source: 'unattributed', because: 'the flow names the requester itself' });
		expect((await entryOf(draftId)).details.contributors).toEqual([{ name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null }]);
	});

	it.each<[string, Start, string]>([
		['a test run, with data pinned to the form', { mode: 'manual', pinned: { user: samOkafor } }, 'test run'],
		['an evaluation', { mode: 'evaluation' }, 'test run'],
		['a run of an execution for the second time', { mode: 'retry' }, 'not started by a form'],
		['a run by another flow', { mode: 'integrated' }, 'not started by a form'],
		['a run by a program that gives the form its data', { mode: 'trigger', submitted: { user: samOkafor } }, 'not started by a form'],
		['a form that anybody may submit, with a field called "user"', { form: { parameters: { authentication: 'none' } }, submitted: { user: samOkafor } }, 'n8n User Auth'],
		['a form with a password that many know', { form: { parameters: { authentication: 'basicAuth' } }, submitted: { user: samOkafor } }, 'n8n User Auth'],
		['a form whose authentication is an expression', { form: { parameters: { authentication: "={{ 'n8nUserAuth' }}" } } }, 'n8n User Auth'],
		['a form of an older version', { form: { typeVersion: 2.5 } }, 'n8n User Auth'],
		['a form that leaves the user out, with a field called "user"', { form: withOptions({ includeUserInOutput: false }), submitted: { user: samOkafor } }, 'Include User in Output'],
		['a form that may leave the user out, by an expression', { form: withOptions({ includeUserInOutput: '={{ false }}' }), submitted: { user: samOkafor } }, 'Include User in Output'],
		['a form whose options are an expression', { form: withOptions('={{ ({}) }}') }, 'expression for its options'],
		['a form that puts out the token of whoever signed in', { form: withOptions({ showHeaders: true }) }, 'Show Headers'],
		['a form without a user', { submitted: { user: null } }, 'does not say who signed in'],
		['a form whose user is a word', { submitted: { user: 'sam.okafor@aldersea.example' } }, 'does not say who signed in'],
		['a form whose user has no address', { submitted: { user: { id: 'x', email: ' ' } } }, 'does not say who signed in'],
		['another trigger', { form: { type: 'test.passOn', parameters: {} }, mode: 'webhook', submitted: { user: samOkafor } }, '"Form", which is not a form'],
	])('is unattributed after %s', async (_, given, because) => {
		expect(await asker(given)).toEqual({ name: 'Named Body', source: 'unattributed', because: expect.stringContaining(because) as string });
	});

	it('is unattributed once the flow has waited, because n8n then has only what the nodes hold', async () => {
		const pause: NodeOfFlow = { name: 'Pause', type: 'test.waitOnce', credentials: [] };
		const waiting = await start({ between: [pause] });
		expect(waiting.status).toBe('waiting');
		const execution = await hall.n8n.wakeByTimer(waiting);
		expect(execution.json('Draft')[0]?.requester).toMatchObject({ source: 'unattributed', because: expect.stringContaining('the flow waited') as string });
	});

	it('refuses when nobody signed in and nobody is named, and says why nobody counts as signed in', async () => {
		const { status, error } = await start({ mode: 'manual', draft: { requestedBy: ' ' } });
		expect([status, error?.context?.code]).toEqual(['error', 'input.invalid']);
		expect(`${error?.message} ${error?.description}`).toMatch(/'Requester Name' is empty.*this is a test run.*n8n User Auth/s);
	});
});

function withOptions(options: object | string): Partial<NodeOfFlow> {
	return { parameters: { authentication: 'n8nUserAuth', options } as NodeOfFlow['parameters'] };
}
