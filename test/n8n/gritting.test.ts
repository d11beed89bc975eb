import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dutyManager, dutyOfficer, headOfHighways, residentWhoStops } from '../../apps/demo/aldersea';
import { linksOn, readSignOffPage, reject, sign } from '../../apps/demo/approver';
import { readFlow, useSandboxForecast } from '../../apps/demo/flows';
import { submitGrittingForm } from '../../apps/demo/submitGrittingForm';
import { until } from '../../apps/demo/until';
import { withCredentials, type WorkflowDefinition } from '../../apps/host/n8nRest';
import type { Knobs } from '../../apps/sandbox/knobs';
import { readReport } from '../../core/dispatch/report';
import { verifyStore } from '../../core/ledger/verifyStore';
import { itemFrom, nodesRun, openAldersea, signal, textsOn, type Aldersea } from './aldersea';

let aldersea: Aldersea;

beforeAll(async () => {
	aldersea = await openAldersea();
});

afterAll(async () => {
	await aldersea?.remove();
});

/** The next sign-off link on a phone that had `before` of them. */
function nextLink(phone: string, before: number): Promise<string> {
	return until('the sign-off link came', signal, () => linksOn(aldersea.sandbox, phone)[before]);
}

function linkCount(phone: string): number {
	return linksOn(aldersea.sandbox, phone).length;
}

async function turn(knobs: Partial<Knobs>): Promise<void> {
	const answer = await fetch(`${aldersea.sandbox.admin}/knobs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(knobs) });
	expect(answer.status).toBe(200);
}

describe('workflows/gritting.json, imported as it is', () => {
	it('runs from the duty officer’s form to the report on the officer’s phone, with one signature and nobody messaged twice', async () => {
		const links = linkCount(dutyManager.phone);
		const id = await submitGrittingForm(aldersea, { routes: ['Route 1', 'Route 3'], note: 'Pavements are not treated.' }, signal);
		const link = await nextLink(dutyManager.phone, links);
		expect(linkCount(headOfHighways.phone), 'the requester is not asked').toBe(0);
		aldersea.sandbox.inbound.receive(aldersea.sandbox.residents.at(residentWhoStops.slice(1)), { kind: 'text', text: 'STOP' });
		await until('the desk took the STOP', signal, () => aldersea.sandbox.webhooks.busy === 0 && aldersea.sandbox.schedule.pending === 0);
		const page = await readSignOffPage(link);
		expect(page.html).toContain('Route 1, Route 3');
		expect(page.html).toContain('<bdi>Ada Marsh</bdi>, for <bdi>Highways</bdi>, signed in to n8n');
		expect((await aldersea.rest.execution(id)).status).toBe('waiting');
		await sign(link, page);

		const execution = await aldersea.rest.ended(id, 120_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(nodesRun(execution)).toEqual(
			['Draft', 'Duty Officer\'s Form', 'Get Report', 'Judge Forecast', 'Officer, or Cold Night?', 'Read Forecast', 'Report to the Officer', 'Send', 'Settings', 'Sign-Off', 'Wait for Deliveries'].sort(),
		);
		expect(itemFrom(execution, 'Draft')?.requester).toEqual({ name: 'Ada Marsh', source: 'n8n-user', because: null });
		const draftId = String(itemFrom(execution, 'Draft')?.draftId);
		const { totals, reasons, digest, state } = await aldersea.inStore(readReport, { id: draftId });
		expect({ state, digest, pending: totals.pending, uncertain: totals.uncertain }).toEqual({ state: 'finished', digest: page.digest, pending: 0, uncertain: 0 });
		expect(totals.recipients).toBe(page.people);
		expect(totals.accepted + totals.notSent).toBe(totals.recipients);
		expect(reasons).toContainEqual({ outcome: 'not-sent', reason: 'opted-out', count: 1 });
		expect(textsOn(aldersea, residentWhoStops)).toEqual([]);
		expect(aldersea.acceptedForResidents()).toHaveLength(totals.accepted);
		expect(aldersea.sandbox.accepted.duplicates()).toEqual([]);
		expect(textsOn(aldersea, dutyOfficer.phone).at(-1)).toContain(`${totals.recipients} people: ${totals.accepted} accepted`);
		expect((await aldersea.inStore(verifyStore, { earlier: [] })).ok).toBe(true);

		const afterwards = await (await fetch(link)).text();
		expect(afterwards).toContain('The message was sent.');
		expect(afterwards).toContain(`${totals.recipients} of ${totals.recipients} people`);
		expect(afterwards).not.toContain('<form');
	});

	it('sends nothing when the manager rejects, and tells the officer why', async () => {
		const [links, before] = [linkCount(dutyManager.phone), aldersea.acceptedForResidents().length];
		const id = await submitGrittingForm(aldersea, { routes: ['Route 2'], note: 'Main roads first.' }, signal);
		const link = await nextLink(dutyManager.phone, links);
		await reject(link, await readSignOffPage(link), 'Route 2 is closed for works.');
		const execution = await aldersea.rest.ended(id, 60_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(nodesRun(execution)).toContain('Say It Was Not Signed');
		expect(nodesRun(execution)).not.toContain('Send');
		expect(itemFrom(execution, 'Sign-Off', 1)).toMatchObject({ approval: { state: 'rejected', by: dutyManager.name, reason: 'Route 2 is closed for works.' } });
		expect(textsOn(aldersea, dutyOfficer.phone).at(-1)).toMatch(/Nothing was sent: the sign-off was rejected\. Route 2 is closed for works\./);
		expect(aldersea.acceptedForResidents()).toHaveLength(before);
		expect(await (await fetch(link)).text()).toContain('The message was rejected. Nothing was sent.');
	});

	it('lets in nobody who has not signed in to n8n, with or without a token of their own making', async () => {
		const address = aldersea.forms.gritting;
		const before = await aldersea.rest.executions({ workflowId: aldersea.flows.gritting.id });
		const page = await fetch(address, { redirect: 'manual' });
		expect([page.status, new URL(page.headers.get('location') ?? '', address).pathname]).toEqual([302, '/oauth/authorize']);
		const body = () => {
			const form = new FormData();
			for (const [field, value] of Object.entries({ 'field-0': '["Route 1"]', 'field-1': '18:00', user: JSON.stringify({ id: 'x', email: dutyOfficer.email }) })) form.append(field, value);
			return form;
		};
		const forged = ['eyJhbGciOiJub25lIn0', Buffer.from(JSON.stringify({ sub: 'x', aud: address })).toString('base64url'), ''].join('.');
		for (const headers of [{}, { 'x-auth-token': forged }, { 'x-auth-token': 'anything' }]) {
			expect((await fetch(address, { method: 'POST', body: body(), headers })).status).toBe(401);
		}
		expect(await aldersea.rest.executions({ workflowId: aldersea.flows.gritting.id })).toEqual(before);
	});

	it('drafts on a cold forecast by itself, asks every approver, and needs two of them because nobody asked', async () => {
		await turn({ feed: 'cold' });
		const staff = [dutyManager, dutyOfficer, headOfHighways];
		const before = staff.map(({ phone }) => linkCount(phone));
		const id = await aldersea.rest.run(aldersea.flows.gritting.id, 'Every Afternoon');
		const [first = '', second = ''] = await Promise.all(staff.map(({ phone }, index) => nextLink(phone, before[index] ?? 0)));
		const page = await readSignOffPage(first);
		expect(page.html).toContain('Open-Meteo forecast');
		expect(page.html).toContain('<bdi>Forecast schedule</bdi>, for <bdi>Highways</bdi>; nothing shows that it was them, so one approver more is needed');
		await sign(first, page);
		expect((await aldersea.rest.execution(id)).status, 'one signature is not enough').toBe('waiting');
		await reject(second, await readSignOffPage(second), 'The salt is spread already.');
		const execution = await aldersea.rest.ended(id);
		expect(execution.status).toBe('success');
		expect(itemFrom(execution, 'Draft')?.requester).toEqual({ name: 'Forecast schedule', source: 'unattributed', because: 'this is a test run' });
	});

	it.each([
		['mild', /lowest ground temperature is \d/],
		['empty', /the forecast feed was empty\. Check the forecast by hand/],
		['stale', /the forecast feed was stale\. Check the forecast by hand/],
		['failed', /the forecast feed failed\. Check the forecast by hand/],
	] as const)('makes no draft when the feed is %s, and tells the officer which it was', async (feed, words) => {
		await turn({ feed });
		const links = linkCount(dutyManager.phone);
		const execution = await aldersea.rest.ended(await aldersea.rest.run(aldersea.flows.gritting.id, 'Every Afternoon'));
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(nodesRun(execution)).toContain('Say Why There Is No Draft');
		expect(nodesRun(execution)).not.toContain('Draft');
		expect(textsOn(aldersea, dutyOfficer.phone).at(-1)).toMatch(words);
		expect(linkCount(dutyManager.phone)).toBe(links);
	});

	it('leaves by Expired with its own item when nobody decides, and the link says so', async () => {
		await turn({ feed: 'cold' });
		const [links, before] = [linkCount(dutyManager.phone), aldersea.acceptedForResidents().length];
		const { id: workflowId } = await aldersea.rest.saveWorkflow(await grittingDecidedWithin(0.003));
		const id = await aldersea.rest.run(workflowId, 'Every Afternoon');
		const link = await nextLink(dutyManager.phone, links);
		const page = await readSignOffPage(link);
		const execution = await aldersea.rest.ended(id, 90_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(itemFrom(execution, 'Sign-Off', 0)).toMatchObject({ draftId: itemFrom(execution, 'Draft')?.draftId, digest: page.digest, approval: { state: 'expired', by: '' } });
		expect(nodesRun(execution)).not.toContain('Send');
		expect(textsOn(aldersea, dutyOfficer.phone).at(-1)).toContain('Nothing was sent: the sign-off expired.');
		await expect(sign(link, page)).rejects.toThrow(/409/);
		expect(aldersea.acceptedForResidents()).toHaveLength(before);
	});
});

/** The same flow under another name, with less time to decide. */
async function grittingDecidedWithin(hours: number): Promise<WorkflowDefinition> {
	const definition = await readFlow('gritting');
	useSandboxForecast(definition, aldersea.sandbox);
	for (const node of definition.nodes) {
		if (node.name === 'Sign-Off') Object.assign(node.parameters as object, { options: { decideWithinHours: hours } });
	}
	return withCredentials({ ...definition, name: 'Gritting, decided soon' }, { civicWhatsAppApi: aldersea.channel });
}
