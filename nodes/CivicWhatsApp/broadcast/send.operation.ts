import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { paceOf } from '../../../core/dispatch/pace';
import { sendBroadcast } from '../../../core/dispatch/sendBroadcast';
import { openChannel } from '../../shared/openChannel';
import { pause } from '../../shared/pause';

export const value = 'send';

const fields: INodeProperties[] = [
	{
		displayName: 'Draft ID',
		name: 'draftId',
		type: 'string',
		default: '={{ $json.draftId }}',
		required: true,
		description: 'The draft to send. Whether it was signed off is looked up in the store, not taken from the flow.',
		hint: 'Safe to run again after an interruption: nobody gets the message twice.',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['broadcast'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	const cancelled = context.getExecutionCancelSignal();
	const draftId = String(context.getNodeParameter('draftId', itemIndex, '') ?? '').trim();
	const report = await sendBroadcast(
		{
			store,
			api,
			channelId: channel.id,
			rulesFingerprint: channel.rulesFingerprint,
			paceFor: paceOf,
			sleep: (ms) => pause(ms, cancelled),
			isCancelled: () => cancelled?.aborted ?? false,
		},
		draftId,
	);
	return report as unknown as IDataObject;
}
