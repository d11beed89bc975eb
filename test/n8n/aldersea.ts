import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { dutyManager, dutyOfficer, headOfHighways } from '../../apps/demo/aldersea';
import { linksOn } from '../../apps/demo/approver';
import { startCouncil, type Council, type CouncilSettings } from '../../apps/demo/council';
import { webhookIdOf } from '../../apps/demo/flows';
import { submitForm } from '../../apps/demo/submitForm';
import { until } from '../../apps/demo/until';
import { installPackage } from '../../apps/host/installPackage';
import type { Execution, ExecutionSummary, N8nRest } from '../../apps/host/n8nRest';
import type { AcceptedEntry } from '../../apps/sandbox/cloudApi/acceptedMessages';
import type { Command } from '../../core/store/command';

/** Nothing in these tests stops half-way; vitest ends what takes too long. */
export const { signal } = new AbortController();

/** Statuses come soon, and many in one webhook: n8n answers about twenty a second, and the tests wait for all of them. */
const quickPhones = { sentLatencyMs: [0, 5], deliveredLatencyMs: [0, 20], readLatencyMs: [0, 20], webhookRetryFactor: 0.00025, webhookBatch: 50, webhookLingerMs: 100 } as const;

const staff = new Set([dutyManager, dutyOfficer, headOfHighways].map(({ phone }) => phone.slice(1)));

export interface Aldersea extends Council {
	/** Reads or changes the store as the package does, beside n8n. */
	inStore<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output>;
	/** One entry a message that the sandbox took for a resident; approvers' own are left out. */
	acceptedForResidents(): AcceptedEntry[];
	/** Stops everything and removes the user folder. */
	remove(): Promise<void>;
}

/** The council of the demo, with the packed package, in a user folder of its own. */
export async function openAldersea(settings: Omit<CouncilSettings, 'userFolder' | 'signal'> = {}): Promise<Aldersea> {
	const userFolder = await mkdtemp(join(tmpdir(), 'civic-comms-n8n-'));
	await installPackage({ tarball: inject('tarball'), userFolder, offline: true });
	const knobs = { ...quickPhones, ...settings.knobs } as NonNullable<CouncilSettings['knobs']>;
	const council = await startCouncil({ ...settings, knobs, userFolder, signal });
	const more = {
		async inStore<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output> {
			const store = await council.openStore();
			try {
				return await store.execute(command, input);
			} finally {
				await store.close();
			}
		},
		acceptedForResidents: () => council.sandbox.accepted.entries().filter(({ to }) => !staff.has(to)),
		async remove() {
			await council.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
	// Not spread: the n8n of a council is another one after a restart.
	return Object.defineProperties(more, Object.getOwnPropertyDescriptors(council)) as Aldersea;
}

/** People of one area, with consent. From 100 to 899 no number ends as those do that the sandbox lets fail. */
export function peopleFile(count: number, area: string, first = 100): string {
	const lines = Array.from({ length: count }, (_, index) => `Person ${index + first},07700 900${index + first},Winter roads,${area},Sign-up form,2026-01-05`);
	return `name,phone,topics,area,consent source,consent date\n${lines.join('\n')}\n`;
}

/** The first item that left an output of a node, in its newest run. */
export function itemFrom(execution: Execution, node: string, output = 0): Record<string, unknown> | undefined {
	return execution.data.resultData.runData[node]?.at(-1)?.data?.main?.[output]?.[0]?.json;
}

/** The nodes that ran, in the order of their names. */
export function nodesRun(execution: Execution): string[] {
	return Object.keys(execution.data.resultData.runData).sort();
}

/** The newest execution of a workflow that was not there before. */
export function newExecution(rest: N8nRest, workflowId: string, known: ReadonlySet<string>): Promise<ExecutionSummary> {
	return until('n8n started an execution', signal, async () => (await rest.executions({ workflowId })).find(({ id }) => !known.has(id)));
}

/** What the phone shows, oldest first. */
export function textsOn({ sandbox }: Pick<Council, 'sandbox'>, phone: string): string[] {
	return (sandbox.residents.find(phone.replace(/\D/g, ''))?.thread ?? []).filter(({ from }) => from === 'council').map(({ content }) => content.body);
}

/** Submits the form that starts a flow, as Ada Marsh, signed in to n8n. @returns the execution's id */
export async function startByForm({ rest }: Pick<Council, 'rest'>, workflowId: string): Promise<string> {
	const flow = await rest.activate(workflowId);
	const known = new Set((await rest.executions({ workflowId })).map(({ id }) => id));
	await submitForm(`${rest.url}/form/${webhookIdOf(flow, 'By Form')}`, { 'field-0': 'Please.' }, signal);
	return (await newExecution(rest, workflowId, known)).id;
}

/** Has somebody who is signed in to n8n start a flow, and waits until it is at its gate. @returns the execution's id and the duty manager's link */
export async function askedToSign({ rest, sandbox }: Pick<Council, 'rest' | 'sandbox'>, workflowId: string): Promise<{ id: string; link: string }> {
	const before = linksOn(sandbox, dutyManager.phone).length;
	const id = await startByForm({ rest }, workflowId);
	const link = await until('the sign-off link came', signal, () => linksOn(sandbox, dutyManager.phone)[before]);
	await until('the execution waits', signal, async () => (await rest.execution(id)).status === 'waiting');
	return { id, link };
}
