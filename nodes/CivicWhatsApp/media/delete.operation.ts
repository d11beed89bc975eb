import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { deleteMedia } from '../../../core/message/mediaUpload';
import { openChannel } from '../../shared/openChannel';
import { requiredText } from '../../shared/requiredText';

export const value = 'delete';

const fields: INodeProperties[] = [
	{
		displayName: 'Media ID',
		name: 'mediaId',
		type: 'string',
		default: '={{ $json.mediaId }}',
		required: true,
		placeholder: 'e.g. 1003383421387256',
		description: 'The file to delete at Meta. Messages that show it already are not changed.',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['media'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	const mediaId = requiredText(context, itemIndex, 'mediaId', 'Media ID', 'Media: Upload');
	await deleteMedia({ store, api, channelId: channel.id }, mediaId);
	return { deleted: true };
}
