import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { listConversations } from '../../../core/inbox';
import { limitFields, readLimit } from '../../shared/limitFields';
import { openChannel } from '../../shared/openChannel';

export const value = 'getMany';

const fields: INodeProperties[] = [
	...limitFields,
	{
		displayName: 'Only Open',
		name: 'onlyOpen',
		type: 'boolean',
		default: true,
		description: 'Whether to leave out people whose last message is more than 24 hours old',
		hint: 'Puts out IDs and times, never numbers or names.',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['conversation'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
	const { store, channel } = await openChannel(context);
	const found = await store.execute(listConversations, { channelId: channel.id, onlyOpen: context.getNodeParameter('onlyOpen', itemIndex, true) !== false, limit: readLimit(context, itemIndex) });
	return found.map(({ id, contactId, lastEventId, lastInboundAt, windowUntil }) => ({
		conversationId: id,
		contactId,
		lastEventId,
		lastMessageAt: new Date(lastInboundAt).toISOString(),
		windowOpenUntil: new Date(windowUntil).toISOString(),
	}));
}
