import { describe, expect, it } from 'vitest';
import { channelMacParts, loadChannel, rulesFingerprint } from '../../../core/channel/channel';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { noDirectMessages } from '../../../core/channel/rules';
import { canonicalJson } from '../../../core/ledger/canonicalJson';
import { officeFields, startOffice } from '../../council/office';
import { within } from '../../council/tables';

const rulesOf = (changes: Record<string, unknown>) => parseChannelSettings(officeFields(changes)).rules.directMessages;

describe('the rules on messages to one person', () => {
	it('are off, with the limits of the design, in a credential that says nothing', () => {
		expect(rulesOf({})).toEqual({ allow: 'off', peoplePerHour: 20, peoplePerContent: 5, countReplies: true });
	});

	it('are what the form says', () => {
		expect(rulesOf({ directMessages: 'replies', directPeoplePerHour: 3, directPeoplePerContent: '2', directCountReplies: false })).toEqual({ allow: 'replies', peoplePerHour: 3, peoplePerContent: 2, countReplies: false });
	});

	it.each([
		[{ directMessages: 'everything' }, /'Direct Messages'/],
		[{ directPeoplePerHour: 0 }, /'People an Hour'/],
		[{ directPeoplePerHour: 5000 }, /'People an Hour'/],
		[{ directPeoplePerContent: 'many' }, /'People for One Content'/],
		[{ directCountReplies: 'no' }, /'Count Replies'/],
	])('name the field that cannot be used: %o', (changes, words) => {
		expect(() => rulesOf(changes)).toThrow(words);
	});

	it('are off in rules that an earlier version stored', async () => {
		const office = await startOffice({ residents: 1, channel: { directMessages: 'all' } });
		try {
			const read = await within(office.store, async (context) => {
				const { directMessages: _, ...earlier } = office.settings.rules;
				const json = canonicalJson(earlier);
				const row = await context.db.selectFrom('channel').selectAll().where('id', '=', office.settings.id).executeTakeFirstOrThrow();
				const next = { ...row, rules_sealed: context.keys.seal(`channel/${row.id}/rules`, json), rules_fingerprint: rulesFingerprint(context, row.id, json) };
				await context.db.updateTable('channel').set({ ...next, mac: context.keys.mac('channel', channelMacParts(next)) }).where('id', '=', row.id).execute();
				return (await loadChannel(context, row.id)).rules.directMessages;
			});
			expect(read).toEqual(noDirectMessages);
		} finally {
			await office.stop();
		}
	});
});
