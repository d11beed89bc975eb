import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { sendDirect } from '../../../core/dispatch/direct';
import { requiredText } from '../../shared/requiredText';
import { directSender } from './direct';

export const value = 'react';

const fields: INodeProperties[] = [
	{
		displayName: 'Event ID',
		name: 'eventId',
		type: 'string',
		default: '={{ $json.eventId }}',
		required: true,
		placeholder: 'e.g. 3f1c2a84-5a1e-4f5b-9a63-0d7c1e2b9f10',
		description: 'The message of the person, as Civic WhatsApp Trigger put it out. It may be 30 days old at most.',
	},
	{
		displayName: 'Emoji',
		name: 'emoji',
		type: 'string',
		default: '👍',
		description: 'One emoji. Leave it empty to take an earlier reaction back.',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const eventId = requiredText(context, itemIndex, 'eventId', 'Event ID', 'Civic WhatsApp Trigger');
	const emoji = String(context.getNodeParameter('emoji', itemIndex, '') ?? '').trim();
	const report = await sendDirect(await directSender(context), { to: { by: 'event', value: eventId }, content: { type: 'reaction', emoji }, answers: eventId });
	return { ...report };
}
