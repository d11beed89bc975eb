import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

const defaultLimit = 50;

/** How many of a list to put out. Shown inside the same operation as the list; `readLimit` reads both. */
export const limitFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { show: { returnAll: [false] } },
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
];

/** At least 1; `Infinity` for all. An expression may have given something that is no number: then the default counts. */
export function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const limit = Math.floor(Number(context.getNodeParameter('limit', itemIndex, defaultLimit)));
	return Number.isNaN(limit) ? defaultLimit : Math.max(1, limit);
}
