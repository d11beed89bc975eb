import { ok, problem, unknown, warning, type Check } from './finding';

/** People a day outside their 24-hour window, for the whole portfolio (Meta: "Messaging limits"). */
const tiers: Record<string, number> = { TIER_50: 50, TIER_250: 250, TIER_1K: 1000, TIER_2K: 2000, TIER_10K: 10_000, TIER_100K: 100_000, TIER_UNLIMITED: Infinity };

const raise =
	'Verify the business in Meta Business Settings: that alone raises 250 to 2,000. Above that Meta raises the limit by itself when at least half of it was used within seven days and quality is good.';

export const reach: Check = {
	name: 'reach',
	run: async ({ meta, store, settings }) => {
		const { messagingLimit: tier } = await meta.number();
		const limit = tiers[tier ?? ''];
		const { peopleReached: used } = await store();
		const allowed = settings.rules.reach;
		const counted = `${people(used)} reached in the last 24 hours from this store; what other systems send for the same business counts too and cannot be seen here`;
		if (limit === undefined) return unknown(`Meta does not tell how many people a day this business may reach. ${counted}.`, 'Look at the messaging limit in WhatsApp Manager.', { tier: tier ?? null, used });
		if (limit === Infinity) return ok(`This business may reach any number of people a day. ${counted}.`, { tier, limit: null, used, left: null });
		const left = Math.max(0, limit - used);
		const data = { tier, limit, used, left, ruleReach: allowed };
		const words = `This business may reach ${people(limit)} a day; ${left.toLocaleString('en-GB')} are left (${counted}).`;
		if (left === 0) return problem(words, `Wait until the 24 hours are over. ${raise}`, data);
		if (allowed > left) return warning(`${words} The channel allows broadcasts to ${allowed.toLocaleString('en-GB')}.`, raise, data);
		return ok(words, data);
	},
};

function people(count: number): string {
	return count === 1 ? '1 person' : `${count.toLocaleString('en-GB')} people`;
}
