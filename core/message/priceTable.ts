/**
 * What Meta charges for a delivered message to a UK number, in pounds. Prices move at quarter starts; the date says
 * how old these are. Source: Meta's rate card of 1 July 2026, unchanged on 1 October 2026.
 */
export const priceTable = {
	asOf: '2026-10-01',
	currency: 'GBP',
	perMessage: { MARKETING: 0.0458, UTILITY: 0.0159, AUTHENTICATION: 0.0159, SERVICE: 0.0159 } as Record<string, number>,
} as const;

export interface CostEstimate {
	/** Pounds, if every message is delivered. */
	amount: number;
	currency: string;
	/** Date of the prices. */
	asOf: string;
}

/** @returns null for a category that the table does not know */
export function estimateCost(category: string, people: number): CostEstimate | null {
	const each = priceTable.perMessage[category];
	if (each === undefined) return null;
	return { amount: Math.round(each * people * 100) / 100, currency: priceTable.currency, asOf: priceTable.asOf };
}
