import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTests';
import { operationOf, type Operation } from '../shared/operation';
import { runItems } from '../shared/runItems';
import * as count from './count.operation';
import * as importOperation from './import.operation';

const operations = { count, import: importOperation } satisfies Record<string, Operation>;

export class Audience implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic Audience',
		name: 'audience',
		icon: { light: 'file:audience.svg', dark: 'file:audience.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Keep the people who asked to hear from the council, with their consent, topics and areas',
		defaults: { name: 'Civic Audience' },
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
					{ name: 'Count', value: 'count', action: 'Count audience', description: 'How many people a topic and areas reach, and who is left out' },
					{ name: 'Import', value: 'import', action: 'Import people from file', description: 'Add people from a CSV file, with a report on every line that was not taken' },
				],
				default: 'count',
			},
			...count.description,
			...importOperation.description,
		],
	};

	methods = { credentialTest: credentialTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runItems(this, (itemIndex) => operationOf(operations, this.getNodeParameter('operation', itemIndex) as string));
	}
}
