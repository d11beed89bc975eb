import { defineCommand } from '../store/command';
import type { Store } from '../store/store';

export type StrangerAct = 'webhook.wrong-signature' | 'webhook.unknown-channel' | 'link.wrong' | 'delivery.unmatched';

interface Tally {
	act: StrangerAct;
	channel: string | null;
	count: number;
}

/**
 * Counts what anybody on the internet can cause. Nothing is written at that moment, so that a flood of wrong requests
 * cannot fill the ledger: one entry a minute says how many there were.
 */
export class Strangers {
	#tallies = new Map<string, Tally>();

	count(act: StrangerAct, channel: string | null, times = 1): void {
		if (times === 0) return;
		const key = `${act} ${channel ?? ''}`;
		const tally = this.#tallies.get(key) ?? { act, channel, count: 0 };
		tally.count += times;
		this.#tallies.set(key, tally);
	}

	/** Enters the counts and starts again from nothing. What cannot be entered is kept for the next time. */
	async enter(store: Store): Promise<void> {
		const tallies = [...this.#tallies.values()];
		if (tallies.length === 0) return;
		this.#tallies = new Map();
		try {
			await store.execute(enterStrangers, { tallies });
		} catch (cause) {
			for (const { act, channel, count } of tallies) this.count(act, channel, count);
			throw cause;
		}
	}
}

export const enterStrangers = defineCommand('desk.enter-strangers', async (context, input: { tallies: Tally[] }): Promise<void> => {
	for (const { act, channel, count } of input.tallies) {
		context.append({
			act,
			actor: { role: 'system' },
			outcome: 'refused',
			...(channel === null ? {} : { channel }),
			counts: { times: count },
		});
	}
});
