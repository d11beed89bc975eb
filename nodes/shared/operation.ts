import { UnexpectedError, type INodeProperties } from 'n8n-workflow';
import type { ExecuteItem } from './runItems';

/** One operation, one file: its fields and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	execute: ExecuteItem;
}

/** A flow made by hand may name an operation that does not exist. */
export function operationOf(operations: Record<string, Operation> | undefined, name: string): ExecuteItem {
	const operation = operations !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined;
	if (operation === undefined) throw new UnexpectedError(`This node has no operation "${name}".`);
	return operation.execute;
}
