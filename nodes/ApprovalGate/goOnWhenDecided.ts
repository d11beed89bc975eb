import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { isCivicError } from '../../core/errors';
import { openStore } from '../shared/openStore';
import { lanesOf } from './lanes';

/**
 * Called on the waiting execution's own address. It takes nothing from the request: it looks in the store, and goes on
 * only when a decision stands there. It never throws, because n8n would then consume the execution and let an empty
 * item out of output 0.
 */
export async function goOnWhenDecided(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		if (context.getRequestObject().method !== 'POST') {
			return answer(context, 200, { state: 'waiting', detail: 'This address is for n8n itself. Approvers use the link they were sent.' });
		}
		const items = waitingItems(context);
		if (!items.some(hasRequest)) return answer(context, 409, { state: 'waiting', detail: 'This execution holds no sign-off request.' });
		const lanes = await lanesOf(await openStore(context), items);
		if (lanes === null) return answer(context, 409, { state: 'waiting', detail: 'Not everything is decided yet.' });
		return { webhookResponse: { state: 'decided' }, workflowData: lanes };
	} catch (thrown) {
		const detail = isCivicError(thrown) ? thrown.message : 'The store could not be read.';
		context.logger.error('The approval gate could not be resumed and keeps waiting', { detail });
		return answer(context, 503, { state: 'waiting', detail });
	}
}

/** The items that the gate went to sleep with, from n8n's own record of the execution. */
function waitingItems(context: IWebhookFunctions): IDataObject[] {
	const all = context.evaluateExpression('{{ $input.all().map((item) => item.json) }}');
	return Array.isArray(all) ? (all as IDataObject[]) : [];
}

function hasRequest({ approval }: IDataObject): boolean {
	return typeof (approval as IDataObject | undefined)?.requestId === 'string';
}

/** Answers without n8n's help, which keeps the execution waiting. */
function answer(context: IWebhookFunctions, status: number, body: { state: 'waiting'; detail: string }): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(status).set('Cache-Control', 'no-store').json(body);
	return { noWebhookResponse: true };
}
