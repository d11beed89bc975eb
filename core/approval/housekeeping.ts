import type { StoredChannel } from '../channel/channelApi';
import type { Store } from '../store/store';
import { expireRequests } from './expire';
import { notifyDue } from './notices';
import { requestRuleChanges } from './requestRuleChanges';
import { resumeDecided, type Wake } from './resume';

export interface HousekeepingTally {
	/** Requests that were closed because their time was up. */
	expired: number;
	/** People who were told that it is their turn, or reminded. */
	reached: number;
	missed: number;
	/** Waiting executions that go on. */
	resumed: number;
	/** Executions that n8n would not take just now. */
	later: number;
}

/**
 * What the desk does by itself every few seconds, for a schedule to do as well: so that nothing is left lying should the
 * desk be off. Safe beside the desk, and twice.
 */
export async function keepHouse({ store, open, wake }: { store: Store; open: (channelId: string) => Promise<StoredChannel>; wake: Wake }): Promise<HousekeepingTally> {
	const { expired } = await store.execute(expireRequests, undefined);
	await store.execute(requestRuleChanges, undefined);
	// Executions go on even if a channel cannot be reached.
	const [told, resumed] = await Promise.allSettled([notifyDue(store, open), resumeDecided(store, wake)]);
	if (resumed.status === 'rejected') throw resumed.reason;
	if (told.status === 'rejected') throw told.reason;
	return { expired: expired.length, ...told.value, resumed: resumed.value.taken, later: resumed.value.later };
}
