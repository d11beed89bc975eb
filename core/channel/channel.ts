import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { ChannelMode, Schema } from '../store/schema';
import type { ChannelRules } from './rules';

/** A channel as the store knows it, its seal checked. */
export interface Channel {
	id: string;
	name: string;
	mode: ChannelMode;
	businessAccountId: string;
	rules: ChannelRules;
	rulesFingerprint: string;
	/** When a person on the host bound this store to the channel for live sending; null when nobody did. */
	adoptedAt: number | null;
}

/** How to reach the channel at Meta. Stays inside the process. */
export interface ChannelSecrets {
	graphUrl: string;
	graphVersion: string;
	accessToken: string;
	appSecrets: string[];
	verifyToken: string;
}

export function channelMacParts(row: {
	id: string;
	name: string;
	mode: string;
	rules_fingerprint: string;
	adopted_at: number | null;
}): Array<string | number | null> {
	return [row.id, row.name, row.mode, row.rules_fingerprint, row.adopted_at];
}

/**
 * @throws CivicError channel.unknown; store.tampered when the row was edited by hand
 */
export async function loadChannel(context: CommandContext, id: string): Promise<Channel> {
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError(
			'channel.unknown',
			`This store knows no channel ${id}.`,
			'A channel registers itself the first time a node opens it: run a node with its credential, or choose the right store.',
		);
	}
	return openChannel(context, row);
}

export function openChannel(context: CommandContext, row: Schema['channel']): Channel {
	context.keys.checkMac('channel', channelMacParts(row), row.mac, `channel "${row.name}"`);
	const json = context.keys.open(`channel/${row.id}/rules`, row.rules_sealed).toString('utf8');
	if (rulesFingerprint(context, row.id, json) !== row.rules_fingerprint) {
		throw new CivicError(
			'store.tampered',
			`The rules of channel "${row.name}" do not match their seal.`,
			'Somebody changed the database by hand. Nothing is sent on this channel until IT has looked at it.',
		);
	}
	return {
		id: row.id,
		name: row.name,
		mode: row.mode,
		businessAccountId: row.business_account_id,
		rules: JSON.parse(json) as ChannelRules,
		rulesFingerprint: row.rules_fingerprint,
		adoptedAt: row.adopted_at,
	};
}

/** Keyed, because rules hold approvers' phone numbers and a plain hash of those can be guessed. */
export function rulesFingerprint(context: CommandContext, channelId: string, canonicalRules: string): string {
	return context.keys.mac('channel-rules', [channelId, canonicalRules]);
}

/**
 * Live messages need a store that a person on the host has bound to the channel: a new or swapped store knows no
 * opt-outs and has no ledger, so it must not be able to send in earnest by itself.
 */
export function requireAdopted(channel: Channel): void {
	if (channel.mode === 'training' || channel.adoptedAt !== null) return;
	throw new CivicError(
		'channel.not-adopted',
		`Channel "${channel.name}" is live, but this store has not been adopted for it.`,
		`On the machine that runs n8n, run: node <n8n folder>/nodes/node_modules/n8n-nodes-civic-comms/dist/apps/adopt/main.js --channel ${channel.id}. It shows what the store holds before it binds it. Until then use training mode.`,
	);
}
