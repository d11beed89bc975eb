import { canonicalJson } from '../ledger/canonicalJson';
import { defineCommand, type CommandContext } from '../store/command';
import type { Schema } from '../store/schema';
import { canonicalRules } from './canonicalRules';
import { channelMacParts, loadChannel, openChannel, rulesFingerprint, secretsFingerprint, type Channel } from './channel';
import type { ChannelSettings } from './settings';

/**
 * Makes the store know a channel as its credential describes it, so that the desk can serve it. Does nothing when
 * nothing changed. A change of rules, mode or keys is entered in the ledger and voids sign-offs under other rules.
 */
export const registerChannel = defineCommand('channel.register', async (context, settings: ChannelSettings): Promise<Channel> => {
	const { db, keys, now } = context;
	const rules = canonicalRules(settings.rules);
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
		secrets_fingerprint: secretsFingerprint(context, settings.id, secrets),
	};
	const before = await db.selectFrom('channel').selectAll().where('id', '=', settings.id).executeTakeFirst();
	const changed = before === undefined ? ['new'] : changedParts(before, next);
	if (changed.length > 0) {
		// What is carried over is checked first: a new seal must not make an adoption true that was written by hand.
		const adopted_at = before === undefined ? null : openChannel(context, before).adoptedAt;
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
		enterChange(context, settings, before, changed);
	}
	return loadChannel(context, settings.id);
});

type Described = Pick<Schema['channel'], 'name' | 'mode' | 'business_account_id' | 'rules_fingerprint' | 'secrets_fingerprint'>;

const parts = { name: 'name', mode: 'mode', business_account_id: 'account', rules_fingerprint: 'rules', secrets_fingerprint: 'secrets' } as const;

function changedParts(before: Described, next: Described): string[] {
	return (Object.keys(parts) as Array<keyof typeof parts>).filter((column) => before[column] !== next[column]).map((column) => parts[column]);
}

function enterChange(context: CommandContext, settings: ChannelSettings, before: Described | undefined, changed: string[]): void {
	context.append({
		act: before === undefined ? 'channel.register' : 'channel.change',
		actor: { role: 'staff' },
		outcome: 'ok',
		channel: settings.id,
		resource: { type: 'channel', id: settings.id },
		refs: { mode: settings.mode, changed: changed.join('.'), ...(before !== undefined && before.mode !== settings.mode ? { modeBefore: before.mode } : {}) },
		counts: {
			services: settings.rules.services.length,
			approvers: settings.rules.approvers.length,
			signaturesNeeded: settings.rules.signaturesNeeded,
			reach: settings.rules.reach,
		},
		disclose: { name: settings.name, rules: settings.rules },
	});
}
