import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialReference, N8nRest, SavedWorkflow, WorkflowDefinition } from '../host/n8nRest';
import { withCredentials } from '../host/n8nRest';
import type { Sandbox } from '../sandbox/sandbox';
import { workflowsFolder } from './folders';

export const flowNames = ['desk', 'replies', 'import-residents', 'gritting'] as const;
export type FlowName = (typeof flowNames)[number];

/** A sample flow as it is in the repository. */
export async function readFlow(name: FlowName): Promise<WorkflowDefinition> {
	return JSON.parse(await readFile(join(workflowsFolder, `${name}.json`), 'utf8')) as WorkflowDefinition;
}

/** Imports the sample flows and chooses the channel for them, as a person does in the editor. */
export async function putFlowsInPlace(rest: N8nRest, sandbox: Sandbox, channel: CredentialReference): Promise<Record<FlowName, SavedWorkflow>> {
	const saved = {} as Record<FlowName, SavedWorkflow>;
	for (const name of flowNames) {
		const definition = await readFlow(name);
		if (name === 'gritting') useSandboxForecast(definition, sandbox);
		saved[name] = await rest.saveWorkflow(withCredentials(definition, { civicWhatsAppApi: channel }));
	}
	return saved;
}

/** What "change first" in the flow says: the address of the forecast. */
export function useSandboxForecast(definition: WorkflowDefinition, sandbox: Sandbox): void {
	const settings = definition.nodes.find(({ name }) => name === 'Settings');
	const { assignments } = (settings?.parameters as { assignments: { assignments: Array<{ name: string; value: unknown }> } }).assignments;
	const address = assignments.find(({ name }) => name === 'forecastAddress');
	if (address === undefined) throw new Error('workflows/gritting.json has no setting forecastAddress.');
	address.value = String(address.value).replace('https://api.open-meteo.com', `${sandbox.feeds}/open-meteo`);
}

/** The id in the outside addresses of one node of a flow. */
export function webhookIdOf(workflow: SavedWorkflow, nodeName: string): string {
	const node = workflow.nodes.find(({ name }) => name === nodeName);
	if (typeof node?.webhookId !== 'string') throw new Error(`The flow "${workflow.name}" has no address for "${nodeName}".`);
	return node.webhookId;
}
