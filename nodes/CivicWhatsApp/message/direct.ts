import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { sendDirect, type DirectSender } from '../../../core/dispatch/direct';
import { openChannel } from '../../shared/openChannel';
import { readPerson } from '../../shared/personFields';
import { optionalText } from '../../shared/textOption';

export type DirectContent = Parameters<typeof sendDirect>[1]['content'];

/** Who sends: this node's channel, under this node's rules. */
export async function directSender(context: IExecuteFunctions): Promise<DirectSender> {
	const { store, channel, api } = await openChannel(context);
	return { store, api, channelId: channel.id, rulesFingerprint: channel.rulesFingerprint, flow: context.getWorkflow().id ?? null };
}

/** Sends content to the person in 'To', as a reply to the event in the options if there is one. */
export async function sendToPerson(context: IExecuteFunctions, itemIndex: number, content: DirectContent, sender?: DirectSender): Promise<IDataObject> {
	const { quote } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const report = await sendDirect(sender ?? (await directSender(context)), { to: readPerson(context, itemIndex), content, answers: optionalText(quote)?.trim() ?? null });
	return { ...report };
}
