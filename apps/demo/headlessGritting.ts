import { readReport, type BroadcastReport } from '../../core/dispatch/report';
import { isCivicError } from '../../core/errors';
import { readEntries } from '../../core/ledger/readEntries';
import { verifyStore } from '../../core/ledger/verifyStore';
import type { Store } from '../../core/store/store';
import { say } from '../host/cache.mjs';
import type { NodeRun } from '../host/n8nRest';
import { dutyManager, headOfHighways, residentWhoStops } from './aldersea';
import { linksOn, readSignOffPage, sign, type SignOffPage } from './approver';
import type { Council } from './council';
import type { FlowReport } from './report';
import { submitGrittingForm } from './submitGrittingForm';
import { until } from './until';

/** The whole gritting flow without a person: form, link, page, signature, deliveries, proof. */
export async function runGritting(demo: Council, signal: AbortSignal): Promise<FlowReport> {
	const messagesBefore = linksOn(demo.sandbox, dutyManager.phone).length;
	say(`${headOfHighways.name} signs in to n8n and submits the form …`);
	const executionId = await submitGrittingForm(demo, { routes: ['Route 1', 'Route 3'], note: 'Pavements are not treated.' }, signal);
	const link = await until('the sign-off link reaches the duty manager’s phone', signal, () => linksOn(demo.sandbox, dutyManager.phone)[messagesBefore]);
	demo.sandbox.inbound.receive(demo.sandbox.residents.at(residentWhoStops.slice(1)), { kind: 'text', text: 'STOP' });
	say(`${dutyManager.name} opens ${link} and reads the page …`);
	const page = await readSignOffPage(link, signal);
	say(`${dutyManager.name} signs …`);
	await sign(link, page, signal);
	const store = await demo.openStore();
	try {
		const draft = await draftOf(demo, executionId);
		const report = await until('every delivery is known', signal, () => settledReport(store, draft.draftId));
		const execution = await demo.rest.ended(executionId, 120_000);
		return await gather(demo, store, { draft, report, page, flowSucceeded: execution.status === 'success' });
	} finally {
		await store.close();
	}
}

interface Drafted {
	draftId: string;
	digest: string;
	feed: { source: string; id: string; time: string; hash: string } | null;
}

async function draftOf(demo: Council, executionId: string): Promise<Drafted> {
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
	demo: Council,
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
		['the page showed the digest that was drafted', page.digest === draft.digest && page.html.includes('Route 1, Route 3')],
		['the digest that was signed is the one that was sent', report.digest === draft.digest],
		['the page said who asked, and that n8n had signed them in', page.html.includes(headOfHighways.name) && page.html.includes('signed in to n8n')],
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
function messagesSentTwice({ sandbox }: Council): number {
	return sandbox.accepted.duplicates().length;
}
