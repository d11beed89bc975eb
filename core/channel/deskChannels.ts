import { defineQuery } from '../store/command';
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
	return rows.map((row) => {
		openChannel(context, row);
		const { appSecrets, verifyToken } = openSecrets(context, row);
		return { id: row.id, businessAccountId: row.business_account_id, appSecrets, verifyToken };
	});
});
