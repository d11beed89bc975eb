import type { CommandContext } from '../../store/command';
import type { LedgerEntry } from '../../ledger/entry';
import { channelMacParts, openChannel, rulesFingerprint } from '../channel';
import { spellRules, staffOf } from '../rules';
import type { RulesSource } from '../settings';
import { compareRules, type RulesAndMode } from './compareRules';
import type { RuleDifference } from './difference';

/**
 * Makes rules and mode those of a channel. Links of people who are not named any more, or are to be reached elsewhere, open
 * nothing from now on; sign-offs under the rules before hold no longer.
 * @returns how many links were voided
 */
export async function putIntoForce(context: CommandContext, channelId: string, next: RulesAndMode, source: RulesSource): Promise<number> {
	const row = await context.db.selectFrom('channel').selectAll().where('id', '=', channelId).executeTakeFirstOrThrow();
	const before = openChannel(context, row);
	const rules = spellRules(next.rules);
	const changed = { ...row, mode: next.mode, rules_fingerprint: rulesFingerprint(context, channelId, rules) };
	await context.db
		.updateTable('channel')
		.set({
			mode: changed.mode,
			rules_fingerprint: changed.rules_fingerprint,
			rules_sealed: context.keys.seal(`channel/${channelId}/rules`, rules),
			updated_at: context.now,
			source: JSON.stringify(source),
			mac: context.keys.mac('channel', channelMacParts(changed)),
		})
		.where('id', '=', channelId)
		.execute();
	return voidLinks(context, channelId, before, next);
}

async function voidLinks({ sql, keys }: CommandContext, channelId: string, before: Pick<RulesAndMode, 'rules'>, next: RulesAndMode): Promise<number> {
	const stay = new Set(staffOf(next.rules).map(({ email, phone }) => `${email} ${phone}`));
	const gone = new Set(staffOf(before.rules).flatMap(({ email, phone }) => (stay.has(`${email} ${phone}`) ? [] : [email])));
	let voided = 0;
	for (const email of gone) {
		const { changes } = await sql.run(
			'DELETE FROM approval_link WHERE approver_lookup = ? AND request_id IN (SELECT id FROM approval_request WHERE channel_id = ?)',
			keys.lookup('email', email),
			channelId,
		);
		voided += changes;
	}
	return voided;
}

/** The entry of a change that took effect. What changed is readable until it is erased; the leaf holds counts. */
export function changeEntry(
	channelId: string,
	{ before, after, name, changed, refs, voided, actor }: { before: RulesAndMode; after: RulesAndMode; name: string; changed: string[]; refs?: Record<string, string>; voided: number; actor: LedgerEntry['actor'] },
): LedgerEntry {
	return {
		act: 'channel.change',
		actor,
		outcome: 'ok',
		channel: channelId,
		resource: { type: 'channel', id: channelId },
		refs: { mode: after.mode, changed: changed.join('.'), ...(before.mode === after.mode ? {} : { modeBefore: before.mode }), ...refs },
		counts: { ...ruleCounts(after), ...(voided === 0 ? {} : { linksVoided: voided }) },
		disclose: { name, rules: after.rules, ...(changed.includes('rules') || changed.includes('mode') ? { differences: differencesOf(before, after) } : {}) },
	};
}

export function ruleCounts({ rules }: RulesAndMode): Record<string, number> {
	return { services: rules.services.length, approvers: rules.approvers.length, signaturesNeeded: rules.signaturesNeeded, reach: rules.reach };
}

/** For the record, also where the way from one to the other is one that nobody may take by themselves. */
export function differencesOf(before: RulesAndMode, after: RulesAndMode): RuleDifference[] {
	return compareRules(before, after, { mayLockOut: true }).differences;
}
