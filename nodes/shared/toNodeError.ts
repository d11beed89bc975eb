import { NodeOperationError, type INode } from 'n8n-workflow';
import { isCivicError } from '../../core/errors';

/** Says a refusal of the core in n8n's terms: what happened and which item as the title, how to go on below it. */
export function toNodeError(node: INode, thrown: unknown, itemIndex: number): NodeOperationError {
	if (thrown instanceof NodeOperationError) return thrown;
	if (isCivicError(thrown)) {
		const told = new NodeOperationError(node, `${thrown.message} [Item ${itemIndex}]`, { itemIndex, description: thrown.hint });
		// The stable code, for flows that decide on it; n8n keeps it on the item of the error output.
		told.context.code = thrown.code;
		return told;
	}
	return new NodeOperationError(node, thrown instanceof Error ? thrown : new Error(String(thrown)), { itemIndex });
}
