import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { ChannelMode, Row, Schema } from '../store/schema';
import { typedMetaId } from '../whatsapp/redaction';
import { readSpelledRules, type ChannelRules } from './rules';

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

type SealedColumn = 'id' | 'name' | 'mode' | 'business_account_id' | 'rules_fingerprint' | 'secrets_fingerprint' | 'adopted_at';

export function channelMacParts(row: Pick<Schema['channel'], SealedColumn>): Array<string | number | null> {
	return [row.id, row.name, row.mode, row.business_account_id, row.rules_fingerprint, row.secrets_fingerprint, row.adopted_at];
}

/**
 * @throws CivicError channel.unknown; store.tampered when the row was edited by hand
 */
export async function loadChannel(context: CommandContext, id: string): Promise<Channel> {
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError(
			'channel.unknown',
			`This store knows no channel ${typedMetaId(id)}.`,
			'A channel registers itself the first time a node opens it: run a node with its credential, or choose the right store.',
		);
	}
	return openChannel(context, row);
}

export function openChannel(context: CommandContext, row: Row<'channel'>): Channel {
	context.keys.checkMac('channel', channelMacParts(row), row.mac, `channel "${row.name}"`);
	const json = context.keys.open(`channel/${row.id}/rules`, row.rules_sealed).toString('utf8');
	if (rulesFingerprint(context, row.id, json) !== row.rules_fingerprint) throw tampered('rules', row.name);
	return {
		id: row.id,
		name: row.name,
		mode: row.mode,
		businessAccountId: row.business_account_id,
		rules: readSpelledRules(json),
		rulesFingerprint: row.rules_fingerprint,
		adoptedAt: row.adopted_at,
	};
}

/** @throws CivicError store.tampered when other secrets were put into the row by hand */
export function openSecrets(context: CommandContext, row: Pick<Schema['channel'], 'id' | 'name' | 'secrets_sealed' | 'secrets_fingerprint'>): ChannelSecrets {
	const json = context.keys.open(`channel/${row.id}/secrets`, row.secrets_sealed).toString('utf8');
	if (secretsFingerprint(context, row.id, json) !== row.secrets_fingerprint) throw tampered('secrets', row.name);
	return JSON.parse(json) as ChannelSecrets;
}

function tampered(what: string, name: string): CivicError {
	return new CivicError(
		'store.tampered',
		`The ${what} of channel "${name}" do not match their seal.`,
		'Somebody changed the database by hand. Nothing is sent on this channel until IT has looked at it.',
	);
}

/** Keyed, because rules hold approvers' phone numbers and a plain hash of those can be guessed. */
export function rulesFingerprint(context: CommandContext, channelId: string, canonicalRules: string): string {
	return context.keys.mac('channel-rules', [channelId, canonicalRules]);
}

export function secretsFingerprint(context: CommandContext, channelId: string, canonicalSecrets: string): string {
	return context.keys.mac('channel-secrets', [channelId, canonicalSecrets]);
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
