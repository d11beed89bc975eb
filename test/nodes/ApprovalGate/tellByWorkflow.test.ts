import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOn } from '../../council/codes';
import { channelFields } from '../../council/council';
import { decideOn } from '../../council/steps';
import { flowOf, stored, type Execution, type Flow } from '../engine';
import { ended, gatedFlow, gateNode, linkOn, morgan, priya, residentsMessaged } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('a gate that tells approvers by another workflow', () => {
	let hall: TownHall;
	let notify: Flow;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 6 });
		notify = flowOf([{ name: 'Called', type: 'test.passOn' }, { name: 'Mail', type: 'test.passOn' }], ['Called → Mail']);
		hall.n8n.callable.set(notify.id, notify);
	});
	afterEach(() => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox) as never;
	});
	afterAll(() => hall.stop());

	const byWorkflow = (value: unknown = { __rl: true, mode: 'id', value: notify.id }): Flow =>
		gatedFlow({ gate: gateNode({ parameters: { tellApproversBy: 'workflow', tellWorkflow: value, options: {} } as never }) });
	const called = (): Execution => hall.n8n.calls.at(-1)?.execution as Execution;
	const messagesTo = (phone: string) => hall.sandbox.residents.find(phone)?.accepted ?? 0;
	const itemOf = async (name: string) => {
		await ended(called());
		return called().json('Mail').find((item) => item.name === name) as { link: string };
	};

	it('calls it with one item an approver, and with no phone number', async () => {
		const before = messagesTo(morgan) + messagesTo(priya);
		const execution = await hall.n8n.run(byWorkflow());
		expect(execution.status).toBe('waiting');
		await ended(called());
		const item = { link: expect.stringContaining('/desk/') as string, title: 'Gritting tonight', service: 'Highways', people: 4, deadline: expect.stringMatching(/^\w{3} \d+ \w+, \d\d:\d\d$/) as string };
		expect(called().json('Mail')).toEqual([
			{ ...item, name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example' },
			{ ...item, name: 'Priya Raman', email: 'priya.raman@aldersea.example' },
		]);
		expect(JSON.stringify([stored(called().data), stored(execution.data)])).not.toMatch(/7700\W?900/);
		expect(messagesTo(morgan) + messagesTo(priya)).toBe(before);
	});

	it('neither waits for it nor makes it a child of its own execution', async () => {
		await hall.n8n.run(byWorkflow());
		const { doNotWaitToFinish, parentExecution, executionMode } = hall.n8n.calls.at(-1) ?? {};
		expect([doNotWaitToFinish, parentExecution, executionMode]).toEqual([true, undefined, 'webhook']);
	});

	it('goes on when an approver decides with the code from their own phone', async () => {
		const execution = await hall.n8n.run(byWorkflow());
		const { link } = await itemOf('Morgan Ellis');
		await fetch(link, { method: 'POST', body: new URLSearchParams({ send: 'code' }) });
		expect((await decideOn(link, 'approve', '', await codeOn(hall.sandbox, morgan))).status).toBe(303);
		await ended(execution);
		expect(execution.json('Approved')).toMatchObject([{ approval: { state: 'approved', by: 'Morgan Ellis', decisions: [{ confirmedBy: 'code' }] } }]);
	});

	it('lets no flow author who reads every execution approve as the director', async () => {
		const sent = residentsMessaged(hall);
		const execution = await hall.n8n.run(byWorkflow());
		const { link } = await itemOf('Priya Raman');
		// What they see in n8n: all of the data of both executions. In it is the link, and it opens the page.
		const seen = JSON.stringify([stored(execution.data), stored(called().data)]);
		expect(seen).toContain(link);
		expect((await fetch(link)).status).toBe(200);
		// It decides nothing, neither alone nor with what they make up.
		for (const code of [undefined, '', '000000', '123456']) for (const decision of ['approve', 'reject', 'return'] as const) expect((await decideOn(link, decision, 'Because.', code)).status).toBe(422);
		// They may ask for a code, but it goes to the director; and guessing ends after a few tries.
		await fetch(link, { method: 'POST', body: new URLSearchParams({ send: 'code' }) });
		const code = await codeOn(hall.sandbox, priya);
		const guesses = Array.from({ length: 10 }, (_, i) => String((Number(code) + 1 + i) % 1_000_000).padStart(6, '0'));
		for (const guess of guesses) expect((await decideOn(link, 'approve', '', guess)).status).toBe(422);
		expect((await decideOn(link, 'approve', '', code)).status).toBe(422);
		// Nor does a code that they got for themselves, or any other address in the data, help them.
		expect(execution.status).toBe('waiting');
		const secrets = [...seen.matchAll(/[A-Za-z0-9_-]{43}/g)].map(([secret]) => secret);
		for (const secret of new Set(secrets)) expect([200, 422, 404]).toContain((await decideOn(link.replace(/[^/]+$/, secret), 'approve')).status);
		expect(JSON.stringify([stored(execution.data), stored(called().data)])).not.toMatch(new RegExp(`(?<![0-9A-Za-z.])${code}(?![0-9A-Za-z])`));
		expect(execution.status).toBe('waiting');
		expect(residentsMessaged(hall)).toBe(sent);
	});

	it.each([
		['is not active', { __rl: true, mode: 'id', value: 'nowhere' }, 'approval.no-approvers', /could not be started: Workflow is not active/],
		['is not chosen', '={{ "" }}', 'input.invalid', /No workflow is chosen/],
	])('says so when the workflow %s, and leaves no open request', async (_, value, code, words) => {
		const execution = await hall.n8n.run(byWorkflow(value));
		expect(execution.status).toBe('error');
		expect(execution.error).toMatchObject({ message: expect.stringMatching(words) as string, context: { code } });
		const [draft] = execution.json('Draft');
		expect(draft?.draftId).toBeTruthy();
		const again = await hall.n8n.run(flowOf([{ name: 'Gate', type: 'approvalGate', parameters: { action: 'getMany', states: ['pending'] } as never }]), [{}]);
		expect(again.json('Gate').filter(({ draftId }) => draftId === draft?.draftId)).toEqual([]);
	});

	it('asks for a template that can carry the code before anybody is asked, also where the rules want one by WhatsApp', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { codeTemplate: 'civic_report' }) as never;
		const calls = hall.n8n.calls.length;
		const execution = await hall.n8n.run(byWorkflow());
		expect(execution.error).toMatchObject({ message: expect.stringContaining('not authentication') as string, description: expect.stringContaining('civic_confirmation_code') as string });
		expect(hall.n8n.calls).toHaveLength(calls);
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { codeTemplate: 'gone', confirmByCode: true }) as never;
		expect((await hall.n8n.run(gatedFlow())).error).toMatchObject({ message: expect.stringContaining('gone') as string });
	});

	it('asks for the code on private links, where the rules want it', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { confirmByCode: true }) as never;
		const execution = await hall.n8n.run(gatedFlow());
		const link = await linkOn(hall);
		expect((await decideOn(link, 'approve')).status).toBe(422);
		await fetch(link, { method: 'POST', body: new URLSearchParams({ send: 'code' }) });
		expect((await decideOn(link, 'approve', '', await codeOn(hall.sandbox, morgan))).status).toBe(303);
		await ended(execution);
		expect(execution.ran('Approved')).toBe(true);
	});
});
