import type { IDataObject, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { readEvent, type HandedEvent } from '../../core/inbox';
import type { Store } from '../../core/store/store';

/** Ids only, unless the node asks for the words: what leaves here stays in n8n's execution data. */
export async function eventItem(context: Pick<ITriggerFunctions, 'getNodeParameter'>, store: Store, event: HandedEvent): Promise<INodeExecutionData> {
	const json: IDataObject = {
		eventId: event.id,
		event: event.kind,
		channelId: event.channelId,
		contactId: event.contactId,
		at: new Date(event.occurredAt).toISOString(),
	};
	if (context.getNodeParameter('includeContent') as boolean) {
		const { content } = await store.execute(readEvent, { id: event.id });
		json.content = (content ?? null) as IDataObject | null;
	}
	return { json };
}
