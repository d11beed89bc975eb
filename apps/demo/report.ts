/** What a headless run hands over. The first six fields are an interface that others rely on. */
export interface FlowReport {
	flow: string;
	ok: boolean;
	draft: { id: string; digest: string };
	approval: { state: string; by: string; at: string };
	broadcast: { recipients: number; accepted: number; delivered: number; read: number; failed: number; notSent: number; uncertain: number };
	ledger: { size: number; root: string; checkpoint: string; verified: boolean };
	forecast: { source: string; id: string; time: string; hash: string } | null;
	reasons: Array<{ outcome: string; reason: string; count: number }>;
	/** What was checked, in words, and whether it holds. */
	checks: Array<[what: string, holds: boolean]>;
}

export function printReport(report: FlowReport): void {
	const { draft, approval, broadcast, ledger, forecast, reasons, checks } = report;
	console.log(`
Flow        ${report.flow}: ${report.ok ? 'everything is right' : 'NOT RIGHT'}
Forecast    ${forecast === null ? 'none' : `${forecast.source}, ${forecast.id}, read ${forecast.time}`}
Draft       ${draft.id}
Digest      ${draft.digest}
Signed      ${approval.state} by ${approval.by}, ${approval.at}
Recipients  ${broadcast.recipients}: ${broadcast.accepted} accepted, ${broadcast.delivered} delivered, ${broadcast.read} read, ${broadcast.failed} failed, ${broadcast.notSent} not sent, ${broadcast.uncertain} uncertain
${reasons.map(({ outcome, reason, count }) => `            ${count} ${outcome}: ${reason}`).join('\n') || '            nobody was left out'}
Ledger      ${ledger.size} entries, root ${ledger.root}, ${ledger.verified ? 'verified' : 'DOES NOT VERIFY'}
Checkpoint
${ledger.checkpoint.replace(/^/gm, '            ').trimEnd()}
`);
	for (const [what, holds] of checks) console.log(`${holds ? '  ok ' : '  NO '} ${what}`);
}

/** One line for programs. */
export function reportLine({ flow, ok, draft, approval, broadcast, ledger, forecast }: FlowReport): string {
	return JSON.stringify({ flow, ok, draft, approval, broadcast, ledger, forecast });
}
