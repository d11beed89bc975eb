import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as check from './check.operation';

export const operations = { check } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['channel'] } },
		options: [
			{
				name: 'Check',
				value: 'check',
				action: 'Check channel',
				description: 'Find out whether this number can send and be heard, and which ways around the rules are open on this n8n. Sends nothing.',
			},
		],
		default: 'check',
	},
	...check.description,
];
