import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { findReceivedFile } from '../../../core/inbox';
import { BinaryItem } from '../../shared/binaryItem';
import { openChannel } from '../../shared/openChannel';
import { requiredText } from '../../shared/requiredText';

export const value = 'download';

const fields: INodeProperties[] = [
	{
		displayName: 'File Of',
		name: 'fileOf',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Event', value: 'event', description: 'What a person sent, by the event of Civic WhatsApp Trigger' },
			{ name: 'Media ID', value: 'mediaId', description: 'A file that was uploaded, or whose ID is known' },
		],
		default: 'event',
		description: 'Which file is meant',
	},
	{
		displayName: 'Event ID',
		name: 'eventId',
		type: 'string',
		displayOptions: { show: { fileOf: ['event'] } },
		default: '={{ $json.eventId }}',
		required: true,
		placeholder: 'e.g. 3f1c2a84-5a1e-4f5b-9a63-0d7c1e2b9f10',
		description: 'The message that brought the file. Meta keeps what people send for seven days.',
	},
	{
		displayName: 'Media ID',
		name: 'mediaId',
		type: 'string',
		displayOptions: { show: { fileOf: ['mediaId'] } },
		default: '={{ $json.mediaId }}',
		required: true,
		placeholder: 'e.g. 1003383421387256',
		description: 'What Media: Upload put out. Meta keeps uploads for 30 days.',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputField',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['media'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<BinaryItem> {
	const { store, channel, api } = await openChannel(context);
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	const sent = text('fileOf') === 'event' ? await store.execute(findReceivedFile, { channelId: channel.id, eventId: requiredText(context, itemIndex, 'eventId', 'Event ID', 'Civic WhatsApp Trigger') }) : { mediaId: requiredText(context, itemIndex, 'mediaId', 'Media ID', 'Media: Upload'), filename: undefined };
	const { bytes, mimeType } = await api.downloadMedia(sent.mediaId);
	const binary = await context.helpers.prepareBinaryData(bytes, sent.filename, mimeType);
	return new BinaryItem({ mediaId: sent.mediaId, mimeType, bytes: bytes.length }, { [text('outputField') || 'data']: binary });
}
