import { channelOfFile, readChannelsFile, type ChannelsFile } from '../../core/channel/channelsFile';
import { parseChannelSettings, type CredentialFields } from '../../core/channel/parseSettings';
import type { ChannelSettings } from '../../core/channel/settings';
import { readHostSettings } from '../../core/store/hostSettings';

/** The file in which IT keeps the channels of this n8n; undefined where they stand in credentials. @throws CivicError channel.file */
export function channelsFile(): ChannelsFile | undefined {
	const path = process.env.CIVIC_COMMS_CHANNELS?.trim() ?? '';
	return path === '' ? undefined : readChannelsFile(path, readHostSettings(process.env));
}

/** The channel that a credential describes, or names in IT's file. @throws CivicError input.invalid, channel.file, channel.address */
export function channelSettings(fields: CredentialFields): ChannelSettings {
	const file = channelsFile();
	return file === undefined ? parseChannelSettings(fields) : channelOfFile(file, fields);
}
