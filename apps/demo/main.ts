import { parseArgs } from 'node:util';
import { minutes } from '../host/command.mjs';
import { say } from '../host/cache.mjs';
import { readKnobFlags } from '../sandbox/knobFlags';
import { dutyManager, dutyOfficer, owner } from './aldersea';
import type { Council } from './council';
import { runGritting } from './headlessGritting';
import { printReport, reportLine, type FlowReport } from './report';
import { startDemo } from './startDemo';

const help = `npm run demo                              n8n with the flows, and a stand-in for WhatsApp, until Ctrl-C
npm run demo -- --headless gritting       runs the flow without a person and prints what came of it
npm run demo -- --headless gritting --json   … and the result as one JSON line at the end

--knob NAME=VALUE    turns a knob of the stand-in for WhatsApp, as in --knob blockedByResident=131026 (repeatable);
                     npm run sandbox -- --help lists them with their defaults
`;

const headlessFlows: Record<string, (demo: Council, signal: AbortSignal) => Promise<FlowReport>> = { gritting: runGritting };

async function main(signal: AbortSignal): Promise<number> {
	const { values } = parseArgs({
		options: { headless: { type: 'string' }, json: { type: 'boolean', default: false }, knob: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
	});
	if (values.help) {
		console.log(help);
		return 0;
	}
	const run = values.headless === undefined ? undefined : headlessFlows[values.headless];
	if (values.headless !== undefined && run === undefined) {
		console.error(`There is no flow "${values.headless}". Flows: ${Object.keys(headlessFlows).join(', ')}.`);
		return 2;
	}
	const knobs = readKnobFlags(values.knob ?? []);
	const startedAt = Date.now();
	const demo = await startDemo(knobs, signal);
	try {
		say(`Ready after ${minutes(Date.now() - startedAt)}.`);
		if (run === undefined) {
			printLinks(demo);
			await Promise.race([aborted(signal), demo.n8n.ended.then(() => signal.aborted || console.error('n8n has ended by itself; its log is in .demo/n8n/n8n.log.'))]);
			return signal.aborted ? 0 : 1;
		}
		const report = await run(demo, signal);
		if (!values.json) printReport(report);
		await demo.stop();
		if (values.json) console.log(reportLine(report));
		return report.ok ? 0 : 1;
	} finally {
		say('Stopping …');
		await demo.stop();
	}
}

function printLinks({ n8n, sandbox, forms }: Council): void {
	console.log(`
n8n              ${n8n.url}      log in as ${owner.email} with ${owner.password}
Residents        ${sandbox.phones}      the phones of residents and approvers
Start here       ${forms.gritting}
                 sign in as above, then allow the form to know who you are: you are the requester,
                 and the link to sign appears on the phones of ${dutyManager.name} and ${dutyOfficer.name}
Import           ${forms.import}

Everything is simulated: no message leaves this machine. Ctrl-C stops all of it.
`);
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}

const controller = new AbortController();
// A second Ctrl-C changes nothing: stopping is under way and ends by itself.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort(new Error('stopped')));

main(controller.signal).then(
	(code) => process.exit(code),
	(thrown: unknown) => {
		if (controller.signal.aborted) process.exit(130);
		console.error(thrown instanceof Error ? thrown.message : thrown);
		process.exit(1);
	},
);
