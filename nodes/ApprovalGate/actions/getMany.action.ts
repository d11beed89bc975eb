import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { listRequests } from '../../../core/approval/listRequests';
import type { RequestState } from '../../../core/store/schema';
import { limitFields, readLimit } from '../../shared/limitFields';
import { openChannel } from '../../shared/openChannel';

export const value = 'getMany';

const fields: INodeProperties[] = [
	...limitFields,
	{
		displayName: 'Channels',
		name: 'channels',
		type: 'options',
		options: [
			{ name: 'All in This Store', value: 'all' },
			{ name: 'Only This One', value: 'one' },
		],
		default: 'all',
		description: 'Whether to list the requests of every channel, or of the one in the credential',
	},
	{
		displayName: 'States',
		name: 'states',
		type: 'multiOptions',
		options: [
			{ name: 'Approved', value: 'approved' },
			{ name: 'Expired', value: 'expired' },
			{ name: 'Pending', value: 'pending' },
			{ name: 'Rejected', value: 'rejected' },
			{ name: 'Returned', value: 'returned' },
			{ name: 'Superseded', value: 'superseded' },
			{ name: 'Withdrawn', value: 'withdrawn' },
		],
		default: ['pending'],
		description: 'Only requests in one of these states. None chosen means all.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Asked in the Last (Days)',
				name: 'days',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 7,
				description: 'Only requests that are no older',
			},
			{
				displayName: 'Service',
				name: 'service',
				type: 'string',
				default: '',
				placeholder: 'e.g. Highways',
				description: 'Only requests of this service, as named in the rules of the channel',
			},
		],
	},
];

export const description = updateDisplayOptions({ show: { action: [value] } }, fields);

const dayMs = 24 * 3600_000;

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
	const { store, channel } = await openChannel(context);
	const options = context.getNodeParameter('options', itemIndex, {}) as { days?: number; service?: string };
	const days = Number(options.days);
	const { requests, unreadable } = await store.execute(listRequests, {
		states: context.getNodeParameter('states', itemIndex, []) as RequestState[],
		service: options.service?.trim() || null,
		channelId: context.getNodeParameter('channels', itemIndex, 'all') === 'one' ? channel.id : null,
		since: Number.isFinite(days) && days > 0 ? Date.now() - days * dayMs : null,
		limit: readLimit(context, itemIndex),
	});
	if (unreadable > 0) {
		context.addExecutionHints({ message: `${unreadable} sign-off request${unreadable === 1 ? ' was' : 's were'} left out: somebody changed the database by hand.`, location: 'outputPane', type: 'warning' });
	}
	return requests.map((request) => ({ ...request }) as unknown as IDataObject);
}
