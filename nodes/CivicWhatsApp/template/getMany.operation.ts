import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import type { Template } from '../../../core/whatsapp/template';
import { limitFields, readLimit } from '../../shared/limitFields';
import { openChannel } from '../../shared/openChannel';
import { describeTemplate } from './describeTemplate';

export const value = 'getMany';

const states = ['APPROVED', 'DISABLED', 'PAUSED', 'PENDING', 'REJECTED'];

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
				displayName: 'Category',
				name: 'category',
				type: 'options',
				options: [
					{ name: 'Marketing', value: 'MARKETING' },
					{ name: 'Utility', value: 'UTILITY' },
				],
				default: 'UTILITY',
			},
			{
				displayName: 'Name Contains',
				name: 'nameContains',
				type: 'string',
				default: '',
				placeholder: 'e.g. gritting',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'multiOptions',
				options: states.map((state) => ({ name: state.charAt(0) + state.slice(1).toLowerCase(), value: state })),
				default: [],
				description: 'Only templates in one of these states',
			},
		],
	},
];

export const description = updateDisplayOptions({ show: { resource: ['template'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
	const { api } = await openChannel(context);
	const wanted = readLimit(context, itemIndex);
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const found: IDataObject[] = [];
	for await (const template of api.listTemplates({ onlyApproved: false })) {
		if (found.length >= wanted) break;
		if (matches(template, filters)) found.push(describeTemplate(template));
	}
	return found;
}

function matches({ name, category, status }: Template, filters: IDataObject): boolean {
	const wantedStates = Array.isArray(filters.status) ? filters.status : [];
	return (
		name.includes(String(filters.nameContains ?? '').trim().toLowerCase()) &&
		(filters.category === undefined || filters.category === category) &&
		(wantedStates.length === 0 || wantedStates.includes(status as never))
	);
}
