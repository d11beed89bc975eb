import { isCivicError } from '../errors';
import { defineQuery, type CommandContext } from '../store/command';
import type { Row } from '../store/schema';
import { openChannel, openSecrets } from './channel';

/** What the desk needs of every channel to check Meta's webhooks. Stays inside the process. */
export interface DeskChannel {
	id: string;
	businessAccountId: string;
	appSecrets: string[];
	verifyToken: string;
}

export const readDeskChannels = defineQuery('channel.for-desk', async (context, _: undefined): Promise<DeskChannel[]> => {
	const rows = await context.db.selectFrom('channel').selectAll().execute();
	return rows.flatMap((row) => deskChannel(context, row) ?? []);
});

/**
 * Nothing for a channel whose row was edited by hand: none of its secrets can be trusted. Its webhooks are refused, and Meta
 * keeps them for days; whoever uses the channel is told why; the other channels go on.
 */
function deskChannel(context: CommandContext, row: Row<'channel'>): DeskChannel | undefined {
	try {
		openChannel(context, row);
		const { appSecrets, verifyToken } = openSecrets(context, row);
		return { id: row.id, businessAccountId: row.business_account_id, appSecrets, verifyToken };
	} catch (cause) {
		if (isCivicError(cause) && cause.code === 'store.tampered') return undefined;
		throw cause;
	}
}
