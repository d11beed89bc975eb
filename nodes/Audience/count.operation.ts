import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { countAudience, describeAudience, type AudienceQuery } from '../../core/audience';
import { openStore } from '../shared/openStore';
import { textList } from '../shared/textList';

export const value = 'count';

const fields: INodeProperties[] = [
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		default: '',
		placeholder: 'e.g. Winter roads',
		description: 'Only people who follow this topic. Empty means everybody.',
	},
	{
		displayName: 'Areas',
		name: 'areas',
		type: 'string',
		default: '',
		placeholder: 'e.g. Route 1, Route 3',
		description: 'People in any of these areas, by name or code, separated by commas. Empty means everywhere.',
	},
];

export const description = updateDisplayOptions({ show: { operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const store = await openStore(context);
	const topic = String(context.getNodeParameter('topic', itemIndex, '') ?? '').trim();
	const areas = textList(context.getNodeParameter('areas', itemIndex, ''));
	const query: AudienceQuery = { ...(topic === '' ? {} : { topic }), ...(areas.length === 0 ? {} : { areas }) };
	const counts = await store.execute(countAudience, query);
	return { description: describeAudience(query), ...counts } as unknown as IDataObject;
}
