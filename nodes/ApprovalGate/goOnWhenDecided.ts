import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { readOutcome } from '../../core/approval/outcome';
import { isCivicError } from '../../core/errors';
import { openStore } from '../shared/openStore';
import { isDecided, onItsLane } from './lanes';

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
		const input = (context.evaluateExpression('{{ $json }}') ?? {}) as IDataObject;
		const requestId = (input.approval as IDataObject | undefined)?.requestId;
		if (typeof requestId !== 'string') return answer(context, 409, { state: 'waiting', detail: 'This execution holds no sign-off request.' });
		const store = await openStore(context);
		const outcome = await store.execute(readOutcome, { requestId });
		if (!isDecided(outcome)) return answer(context, 409, { state: 'waiting', detail: 'Nobody has decided yet.' });
		return { webhookResponse: { state: outcome.state }, workflowData: onItsLane(input, outcome) };
	} catch (thrown) {
		const detail = isCivicError(thrown) ? thrown.message : 'The store could not be read.';
		context.logger.error('The approval gate could not be resumed and keeps waiting', { detail });
		return answer(context, 503, { state: 'waiting', detail });
	}
}

/** Answers without n8n's help, which keeps the execution waiting. */
function answer(context: IWebhookFunctions, status: number, body: { state: 'waiting'; detail: string }): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(status).set('Cache-Control', 'no-store').json(body);
	return { noWebhookResponse: true };
}
