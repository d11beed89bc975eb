import { setTimeout as pause } from 'node:timers/promises';
import { readReport, type BroadcastReport } from '../../core/dispatch/report';
import { isCivicError } from '../../core/errors';
import { readEntries } from '../../core/ledger/readEntries';
import { verifyStore } from '../../core/ledger/verifyStore';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import type { Store } from '../../core/store/store';
import { systemClock, systemRandom } from '../../core/world';
import { say } from '../host/cache.mjs';
import type { NodeRun } from '../host/n8nRest';
import { dutyManager, dutyOfficer, residentWhoStops } from './aldersea';
import { storeFolder } from './folders';
import type { Demo } from './startDemo';
import { submitForm } from './submitForm';
import type { FlowReport } from './report';

/** The whole gritting flow without a person: form, link, page, signature, deliveries, proof. */
export async function runGritting(demo: Demo, signal: AbortSignal): Promise<FlowReport> {
	const before = await knownExecutions(demo);
	const messagesBefore = linksOn(demo).length;
	say('The duty officer submits the form …');
	await submitForm(
		demo.forms.gritting,
		{
			'field-0': JSON.stringify(['Route 1', 'Route 3']),
			'field-1': '18:00',
			'field-2': 'Pavements are not treated.',
			'field-3': dutyOfficer.name,
			'field-4': dutyOfficer.email,
		},
		signal,
	);
	const executionId = await until('the flow starts', signal, async () => (await demo.rest.executions({ workflowId: demo.flows.gritting.id })).find(({ id }) => !before.has(id))?.id);
	const link = await until('the sign-off link reaches the duty manager’s phone', signal, () => linksOn(demo)[messagesBefore]);
	demo.sandbox.inbound.receive(demo.sandbox.residents.at(residentWhoStops.slice(1)), { kind: 'text', text: 'STOP' });
	say(`${dutyManager.name} opens ${link} and reads the page …`);
	const page = await readSignOffPage(link, signal);
	say(`${dutyManager.name} signs …`);
	await sign(link, page, signal);
	const store = await SqliteEngine.open({ folder: storeFolder, clock: systemClock, random: systemRandom });
	try {
		const draft = await draftOf(demo, executionId);
		const report = await until('every delivery is known', signal, () => settledReport(store, draft.draftId));
		const execution = await demo.rest.ended(executionId, 120_000);
		return await gather(demo, store, { draft, report, page, flowSucceeded: execution.status === 'success' });
	} finally {
		await store.close();
	}
}

async function knownExecutions(demo: Demo): Promise<Set<string>> {
	return new Set((await demo.rest.executions({ workflowId: demo.flows.gritting.id })).map(({ id }) => id));
}

function linksOn(demo: Demo): string[] {
	const thread = demo.sandbox.residents.find(dutyManager.phone.slice(1))?.thread ?? [];
	return thread.flatMap(({ content }) => content.buttons.flatMap((button) => (button.kind === 'url' ? [button.url] : [])));
}

export interface SignOffPage {
	digest: string;
	people: number;
	showsMessage: boolean;
}

async function readSignOffPage(link: string, signal: AbortSignal): Promise<SignOffPage> {
	const answer = await fetch(link, { signal });
	const html = await answer.text();
	const digest = /name="digest" value="([0-9a-f]{64})"/.exec(html)?.[1];
	const people = /name="understood" value="(\d+)"/.exec(html)?.[1];
	if (!answer.ok || digest === undefined || people === undefined) throw new Error(`The sign-off page answered ${answer.status} and is not what it should be.`);
	return { digest, people: Number(people), showsMessage: html.includes('Route 1, Route 3') };
}

async function sign(link: string, { digest, people }: SignOffPage, signal: AbortSignal): Promise<void> {
	const body = new URLSearchParams({ decision: 'approve', digest, understood: String(people) });
	const answer = await fetch(link, { method: 'POST', body, redirect: 'manual', signal });
	if (answer.status !== 303) throw new Error(`Signing answered ${answer.status}: ${(await answer.text()).replace(/<[^>]+>/g, ' ').slice(0, 300)}`);
}

interface Drafted {
	draftId: string;
	digest: string;
	feed: { source: string; id: string; time: string; hash: string } | null;
}

async function draftOf(demo: Demo, executionId: string): Promise<Drafted> {
	const { data } = await demo.rest.execution(executionId);
	const json = firstItem((data.resultData.runData as Record<string, NodeRun[] | undefined>).Draft);
	if (json === undefined) throw new Error('The flow made no draft.');
	return json as unknown as Drafted;
}

function firstItem(runs: NodeRun[] | undefined): Record<string, unknown> | undefined {
	return runs?.[0]?.data?.main?.[0]?.[0]?.json;
}

/** The report once the broadcast has finished and each accepted message was delivered or failed. */
async function settledReport(store: Store, draftId: string): Promise<BroadcastReport | undefined> {
	try {
		const report = await store.execute(readReport, { id: draftId });
		const { accepted, delivered, failed } = report.totals;
		return report.state === 'finished' && delivered + failed === accepted ? report : undefined;
	} catch (cause) {
		if (isCivicError(cause) && cause.code === 'broadcast.unknown') return undefined;
		throw cause;
	}
}

async function gather(
	demo: Demo,
	store: Store,
	{ draft, report, page, flowSucceeded }: { draft: Drafted; report: BroadcastReport; page: SignOffPage; flowSucceeded: boolean },
): Promise<FlowReport> {
	const ledger = await store.execute(verifyStore, { earlier: [] });
	const decisions = await store.execute(readEntries, { act: 'approval.decide', resourceId: null, before: null, limit: 20, withDetails: true });
	const signature = decisions.find(({ entry }) => entry.ref?.draft === draft.draftId && entry.ref.state === 'approved');
	const approver = (signature?.details?.approver ?? {}) as { name?: string };
	const { recipients, accepted, delivered, read, failed, notSent, uncertain, pending } = report.totals;
	const twice = messagesSentTwice(demo);
	const checks: Array<[string, boolean]> = [
		['the page showed the digest that was drafted', page.digest === draft.digest && page.showsMessage],
		['the digest that was signed is the one that was sent', report.digest === draft.digest],
		['the draft names the forecast it came with', draft.feed !== null],
		[`${dutyManager.name} signed`, approver.name === dutyManager.name],
		['everybody is accounted for', pending === 0 && accepted + notSent + uncertain === recipients && recipients === page.people],
		['nothing is uncertain', uncertain === 0],
		['nobody got it twice', twice === 0],
		['the ledger verifies', ledger.ok],
		['the flow ran to its last node', flowSucceeded],
	];
	return {
		flow: 'gritting',
		ok: checks.every(([, holds]) => holds),
		draft: { id: draft.draftId, digest: draft.digest },
		approval: { state: signature === undefined ? 'unknown' : 'approved', by: approver.name ?? '', at: signature?.entry.ts ?? '' },
		broadcast: { recipients, accepted, delivered, read, failed, notSent, uncertain },
		ledger: { size: ledger.size, root: ledger.root, checkpoint: ledger.checkpoint, verified: ledger.ok },
		forecast: draft.feed,
		reasons: report.reasons,
		checks,
	};
}

/** Counted at the other end: the same person and the same delivery accepted more than once. */
function messagesSentTwice({ sandbox }: Demo): number {
	return sandbox.accepted.duplicates().length;
}

async function until<Found>(what: string, signal: AbortSignal, look: () => Found | undefined | Promise<Found | undefined>): Promise<Found> {
	const deadline = Date.now() + 120_000;
	for (;;) {
		signal.throwIfAborted();
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`Two minutes passed before ${what}.`);
		await pause(250);
	}
}
