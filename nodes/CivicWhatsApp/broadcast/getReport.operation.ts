import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { readOutcomes, readReport, type DeliveryOutcome } from '../../../core/dispatch/report';
import { readPrices } from '../../../core/message/priceTable';
import { limitFields, readLimit } from '../../shared/limitFields';
import { openStore } from '../../shared/openStore';
import { requiredText } from '../../shared/requiredText';

export const value = 'getReport';

const fields: INodeProperties[] = [
	{
		displayName: 'Broadcast ID',
		name: 'broadcastId',
		type: 'string',
		default: '={{ $json.broadcastId }}',
		required: true,
		description: 'The broadcast, or the draft it was made from',
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'One Item per Person', value: 'outcomes', description: 'Outcome of each delivery by its ID, without names or numbers' },
			{ name: 'Totals', value: 'totals', description: 'One item with the counts and the reasons' },
		],
		default: 'totals',
	},
	...updateDisplayOptions({ show: { output: ['outcomes'] } }, limitFields),
];

export const description = updateDisplayOptions({ show: { resource: ['broadcast'], operation: [value] } }, fields);

const pageSize = 500;

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject | IDataObject[]> {
	const store = await openStore(context);
	const id = requiredText(context, itemIndex, 'broadcastId', 'Broadcast ID', 'Broadcast: Send');
	const report = await store.execute(readReport, { id, prices: readPrices(process.env.CIVIC_COMMS_PRICES) });
	if (context.getNodeParameter('output', itemIndex) === 'totals') return report as unknown as IDataObject;
	const wanted = readLimit(context, itemIndex);
	const outcomes: DeliveryOutcome[] = [];
	while (outcomes.length < wanted) {
		const limit = Math.min(pageSize, wanted - outcomes.length);
		const page = await store.execute(readOutcomes, { broadcastId: report.broadcastId, after: outcomes.at(-1)?.deliveryId ?? '', limit });
		for (const outcome of page) outcomes.push(outcome);
		if (page.length < limit) break;
	}
	return outcomes as unknown as IDataObject[];
}
