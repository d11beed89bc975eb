import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { BinaryItem } from './binaryItem';
import { refusedItem } from './refusedItem';
import { toNodeError } from './toNodeError';

/** One operation on one item: one or more items out. */
export type ExecuteItem = (context: IExecuteFunctions, itemIndex: number) => Promise<IDataObject | IDataObject[] | BinaryItem>;

/** The only loop over items: pairs outputs with inputs, translates refusals, and honours "On Error: Continue". */
export async function runItems(context: IExecuteFunctions, execute: (itemIndex: number) => ExecuteItem): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			const result = await execute(itemIndex)(context, itemIndex);
			if (result instanceof BinaryItem) output.push({ json: result.json, binary: result.binary, pairedItem: { item: itemIndex } });
			else for (const json of Array.isArray(result) ? result : [result]) output.push({ json, pairedItem: { item: itemIndex } });
		} catch (thrown) {
			const refusal = toNodeError(context.getNode(), thrown, itemIndex);
			if (!context.continueOnFail()) throw refusal;
			output.push(refusedItem(refusal, itemIndex));
		}
	}
	return [output];
}
