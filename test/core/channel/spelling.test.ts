import { expect, it, onTestFinished } from 'vitest';
import { spellRules } from '../../../core/channel/rules';
import { channelMacParts, rulesFingerprint } from '../../../core/channel/channel';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { registerChannel } from '../../../core/channel/registerChannel';
import { Keyring } from '../../../core/store/keyring';
import { systemRandom } from '../../../core/world';
import { officeFields, startOffice } from '../../council/office';
import { claimIn, signedIn, startIn } from '../../council/officeSteps';
import { acts, within } from '../../council/tables';

/**
 * What the version before there were direct messages made of the office's rules: how it spelled them, and their fingerprint
 * under the keys below. Neither may ever change for rules that allow none: sign-offs under way are bound to the fingerprint.
 */
const before = {
	spelling:
		'{"approvers":[{"email":"morgan.ellis@aldersea.example","name":"Morgan Ellis","phone":"+447700900901"},{"email":"priya.raman@aldersea.example","name":"Priya Raman","phone":"+447700900902"}],"decideWithinHours":12,"messagesPerSecond":80,"quietHours":null,"reach":5000,"services":["Highways"],"signOffTemplate":"civic_sign_off_request","signaturesNeeded":1,"templateLanguage":"en_GB","zone":"Europe/London"}',
	fingerprint: '10df4a48350938015f6962a7a55e5b81a917d1dcd384891b3acfbcf5952665e6',
};
const keys = new Keyring({ wrapping: Buffer.alloc(32, 1), lookup: Buffer.alloc(32, 2), mac: Buffer.alloc(32, 3), ledger: Buffer.alloc(32, 4) }, systemRandom);

const spelled = (changes: Record<string, unknown> = {}) => spellRules(parseChannelSettings(officeFields(changes)).rules);

it.each([
	['a credential that says nothing of direct messages', {}],
	['direct messages that are off', { directMessages: 'off' }],
	['limits on direct messages that are off', { directMessages: 'off', directPeoplePerHour: 7, directPeoplePerContent: 3, directCountReplies: false }],
])('rules keep the spelling and the fingerprint of before with %s', async (_, changes) => {
	const { id } = parseChannelSettings(officeFields());
	expect(spelled(changes)).toBe(before.spelling);
	expect(await within((await office()).store, (context) => Promise.resolve(rulesFingerprint({ ...context, keys }, id, spelled(changes))))).toBe(before.fingerprint);
});

it.each([{ directMessages: 'replies' }, { directMessages: 'all' }, { directMessages: 'all', directPeoplePerHour: 7 }])('rules that allow direct messages are others: %o', (changes) => {
	expect(spelled(changes)).not.toBe(spelled());
	expect(new Set([spelled(changes), spelled({ directMessages: 'all', directPeoplePerContent: 2 })]).size).toBe(2);
});

it('an update of the package leaves a broadcast running, and enters no change of the channel', async () => {
	const council = await office();
	// As the earlier version stored the channel.
	await within(council.store, async (context) => {
		const row = await context.db.selectFrom('channel').selectAll().executeTakeFirstOrThrow();
		const next = { ...row, rules_sealed: context.keys.seal(`channel/${row.id}/rules`, before.spelling), rules_fingerprint: rulesFingerprint(context, row.id, before.spelling) };
		await context.db.updateTable('channel').set({ ...next, mac: context.keys.mac('channel', channelMacParts(next)) }).execute();
	});
	const run = await startIn(council, await signedIn(council));
	const entered = await acts(council.store);
	await council.store.execute(registerChannel, council.settings);
	expect(await acts(council.store)).toEqual(entered);
	expect((await claimIn(council, run)).deliveries).toHaveLength(1);
});

async function office() {
	const started = await startOffice({ residents: 3 });
	onTestFinished(() => started.stop());
	return started;
}
