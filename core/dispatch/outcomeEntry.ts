import type { LedgerEntry } from '../ledger/entry';

/** One settled delivery: its id, what became of it and why. */
export interface SettledDelivery {
	id: string;
	outcome: 'accepted' | 'not-sent' | 'uncertain';
	reason: string | null;
}

/** One leaf for a batch of outcomes: counts in the open, the deliveries themselves behind a salted commitment. */
export function outcomeEntry(act: string, channelId: string, broadcastId: string, settled: SettledDelivery[]): LedgerEntry {
	const count = (outcome: SettledDelivery['outcome']) => settled.filter((delivery) => delivery.outcome === outcome).length;
	return {
		act,
		actor: { role: 'system' },
		outcome: 'ok',
		channel: channelId,
		resource: { type: 'broadcast', id: broadcastId },
		counts: { accepted: count('accepted'), notSent: count('not-sent'), uncertain: count('uncertain') },
		disclose: { deliveries: settled.map(({ id, outcome, reason }) => [id, outcome, reason]) },
	};
}
