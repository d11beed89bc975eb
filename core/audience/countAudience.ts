import { defineQuery } from '../store/command';
import type { AudienceQuery } from './audienceQuery';
import { knownAudience } from './knownAudience';
import { countByArea, countByStanding, withStanding, type AudienceCounts } from './standing';

/** How many people a query describes now, and who of them would be left out. @throws CivicError `input.invalid` */
export const countAudience = defineQuery('audience.count', async (context, query: AudienceQuery): Promise<AudienceCounts> => {
	const audience = await knownAudience(context, query);
	const standing = withStanding(audience);
	const counts = await countByStanding(context, standing);
	const reachable = { sql: "(SELECT id FROM standing WHERE standing = 'reachable') AS people", values: [], before: standing };
	return { ...counts, byArea: await countByArea(context, audience, reachable) };
});
