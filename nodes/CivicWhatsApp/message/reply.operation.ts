import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { personField, quoteField } from '../../shared/personFields';
import { sendToPerson } from './direct';

export const value = 'reply';

const fields: INodeProperties[] = [
	personField,
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. Route 3 is gritted tonight from 18:00.',
		description: 'At most 4,096 characters. WhatsApp’s own marks for bold and italic work.',
		hint: 'Reaches people for 24 hours after they wrote. At other times use Send Template.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			quoteField,
			{
				displayName: 'Show Link Preview',
				name: 'previewUrl',
				type: 'boolean',
				default: false,
				description: 'Whether the phone shows a card for the first link in the text',
			},
		],
	},
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const body = String(context.getNodeParameter('text', itemIndex, '') ?? '');
	const { previewUrl } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return sendToPerson(context, itemIndex, { type: 'text', body, ...(previewUrl === true ? { previewUrl } : {}) });
}
