import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTests';
import { operationOf, type Operation } from '../shared/operation';
import { runItems } from '../shared/runItems';
import * as append from './append.operation';
import * as getMany from './getMany.operation';
import * as verify from './verify.operation';

const operations = { append, getMany, verify } satisfies Record<string, Operation>;

export class AuditLog implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic Audit Log',
		name: 'auditLog',
		icon: { light: 'file:auditLog.svg', dark: 'file:auditLog.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Read, add to and verify the tamper-evident ledger of everything that was drafted, signed and sent',
		defaults: { name: 'Civic Audit Log' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: undefined,
		credentials: [{ name: 'civicStoreApi', displayName: 'Store (only if it is not in n8n’s own folder)', required: false, testedBy: 'civicStoreApiTest' }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Append', value: 'append', action: 'Append note', description: 'Enter something that was done outside this package' },
					{ name: 'Get Many', value: 'getMany', action: 'Get many entries', description: 'List many entries of the ledger, newest first' },
					{ name: 'Verify', value: 'verify', action: 'Verify ledger', description: 'Recompute the whole ledger and compare it with what was signed' },
				],
				default: 'getMany',
			},
			...append.description,
			...getMany.description,
			...verify.description,
		],
	};

	methods = { credentialTest: credentialTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runItems(this, (itemIndex) => operationOf(operations, this.getNodeParameter('operation', itemIndex) as string));
	}
}
