import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as getMany from './getMany.operation';
import * as markAsRead from './markAsRead.operation';

export const operations = { getMany, markAsRead } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['conversation'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many conversations',
				description: 'See who wrote when, by ID, and how long a reply may follow',
			},
			{
				name: 'Mark as Read',
				value: 'markAsRead',
				action: 'Mark message as read',
				description: 'Turn the ticks on the person’s phone blue, and show that an answer is being written',
			},
		],
		default: 'getMany',
	},
	...getMany.description,
	...markAsRead.description,
];
