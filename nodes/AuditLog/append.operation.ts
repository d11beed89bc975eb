import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { appendNote } from '../../core/ledger/appendNote';
import { openStore } from '../shared/openStore';

export const value = 'append';

const fields: INodeProperties[] = [
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. media-enquiry',
		description: 'One short word by which the entry is found again; it stays readable for ever',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		placeholder: 'e.g. Told the Aldersea Herald that Route 3 is treated',
		description: 'What happened. Kept encrypted; the ledger holds a commitment, so it can be erased and still be proven.',
	},
	{
		displayName: 'By',
		name: 'by',
		type: 'string',
		default: '',
		placeholder: 'e.g. Priya Raman',
		description: 'Who says so',
	},
];

export const description = updateDisplayOptions({ show: { operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const store = await openStore(context);
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '');
	return store.execute(appendNote, { subject: text('subject').trim(), text: text('text'), by: text('by') });
}
