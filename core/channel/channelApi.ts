import { CivicError } from '../errors';
import { defineQuery } from '../store/command';
import type { Store } from '../store/store';
import { createCloudApi, type CloudApi, type CloudApiSettings } from '../whatsapp/cloudApi';
import type { Transport } from '../whatsapp/connection';
import { openChannel, openSecrets } from './channel';
import type { ChannelRules } from './rules';

/** How to reach a channel, and by which rules. Stays inside the process. */
export interface ChannelAccess {
	id: string;
	rules: ChannelRules;
	settings: CloudApiSettings;
}

/** What the store knows of a channel, for work without a node and so without its credential. @throws CivicError channel.unknown, store.tampered */
export const readChannelAccess = defineQuery('channel.access', async (context, { channelId }: { channelId: string }): Promise<ChannelAccess> => {
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', channelId).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError('channel.unknown', `This store knows no channel ${channelId}.`, 'A channel registers itself the first time a node opens it: run a node with its credential.');
	}
	const { id, businessAccountId, rules } = openChannel(context, row);
	const { graphUrl, graphVersion, accessToken, appSecrets } = openSecrets(context, row);
	return { id, rules, settings: { graphUrl, graphVersion, accessToken, appSecret: appSecrets[0], phoneNumberId: id, businessAccountId } };
});

/** A channel as the desk uses it: the Cloud API of its number, and its rules as the store has them. */
export interface StoredChannel {
	id: string;
	rules: ChannelRules;
	api: CloudApi;
}

/**
 * Opens a channel with what its credential said the last time a node opened it.
 * @throws CivicError channel.unknown, channel.address, channel.access, store.*
 */
export async function openStoredChannel(store: Store, channelId: string, transport: Transport): Promise<StoredChannel> {
	const { id, rules, settings } = await store.execute(readChannelAccess, { channelId });
	return { id, rules, api: createCloudApi(settings, transport) };
}
