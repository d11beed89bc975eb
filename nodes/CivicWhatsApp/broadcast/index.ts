import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as draft from './draft.operation';
import * as getReport from './getReport.operation';
import * as send from './send.operation';

export const operations = { draft, getReport, send } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['broadcast'] } },
		options: [
			{
				name: 'Draft',
				value: 'draft',
				action: 'Draft broadcast',
				description: 'Fix message, audience and time under one fingerprint that can be signed. Sends nothing.',
			},
			{
				name: 'Get Report',
				value: 'getReport',
				action: 'Get broadcast report',
				description: 'Count who got it, who did not and why',
			},
			{
				name: 'Send',
				value: 'send',
				action: 'Send signed broadcast',
				description: 'Send a draft that was signed off, or go on where an earlier run stopped',
			},
		],
		default: 'draft',
	},
	...draft.description,
	...getReport.description,
	...send.description,
];
