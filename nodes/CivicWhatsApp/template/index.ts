import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as preview from './preview.operation';
import * as submit from './submit.operation';

export const operations = { get, getMany, preview, submit } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['template'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get template',
				description: 'Read one template with its state, category and the values it takes',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many templates',
				description: 'List the templates of the channel, in whatever state',
			},
			{
				name: 'Preview',
				value: 'preview',
				action: 'Preview template',
				description: 'Show the message with its values as an approver would see it. Sends and stores nothing.',
			},
			{
				name: 'Submit',
				value: 'submit',
				action: 'Submit template',
				description: 'Register a template at Meta, or say how the one that is there differs',
			},
		],
		default: 'get',
	},
	...get.description,
	...getMany.description,
	...preview.description,
	...submit.description,
];
