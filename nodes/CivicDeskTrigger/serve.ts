import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { DeskRequest, DeskResponse } from '../../core/desk/deskResponse';
import { plainResponse } from '../../core/desk/deskResponse';
import { inPlainWords } from '../shared/inPlainWords';
import { openStore } from '../shared/openStore';
import { deskOver } from './processDesk';

/** Hands a request to the desk and sends its answer. Starts no execution, whatever comes. */
export async function serve(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const { status, headers, body } = await answerTo(context);
	response.status(status).set(headers).end(context.getRequestObject().method === 'HEAD' ? undefined : body);
	return { noWebhookResponse: true };
}

async function answerTo(context: IWebhookFunctions): Promise<DeskResponse> {
	try {
		const request = readRequest(context);
		const desk = deskOver(await openStore(context));
		return request.token === undefined ? await desk.webhook(request) : await desk.page(request);
	} catch (thrown) {
		// Not answered 200: Meta sends a webhook again, a person loads the page again, and nothing was changed.
		context.logger.error('The desk could not answer', { detail: inPlainWords(thrown) });
		return plainResponse(503, 'The desk cannot answer just now. Try again in a moment.');
	}
}

function readRequest(context: IWebhookFunctions): DeskRequest {
	const request = context.getRequestObject();
	const header = (name: string) => {
		const found = request.headers[name];
		return Array.isArray(found) ? found[0] : found;
	};
	return {
		method: request.method,
		token: (request.params as Record<string, string | undefined>).token,
		query: texts(context.getQueryData()),
		header,
		rawBody: Buffer.isBuffer(request.rawBody) ? request.rawBody : Buffer.alloc(0),
		form: texts(context.getBodyData()),
	};
}

/** Text fields only, without inherited names: what strangers send is never used as anything else. */
function texts(fields: unknown): Record<string, string | undefined> {
	const found = Object.create(null) as Record<string, string | undefined>;
	if (typeof fields !== 'object' || fields === null) return found;
	for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') found[name] = value;
	return found;
}
