import 'reflect-metadata';
import { ExecuteContext } from 'n8n-core';
import { Workflow, createRunExecutionData, type IHttpRequestOptions, type INode, type INodeType, type INodeTypes, type IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { graphBody, messageIdIn } from './message';
import { runSender, type Send, type Target } from './sender';

/** `this.helpers.httpRequest`, as n8n hands it to the `execute` of a node. */
function n8nHelper({ url, phoneNumberId, accessToken }: Target): Send {
	const { httpRequest } = helpersOfANode();
	const options = (nth: number): IHttpRequestOptions => ({
		method: 'POST',
		url: `${url}/v25.0/${phoneNumberId}/messages`,
		headers: { authorization: `Bearer ${accessToken}` },
		body: graphBody(nth) as IHttpRequestOptions['body'],
		json: true,
		timeout: 30_000,
	});
	return async (nth) => messageIdIn(await httpRequest(options(nth)));
}

function helpersOfANode(): ExecuteContext['helpers'] {
	const node: INode = { id: 'send', name: 'Send', type: 'bench.send', typeVersion: 1, position: [0, 0], parameters: {} };
	const type = { description: { properties: [] as object[] } } as INodeType;
	const nodeTypes: INodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ id: 'bench', nodes: [node], connections: {}, active: false, nodeTypes });
	const data = { main: [[]] };
	return new ExecuteContext(workflow, node, {} as IWorkflowExecuteAdditionalData, 'manual', createRunExecutionData(), 0, [], data, { node, data, source: null }, []).helpers;
}

runSender(n8nHelper);
