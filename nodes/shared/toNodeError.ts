import { NodeOperationError, type INode } from 'n8n-workflow';
import { isCivicError } from '../../core/errors';

/**
 * Says a refusal of the core in n8n's terms: what happened and which item as the title, how to go on below it.
 * @param itemIndex absent where there are no items: when a trigger starts, or a workflow is activated
 */
export function toNodeError(node: INode, thrown: unknown, itemIndex?: number): NodeOperationError {
	if (thrown instanceof NodeOperationError) return thrown;
	if (isCivicError(thrown)) {
		const title = itemIndex === undefined ? thrown.message : `${thrown.message} [Item ${itemIndex}]`;
		const told = new NodeOperationError(node, title, { itemIndex, description: thrown.hint });
		// The stable code, for flows that decide on it.
		told.context.code = thrown.code;
		return told;
	}
	return new NodeOperationError(node, thrown instanceof Error ? thrown : new Error(String(thrown)), { itemIndex });
}
