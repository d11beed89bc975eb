import { canonicalJson } from '../ledger/canonicalJson';
import { defineCommand, type CommandContext } from '../store/command';
import type { ChannelMode } from '../store/schema';
import { channelMacParts, loadChannel, rulesFingerprint, type Channel } from './channel';
import type { ChannelSettings } from './settings';

/**
 * Makes the store know a channel as its credential describes it, so that the desk can serve it. Does nothing when
 * nothing changed. A change of rules, mode or keys is entered in the ledger and voids sign-offs under other rules.
 */
export const registerChannel = defineCommand('channel.register', async (context, settings: ChannelSettings): Promise<Channel> => {
	const { db, keys, now } = context;
	const rules = canonicalJson(settings.rules);
	const secrets = canonicalJson({
		graphUrl: settings.graphUrl,
		graphVersion: settings.graphVersion,
		accessToken: settings.accessToken,
		appSecrets: settings.appSecrets,
		verifyToken: settings.verifyToken,
	});
	const next = {
		id: settings.id,
		name: settings.name,
		mode: settings.mode,
		business_account_id: settings.businessAccountId,
		rules_fingerprint: rulesFingerprint(context, settings.id, rules),
		secrets_fingerprint: keys.mac('channel-secrets', [settings.id, secrets]),
	};
	const before = await db.selectFrom('channel').selectAll().where('id', '=', settings.id).executeTakeFirst();
	const same =
		before !== undefined &&
		before.name === next.name &&
		before.mode === next.mode &&
		before.business_account_id === next.business_account_id &&
		before.rules_fingerprint === next.rules_fingerprint &&
		before.secrets_fingerprint === next.secrets_fingerprint;
	if (!same) {
		const adopted_at = before?.adopted_at ?? null;
		const row = {
			...next,
			rules_sealed: keys.seal(`channel/${settings.id}/rules`, rules),
			secrets_sealed: keys.seal(`channel/${settings.id}/secrets`, secrets),
			registered_at: before?.registered_at ?? now,
			updated_at: now,
			adopted_at,
			mac: keys.mac('channel', channelMacParts({ ...next, adopted_at })),
		};
		await db.insertInto('channel').values(row).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute();
		enterChange(context, settings, before);
	}
	return loadChannel(context, settings.id);
});

function enterChange(
	context: CommandContext,
	settings: ChannelSettings,
	before: { mode: ChannelMode; rules_fingerprint: string; secrets_fingerprint: string } | undefined,
): void {
	context.append({
		act: before === undefined ? 'channel.register' : 'channel.change',
		actor: { role: 'staff' },
		outcome: 'ok',
		channel: settings.id,
		resource: { type: 'channel', id: settings.id },
		refs: { mode: settings.mode, ...(before !== undefined && before.mode !== settings.mode ? { modeBefore: before.mode } : {}) },
		counts: {
			services: settings.rules.services.length,
			approvers: settings.rules.approvers.length,
			signaturesNeeded: settings.rules.signaturesNeeded,
			reach: settings.rules.reach,
		},
		disclose: { name: settings.name, rules: settings.rules },
	});
}
