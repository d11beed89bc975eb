import type { ChannelMode } from '../store/schema';
import type { ChannelRules } from './rules';

/** A channel as a credential describes it: one WhatsApp number, how to reach it, and its rules. */
export interface ChannelSettings {
	/** Meta's phone-number id: the channel's identity. */
	id: string;
	name: string;
	mode: ChannelMode;
	businessAccountId: string;
	graphUrl: string;
	graphVersion: string;
	accessToken: string;
	/** Newest first; more than one while the app secret is being rotated. */
	appSecrets: string[];
	verifyToken: string;
	rules: ChannelRules;
}
