import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startCouncil, type Council, type CouncilSettings } from '../../apps/demo/council';
import { until } from '../../apps/demo/until';
import { installPackage } from '../../apps/host/installPackage';
import type { Execution, ExecutionSummary, N8nRest } from '../../apps/host/n8nRest';
import type { Command } from '../../core/store/command';

/** Nothing in these tests stops half-way; vitest ends what takes too long. */
export const { signal } = new AbortController();

/** Statuses come soon, so that a test need not wait for a phone to be looked at. */
const quickPhones = { sentLatencyMs: [0, 5], deliveredLatencyMs: [0, 20], readLatencyMs: [0, 20], webhookRetryFactor: 0.002 } as const;

export interface Aldersea extends Council {
	/** Reads or changes the store as the package does, beside n8n. */
	inStore<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output>;
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
		async remove() {
			await council.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
	// Not spread: the n8n of a council is another one after a restart.
	return Object.defineProperties(more, Object.getOwnPropertyDescriptors(council)) as Aldersea;
}

/** Up to 800 people of one area, with consent. Their numbers end in none of the endings that the sandbox lets fail. */
export function peopleFile(count: number, area: string): string {
	const lines = Array.from({ length: count }, (_, index) => `Person ${index + 100},07700 900${index + 100},Winter roads,${area},Sign-up form,2026-01-05`);
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
