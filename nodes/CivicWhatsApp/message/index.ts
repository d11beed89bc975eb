import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as sendTemplate from './sendTemplate.operation';

export const operations = { sendTemplate } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{
				name: 'Send Template',
				value: 'sendTemplate',
				action: 'Send template to colleague',
				description: 'Tell one of the people named in the rules of the channel something, such as the outcome of a broadcast',
			},
		],
		default: 'sendTemplate',
	},
	...sendTemplate.description,
];
