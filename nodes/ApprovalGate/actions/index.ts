import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as getMany from './getMany.action';
import * as housekeep from './housekeep.action';
import * as request from './request.action';
import * as withdraw from './withdraw.action';

/** What is done item by item, on one output. Requesting sign-off waits, and has its own loop and lanes. */
export const actions = { getMany, housekeep, withdraw } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		// Not called "operation": n8n knows a waiting node's address by the value of a parameter of that name.
		displayName: 'Action',
		name: 'action',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Get Many', value: getMany.value, action: 'Get many sign off requests', description: 'List what is pending, signed or refused, on all channels' },
			{ name: 'Keep House', value: housekeep.value, action: 'Keep house', description: 'Close, remind and wake what is overdue; for a schedule' },
			{ name: 'Request Sign-Off and Wait', value: request.value, action: 'Request sign off and wait', description: 'Have exactly this draft signed, and go on by the lane of the decision' },
			{ name: 'Withdraw', value: withdraw.value, action: 'Withdraw sign off request', description: 'Take a request back before it is decided' },
		],
		default: 'request',
	},
	...request.description,
	...getMany.description,
	...withdraw.description,
	...housekeep.description,
];
