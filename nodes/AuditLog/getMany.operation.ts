import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { readEntries, type ReadEntry } from '../../core/ledger/readEntries';
import { limitFields, readLimit } from '../shared/limitFields';
import { openStore } from '../shared/openStore';

export const value = 'getMany';

const fields: INodeProperties[] = [
	...limitFields,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'About ID',
				name: 'resourceId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 9b2d7c55-1f0a-4a6e-8c3e-7a1b5d3e2f40',
				description: 'Only entries about this draft, request, broadcast or channel',
			},
			{
				displayName: 'Act',
				name: 'act',
				type: 'string',
				default: '',
				placeholder: 'e.g. approval.decide',
				description: 'Only entries whose act starts with this',
			},
		],
	},
	{
		displayName: 'Include Details',
		name: 'withDetails',
		type: 'boolean',
		default: false,
		description: 'Whether to open the personal and free-text details of each entry',
		hint: 'Details stay in the execution data of n8n until it is pruned. Leave this off unless you need names.',
	},
];

export const description = updateDisplayOptions({ show: { operation: [value] } }, fields);

const pageSize = 200;

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
	const store = await openStore(context);
	const filters = context.getNodeParameter('filters', itemIndex, {}) as { act?: string; resourceId?: string };
	const withDetails = context.getNodeParameter('withDetails', itemIndex, false) as boolean;
	const wanted = readLimit(context, itemIndex);
	const found: IDataObject[] = [];
	let before: number | null = null;
	while (found.length < wanted) {
		const limit = Math.min(pageSize, wanted - found.length);
		const page: ReadEntry[] = await store.execute(readEntries, {
			act: filters.act?.trim() || null,
			resourceId: filters.resourceId?.trim() || null,
			before,
			limit,
			withDetails,
		});
		for (const entry of page) found.push(toItem(entry));
		if (page.length < limit) break;
		before = page.at(-1)?.index ?? null;
	}
	return found;
}

function toItem({ index, entry, details }: ReadEntry): IDataObject {
	return {
		index,
		id: entry.id,
		time: entry.ts,
		act: entry.act,
		actor: entry.actor,
		outcome: entry.out,
		...(entry.res === undefined ? {} : { about: entry.res }),
		...(entry.ch === undefined ? {} : { channel: entry.ch }),
		...(entry.n === undefined ? {} : { counts: entry.n }),
		...(entry.ref === undefined ? {} : { references: entry.ref }),
		...(details === undefined ? {} : { details: details as IDataObject | null }),
	};
}
