import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { listConversations } from '../../../core/inbox';
import { openChannel } from '../../shared/openChannel';

export const value = 'getMany';

const most = 10_000;

const fields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
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
	const all = context.getNodeParameter('returnAll', itemIndex, false) === true;
	const limit = all ? most : Math.min(Math.max(1, Number(context.getNodeParameter('limit', itemIndex, 50)) || 1), most);
	const found = await store.execute(listConversations, { channelId: channel.id, onlyOpen: context.getNodeParameter('onlyOpen', itemIndex, true) !== false, limit });
	return found.map(({ id, contactId, lastEventId, lastInboundAt, windowUntil }) => ({
		conversationId: id,
		contactId,
		lastEventId,
		lastMessageAt: new Date(lastInboundAt).toISOString(),
		windowOpenUntil: new Date(windowUntil).toISOString(),
	}));
}
