import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { markConversationRead } from '../../../core/dispatch/direct';
import { answeredField, readAnswered } from '../../shared/personFields';
import { directSender } from '../message/direct';

export const value = 'markAsRead';

const fields: INodeProperties[] = [
	answeredField,
	{
		displayName: 'Show Typing',
		name: 'typing',
		type: 'boolean',
		default: false,
		description: 'Whether the phone shows that an answer is being written, until it comes or for 25 seconds',
		hint: 'Only where a reply may follow.',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['conversation'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const typing = context.getNodeParameter('typing', itemIndex, false) === true;
	const { eventId } = await markConversationRead(await directSender(context), readAnswered(context, itemIndex), { typing });
	return { eventId, read: true, typing };
}
