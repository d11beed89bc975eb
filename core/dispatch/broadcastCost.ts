import { type CostEstimate, inPence, packagedPrices, priceOf, type PriceTable } from '../message/priceTable';
import type { CommandContext } from '../store/command';
import { asObject, flagAt, textAt, type JsonObject } from '../whatsapp/jsonReading';

/** What Meta reported about the charging of a broadcast, and what that comes to by the price table. */
export interface BroadcastCost {
	/** Messages of which Meta has said how they are charged. It says so of delivered ones, and some time later. */
	reported: number;
	/** Of those, how many are charged and how many are free. */
	charged: number;
	free: number;
	/** In Meta's own words. */
	byKind: Array<{ category: string; type: string; subtype: string | null; count: number }>;
	/** By the price table, for the charged ones it knows a price of; null when it knows none. An estimate, not a bill. */
	estimate: CostEstimate | null;
}

/** Meta: "Status messages webhook reference", `pricing.category`, to the categories of the rate card. */
const rateOf: Readonly<Record<string, string>> = {
	utility: 'utility',
	group_utility: 'utility',
	marketing: 'marketing',
	marketing_lite: 'marketing',
	group_marketing: 'marketing',
	service: 'service',
	group_service: 'service',
	authentication: 'authentication',
};

export async function readCost(context: CommandContext, broadcastId: string, prices: PriceTable = packagedPrices): Promise<BroadcastCost> {
	const rows = await context.sql.all<{ pricing: string; count: number }>(
		'SELECT pricing, count(*) AS count FROM delivery WHERE broadcast_id = ? AND pricing IS NOT NULL GROUP BY pricing',
		broadcastId,
	);
	const kinds = new Map<string, BroadcastCost['byKind'][number]>();
	let [charged, reported, amount, priced] = [0, 0, 0, 0];
	for (const { pricing, count } of rows) {
		const told = asObject(JSON.parse(pricing));
		const kind = { category: textAt(told, 'category') ?? 'unknown', type: textAt(told, 'type') ?? 'unknown', subtype: textAt(told, 'subtype') ?? null };
		const key = `${kind.category} ${kind.type} ${kind.subtype ?? ''}`;
		kinds.set(key, { ...kind, count: (kinds.get(key)?.count ?? 0) + count });
		reported += count;
		if (!isCharged(told)) continue;
		charged += count;
		const each = priceOf(rateOf[kind.category] ?? '', prices);
		if (each === undefined) continue;
		priced += count;
		amount += each * count;
	}
	const { currency, asOf, market, source, leavesOut } = prices;
	return {
		reported,
		charged,
		free: reported - charged,
		byKind: [...kinds.values()].sort((one, other) => other.count - one.count),
		estimate: charged > 0 && priced === 0 ? null : { amount: inPence(amount), currency, asOf, market, source, leavesOut },
	};
}

/** `billable` is due to go, so it counts only where there is no `type`. What is not known counts as charged. */
function isCharged(pricing: JsonObject | undefined): boolean {
	const type = textAt(pricing, 'type');
	if (textAt(pricing, 'subtype') === 'paid_exempt') return false;
	return type === undefined ? flagAt(pricing, 'billable') !== false : !type.startsWith('free_');
}
