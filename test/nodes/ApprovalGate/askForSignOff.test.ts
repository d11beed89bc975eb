import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeDesk, openDesk } from '../../../core/channel/deskAddress';
import { readEntries } from '../../../core/ledger/readEntries';
import { defineQuery } from '../../../core/store/command';
import { SqliteEngine } from '../../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../../core/world';
import { channelFields } from '../../council/council';
import { decideOn, linksOn } from '../../council/steps';
import { flowOf, type Execution } from '../engine';
import { decide, draftNode, ended, formNode, gateNode, gatedFlow, linkOn, morgan, priya, residentsMessaged, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('asking for sign-off', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 6 });
	});
	afterEach(async () => {
		await hall.store.execute(closeDesk, undefined);
		await hall.n8n.callHook(hall.deskFlow, 'Desk', 'create');
		hall.sandbox.faults.clear();
		await hall.useChannel();
	});
	afterAll(() => hall.stop());

	const refusal = (execution: Execution, code: string, ...words: string[]) => {
		expect(execution.status).toBe('error');
		const { message = '', description = '', context } = execution.error ?? {};
		expect(context?.code).toBe(code);
		for (const word of words) expect(`${message} ${description}`).toContain(word);
	};

	it('refuses the same draft twice in one run, and says how to go on', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		const draftId = execution.json('Draft')[0]?.draftId;
		refusal(await hall.n8n.run(flowOf([gateNode()]), [{ draftId }, { draftId }]), 'input.invalid', 'Items 1 and 2 are the same draft', 'Remove Duplicates');
		await decide(hall, 'reject', 'enough');
		await ended(execution);
	});

	it('asks for nothing when one of several drafts cannot be asked for, and asks for the others where errors are to be passed on', async () => {
		const draftOf = async () => (await hall.n8n.run(flowOf([formNode(), draftNode({ title: `Draft ${Math.random()}` })], ['Form → Draft']))).json('Draft')[0]?.draftId;
		const items = [{ draftId: await draftOf() }, { draftId: 'made-up' }, { draftId: await draftOf() }];
		refusal(await hall.n8n.run(flowOf([gateNode()]), items), 'draft.unknown', 'Item 1');
		const states = async () => (await requests(hall)).filter(({ draftId }) => items.some((item) => item.draftId === draftId)).map(({ state }) => state);
		expect(await states()).toEqual(['expired']);
		const execution = await hall.n8n.run(flowOf([gateNode({ onError: 'continueRegularOutput' })]), items);
		expect(execution.status).toBe('waiting');
		await decide(hall, 'approve');
		const links = linksOn(hall, morgan);
		await decideOn(links.at(-2) ?? '', 'approve');
		await ended(execution);
		expect(execution.json('Gate', 2)).toHaveLength(2);
		expect(execution.json('Gate', 0)).toMatchObject([{ details: { code: 'draft.unknown' } }]);
	});

	it('does nothing when no item comes', async () => {
		const execution = await hall.n8n.run(flowOf([gateNode()]), []);
		expect(execution.status).toBe('success');
		expect([0, 1, 2].map((lane) => execution.items('Gate', lane).length)).toEqual([0, 0, 0]);
	});

	it('refuses when no desk is on, and says how to switch it on', async () => {
		await hall.store.execute(closeDesk, undefined);
		refusal(await hall.n8n.run(gatedFlow()), 'desk.inactive', 'No desk is active', 'workflows/desk.json');
	});

	it('refuses when the only approver is the requester, whatever name they use', async () => {
		const only = { approvers: { approver: [{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901' }] } };
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, only) as never;
		const ways = [{ requesterEmail: 'Morgan.Ellis@aldersea.example' }, { options: { requesterPhone: '+44 (0)7700 900901' } }, { requestedBy: 'morgan  ÉLLIS', requesterEmail: '' }];
		for (const way of ways) {
			const draft = draftNode({ title: 'Asked for by an approver', requester: 'named', ...way });
			refusal(await hall.n8n.run(gatedFlow({ draft })), 'approval.no-approvers', 'nobody may sign', 'Morgan Ellis');
		}
	});

	it('refuses a sign-off template that opens something other than this desk, before a request exists', async () => {
		const before = await requests(hall);
		await hall.store.execute(openDesk, { pageAddress: 'http://127.0.0.1:1/elsewhere/desk/', webhookAddress: 'http://127.0.0.1:1/elsewhere/whatsapp' });
		refusal(await hall.n8n.run(gatedFlow()), 'template.parameters', 'civic_sign_off_request', 'http://127.0.0.1:1/elsewhere/desk/{{1}}');
		expect(await requests(hall)).toEqual(before);
	});

	it('refuses a sign-off template that is not approved', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { signOffTemplate: 'gritting_paused_example' }) as never;
		refusal(await hall.n8n.run(gatedFlow()), 'template.unknown', 'gritting_paused_example', 'paused');
	});

	it('refuses a sign-off template with a gap that the gate cannot fill, and leaves no open request', async () => {
		const known = hall.sandbox.templates.find('civic_sign_off_request', 'en_GB');
		if (known === undefined) throw new Error('no template');
		const { category, language, parameter_format, components } = known;
		const odd = components.map((part) => (part.type === 'BODY' ? { ...part, text: 'Please sign {{weather}} now, please.', example: { body_text_named_params: [{ param_name: 'weather', example: 'snow' }] } } : part));
		hall.sandbox.templates.add({ name: 'odd_sign_off', language, category, parameter_format, components: odd }, { status: 'APPROVED' });
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { signOffTemplate: 'odd_sign_off' }) as never;
		const execution = await hall.n8n.run(gatedFlow());
		refusal(execution, 'template.parameters', 'odd_sign_off', 'Weather');
		expect((await requests(hall)).filter(({ draftId, state }) => draftId === execution.json('Draft')[0]?.draftId && state === 'pending')).toEqual([]);
	});

	it('closes the request when the link reaches nobody, and nothing is left to wake', async () => {
		hall.sandbox.faults.script({ kind: 'graph-error', code: 131056 });
		const execution = await hall.n8n.run(gatedFlow());
		refusal(execution, 'approval.no-approvers', 'reached nobody', 'Morgan Ellis', 'Priya Raman', 'The request was closed');
		expect((await requests(hall)).filter(({ draftId }) => draftId === execution.json('Draft')[0]?.draftId)).toEqual([{ draftId: expect.any(String) as string, state: 'expired', woken: true }]);
	});

	it('waits for the others when one approver cannot be reached, and says who', async () => {
		hall.sandbox.faults.script({ kind: 'graph-error', code: 131056, to: morgan });
		const execution = await hall.n8n.run(gatedFlow());
		expect(execution.status).toBe('waiting');
		expect(JSON.stringify(execution.data.resultData.runData.Gate)).toContain('Morgan Ellis');
		expect(await linkOn(hall, priya)).toContain('/desk/');
	});

	it('closes the request when too few are reached to sign it, instead of waiting for what cannot come', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { signaturesNeeded: 2 }) as never;
		hall.sandbox.faults.script({ kind: 'graph-error', code: 131056, to: morgan });
		const execution = await hall.n8n.run(gatedFlow());
		refusal(execution, 'approval.no-approvers', '2 sign-offs are needed', 'Priya Raman', 'Morgan Ellis', 'The request was closed');
		expect((await requests(hall)).filter(({ draftId }) => draftId === execution.json('Draft')[0]?.draftId)).toEqual([{ draftId: expect.any(String) as string, state: 'expired', woken: true }]);
	});

	it('asks only whom the node names', async () => {
		const before = hall.sandbox.residents.find(morgan)?.accepted;
		expect((await hall.n8n.run(gatedFlow({ gate: gateNode({}, { ask: 'priya.raman@aldersea.example' }) }))).status).toBe('waiting');
		expect(hall.sandbox.residents.find(morgan)?.accepted).toBe(before);
	});

	it('leaves one live request when n8n tries the node again', async () => {
		hall.sandbox.faults.script({ kind: 'graph-error', code: 131056, times: 2 });
		const execution = await hall.n8n.run(gatedFlow({ gate: gateNode({ retryOnFail: true, maxTries: 2, waitBetweenTries: 0 }) }));
		expect(execution.status).toBe('waiting');
		const draftId = execution.json('Draft')[0]?.draftId;
		expect((await requests(hall)).filter((request) => request.draftId === draftId).map(({ state }) => state).sort()).toEqual(['expired', 'pending']);
		await decide(hall, 'approve');
		await ended(execution);
		expect(execution.ran('Approved')).toBe(true);
	});

	it('lets a draft that is signed already leave by Approved at once, with the decision it has, and Send joins', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		await decide(hall, 'approve');
		await ended(execution);
		const sent = residentsMessaged(hall);
		const asked = hall.sandbox.residents.find(morgan)?.accepted;
		const [draft] = execution.json('Draft');
		const again = await hall.n8n.run(flowOf([gateNode(), sendNode()], ['Gate.2 → Send']), [{ draftId: draft?.draftId, note: 'kept' }]);
		expect(again.status).toBe('success');
		expect(again.json('Gate', 2)).toMatchObject([{ draftId: draft?.draftId, note: 'kept', approval: { state: 'approved', by: 'Morgan Ellis', digest: draft?.digest } }]);
		expect(again.json('Send')[0]?.broadcastId).toBe(execution.json('Send')[0]?.broadcastId);
		expect(residentsMessaged(hall)).toBe(sent);
		expect(hall.sandbox.residents.find(morgan)?.accepted).toBe(asked);
	});

	it('wakes a request that a newer one replaced, by Rejected', async () => {
		const first = await hall.n8n.run(gatedFlow());
		const draftId = first.json('Draft')[0]?.draftId;
		const second = await hall.n8n.run(flowOf([gateNode()]), [{ draftId }]);
		expect(second.status).toBe('waiting');
		await ended(first);
		expect(first.json('Rejected')).toMatchObject([{ approval: { state: 'superseded' } }]);
		expect(second.status).toBe('waiting');
	});

	it('refuses a draft that nobody made', async () => {
		refusal(await hall.n8n.run(flowOf([gateNode()]), [{ draftId: 'made-up' }]), 'draft.unknown');
		refusal(await hall.n8n.run(flowOf([gateNode()]), [{}]), 'draft.unknown');
	});

	it('keeps links and phone numbers out of execution data and out of the open part of the ledger', async () => {
		const execution = await hall.n8n.run(gatedFlow());
		const link = await linkOn(hall);
		const kept = JSON.stringify(execution.data);
		expect(kept).not.toContain(link.split('/').at(-1));
		expect(kept).not.toMatch(/7700\W?900/);
		const entries = await hall.store.execute(readEntries, { act: null, resourceId: null, before: null, limit: 500, withDetails: false });
		expect(JSON.stringify(entries)).not.toMatch(/7700\W?900|Morgan|Sam Okafor/);
	});
});

interface SeenRequest {
	draftId: string;
	state: string;
	woken: boolean;
}

/** What stands in the store, read past the nodes. */
async function requests(hall: TownHall): Promise<SeenRequest[]> {
	const engine = await SqliteEngine.open({ folder: hall.folder, clock: systemClock, random: systemRandom });
	const all = defineQuery('test.requests', async ({ db }, _: undefined) =>
		(await db.selectFrom('approval_request').select(['draft_id', 'state', 'resumed_at']).execute()).map((row) => ({ draftId: row.draft_id ?? '', state: row.state, woken: row.resumed_at !== null })),
	);
	const found = await engine.execute(all, undefined);
	await engine.close();
	return found;
}
