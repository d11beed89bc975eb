import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { withdrawRequest } from '../../../core/approval/withdraw';
import { parseContributor } from '../../../core/message/draftPeople';
import { openChannel } from '../../shared/openChannel';

export const value = 'withdraw';

const fields: INodeProperties[] = [
	{
		displayName: 'Draft ID',
		name: 'withdrawnDraftId',
		type: 'string',
		default: '={{ $json.draftId }}',
		required: true,
		description: 'The draft whose sign-off request is taken back. Its links then decide nothing, and the waiting flow goes on by Rejected.',
	},
	{
		displayName: 'Withdrawn By',
		name: 'withdrawnBy',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Priya Raman',
		description: 'Whoever asked for the broadcast; nobody else may withdraw it',
	},
	{
		displayName: 'Email',
		name: 'withdrawnByEmail',
		type: 'string',
		default: '',
		placeholder: 'e.g. priya.raman@aldersea.example',
		description: 'Their e-mail address, as it was given for the draft',
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. The forecast has changed',
		description: 'Shown to the approvers, and kept in the ledger',
	},
];

export const description = updateDisplayOptions({ show: { action: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel } = await openChannel(context);
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	const { requestId, draftId } = await store.execute(withdrawRequest, {
		draftId: text('withdrawnDraftId'),
		channelId: channel.id,
		by: parseContributor({ name: text('withdrawnBy'), email: text('withdrawnByEmail') }, 'Withdrawn By'),
		reason: text('reason'),
	});
	return { requestId, draftId, state: 'withdrawn' };
}
