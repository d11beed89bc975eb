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

/** Where the rules of a channel stand: a credential of n8n, or the file that only IT can change. */
export interface RulesSource {
	kind: 'credential' | 'file';
	/** n8n's id of the credential; empty where it is not known. */
	id: string;
	name: string;
}

export const someCredential: RulesSource = { kind: 'credential', id: '', name: '' };
