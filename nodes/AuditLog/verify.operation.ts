import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { verifyStore } from '../../core/ledger/verifyStore';
import { openStore } from '../shared/openStore';

export const value = 'verify';

const fields: INodeProperties[] = [
	{
		displayName: 'Earlier Checkpoint',
		name: 'earlier',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		placeholder: 'e.g. the whole text of a checkpoint, from its first line to its signature',
		description: 'A checkpoint that was kept outside this n8n. Without one, a history rewritten by somebody who holds the key cannot be noticed.',
	},
];

export const description = updateDisplayOptions({ show: { operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const store = await openStore(context);
	const earlier = String(context.getNodeParameter('earlier', itemIndex, '') ?? '');
	const verification = await store.execute(verifyStore, { earlier: earlier.trim() === '' ? [] : [earlier.endsWith('\n') ? earlier : `${earlier}\n`] });
	return verification as unknown as IDataObject;
}
