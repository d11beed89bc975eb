import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { uploadOnce } from '../../../core/message/mediaUpload';
import { binaryField, readFile } from '../../shared/mediaFields';
import { openChannel } from '../../shared/openChannel';

export const value = 'upload';

const fields: INodeProperties[] = [{ ...binaryField, description: 'The file to bring to Meta. The same file is uploaded once in 30 days, for as long as Meta keeps it.' }];

export const description = updateDisplayOptions({ show: { resource: ['media'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	return { ...(await uploadOnce({ store, api, channelId: channel.id }, await readFile(context, itemIndex))) };
}
