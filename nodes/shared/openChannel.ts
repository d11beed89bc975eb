import type { IDataObject } from 'n8n-workflow';
import type { Channel } from '../../core/channel/channel';
import { registerChannel } from '../../core/channel/registerChannel';
import type { ChannelSettings, RulesSource } from '../../core/channel/settings';
import type { Store } from '../../core/store/store';
import { createTransport } from '../../core/whatsapp/connection';
import { createGraphCaller, type GraphCaller } from '../../core/whatsapp/graphCall';
import { createCloudApi, type CloudApi } from '../../core/whatsapp/cloudApi';
import { channelSettings, channelsFile } from './channelsFile';
import { openStore, type CredentialSource } from './openStore';
import { sayAboutRules } from './sayAboutRules';

export interface OpenedChannel {
	store: Store;
	channel: Channel;
	api: CloudApi;
}

/** Opens the node's store and channel, and makes the store know the channel as its credential describes it now. */
export async function openChannel(source: CredentialSource): Promise<OpenedChannel> {
	const settings = await readChannelSettings(source);
	const store = await openStore(source);
	const channel = await store.execute(registerChannel, { ...settings, source: sourceOf(source) });
	sayAboutRules(source, channel.notices);
	return { store, channel, api: cloudApiOf(settings) };
}

/** Where the rules stand: in IT's file, or in which credential; n8n resolves it by its id, so a flow cannot make one up. */
function sourceOf(source: CredentialSource): RulesSource {
	const file = channelsFile();
	if (file !== undefined) return { kind: 'file', id: file.path, name: file.path };
	const { id, name } = (source.getNode().credentials?.civicWhatsAppApi ?? {}) as { id?: string | null; name?: string };
	return { kind: 'credential', id: id ?? '', name: name ?? '' };
}

export async function readChannelSettings(source: CredentialSource): Promise<ChannelSettings> {
	return channelSettings(await source.getCredentials<IDataObject>('civicWhatsAppApi'));
}

/** Plain calls to Graph with the token of a channel, each with its proof of the app secret. */
export function graphOf({ graphUrl, graphVersion, accessToken, appSecrets }: Pick<ChannelSettings, 'graphUrl' | 'graphVersion' | 'accessToken' | 'appSecrets'>): GraphCaller {
	return createGraphCaller({ graphUrl, graphVersion, accessToken, appSecret: appSecrets[0] }, createTransport());
}

export function cloudApiOf(settings: ChannelSettings): CloudApi {
	return createCloudApi({
		graphUrl: settings.graphUrl,
		graphVersion: settings.graphVersion,
		accessToken: settings.accessToken,
		appSecret: settings.appSecrets[0],
		phoneNumberId: settings.id,
		businessAccountId: settings.businessAccountId,
	});
}
