import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

const root = join(__dirname, '../..');
// As CommonJS, because that is how n8n itself takes it.
const { Workflow } = createRequire(join(root, 'package.json'))('n8n-workflow') as typeof import('n8n-workflow');

export interface SampleFlow {
	nodes: Array<INode & { parameters: IDataObject }>;
}

export function readSampleFlow(name: string): SampleFlow {
	return JSON.parse(readFileSync(join(root, 'workflows', `${name}.json`), 'utf8')) as SampleFlow;
}

export function nodeOf(flow: SampleFlow, name: string): SampleFlow['nodes'][number] {
	const node = flow.nodes.find((one) => one.name === name);
	if (node === undefined) throw new Error(`The flow has no node "${name}".`);
	return node;
}

/** What n8n makes of an expression of a node for one item that comes in. Other nodes of the flow have not run. */
export function resolved(value: unknown, node: INode, json: IDataObject): unknown {
	const nodeTypes = { getByName: unknown, getByNameAndVersion: unknown, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ id: 'test', nodes: [node], connections: {}, active: false, nodeTypes, settings: { timezone: 'Europe/London' } });
	const items: INodeExecutionData[] = [{ json }];
	return workflow.expression.getParameterValue(value as string, null, 0, 0, node.name, items, 'manual', {});
}

const unknown = () => undefined as never;
