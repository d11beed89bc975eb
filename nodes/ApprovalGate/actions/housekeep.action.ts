import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { keepHouse } from '../../../core/approval/housekeeping';
import { openStoredChannel } from '../../../core/channel/channelApi';
import { createWake } from '../../../core/desk/wake';
import { createTransport } from '../../../core/whatsapp/connection';
import { openChannel } from '../../shared/openChannel';

export const value = 'housekeep';

const fields: INodeProperties[] = [
	{
		displayName:
			'For a schedule, every few minutes: closes requests whose time is up, reminds approvers, asks deputies, and wakes flows that were decided while n8n was off. The desk does the same while it is on.',
		name: 'housekeepingNotice',
		type: 'notice',
		default: '',
	},
];

export const description = updateDisplayOptions({ show: { action: [value] } }, fields);

export async function execute(context: IExecuteFunctions): Promise<IDataObject> {
	const { store } = await openChannel(context);
	const transport = createTransport();
	const tally = await keepHouse({ store, open: (channelId) => openStoredChannel(store, channelId, transport), wake: createWake() });
	return { ...tally };
}
