import type { INodeExecutionData, NodeOperationError } from 'n8n-workflow';

/**
 * What comes out for an item when "On Error" is set to continue. n8n takes an item whose fields are `error` and `details`
 * for a refused one: it counts for "Retry On Fail" and leaves by the error output where there is one. It carries no
 * `error` beside `json`, because n8n would then cut `json` down to the message, and flows could not read code and hint.
 */
export function refusedItem(refusal: NodeOperationError, itemIndex: number): INodeExecutionData {
	const { message, description, context } = refusal;
	return { json: { error: message, details: { code: String(context.code ?? ''), hint: description ?? '' } }, pairedItem: { item: itemIndex } };
}
