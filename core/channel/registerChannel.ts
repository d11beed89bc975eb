import { canonicalJson } from '../ledger/canonicalJson';
import { defineCommand, type CommandContext } from '../store/command';
import { channelMacParts, loadChannel, openChannel, rulesFingerprint, secretsFingerprint, type Channel } from './channel';
import { spellRules } from './rules';
import { compareRules, type RulesAndMode } from './ruleChange/compareRules';
import { endRuleChange } from './ruleChange/endRuleChange';
import { firstUse, otherSource, proposalInWords, tookEffect, type RulesNotice } from './ruleChange/inWords';
import { isSameSource, proposeChange } from './ruleChange/proposeChange';
import { changeEntry, differencesOf, putIntoForce, ruleCounts } from './ruleChange/putIntoForce';
import { pendingChange } from './ruleChange/ruleChange';
import { someCredential, type ChannelSettings, type RulesSource } from './settings';

/** A channel under the rules in force, and what there is to say about them. */
export interface RegisteredChannel extends Channel {
	notices: RulesNotice[];
}

/**
 * Makes the store know a channel as its credential, or IT's file, describes it, so that the desk can serve it. Does nothing when
 * nothing changed. The first time its rules are recorded; later tighter rules take effect at once, and looser ones wait for
 * sign-off by the approvers in force, unless they stand in the file that only IT can change. Name and keys take effect at once.
 * @returns the channel under the rules in force, which may be stricter than those of the credential
 * @throws CivicError channel.rules when an approver is taken out without whom the rules in force could not be met; store.tampered
 */
export const registerChannel = defineCommand('channel.register', async (context, settings: ChannelSettings & { source?: RulesSource }): Promise<RegisteredChannel> => {
	const source = settings.source ?? someCredential;
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', settings.id).executeTakeFirst();
	if (row === undefined) {
		await recordFirst(context, settings, source);
		const channel = await loadChannel(context, settings.id);
		return { ...channel, notices: [firstUse(channel)] };
	}
	// What is carried over is checked first: a new seal must not make an adoption true that was written by hand.
	const before = openChannel(context, row);
	const proposed: RulesAndMode = { mode: settings.mode, rules: settings.rules };
	const notices = isSame(before, proposed) ? [] : await takeRules(context, before, proposed, source, row.source);
	if (isSame(before, proposed)) await endWhatWasSetBack(context, before, source);
	await takeAccess(context, settings, source);
	return { ...(await loadChannel(context, settings.id)), notices };
});

function isSame(one: RulesAndMode, other: RulesAndMode): boolean {
	return one.mode === other.mode && spellRules(one.rules) === spellRules(other.rules);
}

/** As much of it as may take effect, does; the rest is proposed. */
async function takeRules(context: CommandContext, before: Channel, proposed: RulesAndMode, source: RulesSource, setBy: string | null): Promise<RulesNotice[]> {
	const isFile = source.kind === 'file';
	const split = compareRules(before, proposed, { mayLockOut: isFile });
	const next = isFile ? proposed : split.atOnce;
	const notices: RulesNotice[] = [];
	if (!isSame(before, next)) {
		const pending = await pendingChange(context, before.id);
		if (pending !== undefined) await endRuleChange(context, pending, 'superseded', 'The rules in force changed.');
		const voided = await putIntoForce(context, before.id, next, source);
		const changed = [...(before.mode === next.mode ? [] : ['mode']), ...(spellRules(before.rules) === spellRules(next.rules) ? [] : ['rules'])];
		context.append(changeEntry(before.id, { before, after: next, name: before.name, changed, refs: { by: source.kind }, voided, actor: { role: isFile ? 'operator' : 'staff' } }));
		notices.push(tookEffect(before, differencesOf(before, next), source));
	}
	if (isFile || !split.waits) return notices;
	const channel = await loadChannel(context, before.id);
	const last = setBy === null ? null : (JSON.parse(setBy) as RulesSource);
	if (last !== null && last.id !== '' && !isSameSource(last, source)) notices.push(otherSource(channel, last));
	return [...notices, proposalInWords(channel, await proposeChange(context, channel, proposed, source), proposed)];
}

/** The credential says again what is in force: what it proposed meanwhile is not asked for any more. */
async function endWhatWasSetBack(context: CommandContext, channel: Channel, source: RulesSource): Promise<void> {
	const pending = await pendingChange(context, channel.id);
	if (pending === undefined || !isSameSource(pending.source, source)) return;
	await endRuleChange(context, pending, 'superseded', 'The credential was set back to the rules in force.');
}

function secretsOf({ graphUrl, graphVersion, accessToken, appSecrets, verifyToken }: ChannelSettings): string {
	return canonicalJson({ graphUrl, graphVersion, accessToken, appSecrets, verifyToken });
}

async function recordFirst(context: CommandContext, settings: ChannelSettings, source: RulesSource): Promise<void> {
	const { keys, now } = context;
	const [rules, secrets] = [spellRules(settings.rules), secretsOf(settings)];
	const described = {
		id: settings.id,
		name: settings.name,
		mode: settings.mode,
		business_account_id: settings.businessAccountId,
		rules_fingerprint: rulesFingerprint(context, settings.id, rules),
		secrets_fingerprint: secretsFingerprint(context, settings.id, secrets),
		adopted_at: null,
	};
	await context.db
		.insertInto('channel')
		.values({
			...described,
			rules_sealed: keys.seal(`channel/${settings.id}/rules`, rules),
			secrets_sealed: keys.seal(`channel/${settings.id}/secrets`, secrets),
			registered_at: now,
			updated_at: now,
			source: JSON.stringify(source),
			mac: keys.mac('channel', channelMacParts(described)),
		})
		.execute();
	context.append({
		act: 'channel.register',
		actor: { role: source.kind === 'file' ? 'operator' : 'staff' },
		outcome: 'ok',
		channel: settings.id,
		resource: { type: 'channel', id: settings.id },
		refs: { mode: settings.mode, changed: 'new', by: source.kind },
		counts: ruleCounts(settings),
		disclose: { name: settings.name, rules: settings.rules },
	});
}

const accessParts = { name: 'name', business_account_id: 'account', secrets_fingerprint: 'secrets' } as const;

/** Name, account and keys: what a token can do is Meta's to say, and a rotation must not wait. */
async function takeAccess(context: CommandContext, settings: ChannelSettings, source: RulesSource): Promise<void> {
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', settings.id).executeTakeFirstOrThrow();
	const secrets = secretsOf(settings);
	const next = { name: settings.name, business_account_id: settings.businessAccountId, secrets_fingerprint: secretsFingerprint(context, settings.id, secrets) };
	const changed = (Object.keys(accessParts) as Array<keyof typeof accessParts>).filter((column) => row[column] !== next[column]);
	if (changed.length === 0) return;
	const after = { ...row, ...next };
	await context.db
		.updateTable('channel')
		.set({
			...next,
			secrets_sealed: context.keys.seal(`channel/${settings.id}/secrets`, secrets),
			updated_at: context.now,
			mac: context.keys.mac('channel', channelMacParts(after)),
		})
		.where('id', '=', settings.id)
		.execute();
	const inForce = openChannel(context, row);
	context.append(
		changeEntry(settings.id, { before: inForce, after: inForce, name: settings.name, changed: changed.map((column) => accessParts[column]), voided: 0, refs: { by: source.kind }, actor: { role: source.kind === 'file' ? 'operator' : 'staff' } }),
	);
}
