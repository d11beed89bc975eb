import { describe, expect, it } from 'vitest';
import { personLookup } from '../../../core/audience/contact';
import { findOptOut, isOptedOut, recordOptOut } from '../../../core/audience/optOut';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import { isCivicError } from '../../../core/errors';
import { temporaryStore, testTime } from './temporaryStore';

const phone = '+447700900123';
const bsuid = 'GB.13491208655302741918';

describe('an opt-out', () => {
	it('counts by phone number and by user id alike', async () => {
		const { within } = await temporaryStore();
		await within(async (context) => {
			const lookups = [personLookup(context, { phone }), personLookup(context, { bsuid })];
			await recordOptOut(context, { lookups, topic: '*', source: 'whatsapp-text', at: testTime });
			for (const lookup of lookups) expect(await isOptedOut(context, [lookup], 'winter-roads')).toBe(true);
			expect(await isOptedOut(context, [personLookup(context, { phone: '+447700900124' })], 'winter-roads')).toBe(false);
		});
	});

	it('from one topic leaves the others open, and knows the topic by name or code', async () => {
		const { within } = await temporaryStore();
		await within(async (context) => {
			const lookups = [personLookup(context, { phone })];
			await recordOptOut(context, { lookups, topic: 'Snap Polls', source: 'whatsapp-text', at: testTime });
			expect(await isOptedOut(context, lookups, 'snap-polls')).toBe(true);
			expect(await isOptedOut(context, lookups, 'Snap polls')).toBe(true);
			expect(await isOptedOut(context, lookups, 'winter-roads')).toBe(false);
			expect(await isOptedOut(context, lookups)).toBe(false);
			expect(await isOptedOut(context, lookups, '*')).toBe(false);
		});
	});

	it('said twice is one opt-out since the first time, with both as evidence, and entered without personal data', async () => {
		const { within, rows } = await temporaryStore();
		const say = (at: number) =>
			within(async (context) => {
				const lookups = [personLookup(context, { phone })];
				const recorded = await recordOptOut(context, { lookups, topic: '*', source: 'whatsapp-text', at });
				return { recorded, since: (await findOptOut(context, lookups, 'bins'))?.since };
			});
		expect(await say(testTime - 5000)).toEqual({ recorded: true, since: testTime - 5000 });
		expect(await say(testTime - 5000)).toEqual({ recorded: false, since: testTime - 5000 });
		expect(await say(testTime)).toEqual({ recorded: true, since: testTime - 5000 });
		expect(await rows('SELECT kind FROM consent_event')).toEqual([{ kind: 'opt-out' }, { kind: 'opt-out' }]);
		const entries = await rows<{ leaf: Buffer }>("SELECT leaf FROM ledger_entry JOIN ledger_index USING (idx) WHERE act = 'consent.opt-out'");
		expect(entries).toHaveLength(2);
		const leaf = JSON.parse(entries[0]?.leaf.toString('utf8') ?? '{}') as object;
		expect(leaf).toMatchObject({ actor: { role: 'resident' }, n: { identifiers: 1 } });
		expect(leaf).not.toHaveProperty('res');
	});

	it('that was edited in the database into one of another topic still counts, from everything', async () => {
		const { within, change } = await temporaryStore();
		const lookups = await within(async (context) => {
			const found = [personLookup(context, { phone })];
			await recordOptOut(context, { lookups: found, topic: '*', source: 'whatsapp-text', at: testTime });
			return found;
		});
		await change("UPDATE opt_out SET topic = 'harvest-festival'");
		expect(await within((context) => isOptedOut(context, lookups, 'winter-roads'))).toBe(true);
		await change("UPDATE opt_out SET topic = '*', mac = 'zz'");
		expect(await within((context) => isOptedOut(context, lookups, 'winter-roads'))).toBe(true);
	});

	it('of nobody is refused', async () => {
		const { within } = await temporaryStore();
		const attempt = within((context) => recordOptOut(context, { lookups: [], topic: '*', source: 'staff', at: testTime }));
		await expect(attempt).rejects.toSatisfy((cause) => isCivicError(cause) && cause.code === 'input.invalid');
	});
});

describe('staff entering an opt-out', () => {
	it('is recorded for a number that is no contact, once a moment, with who and why kept out of the leaf', async () => {
		const { store, rows } = await temporaryStore();
		const input = { phone: '07700 900123', reason: 'Rang on behalf of her mother', enteredBy: 'Sam Ferrier', at: testTime + 60_000 };
		expect(await store.execute(optOutByPhone, input)).toEqual({ recorded: true });
		expect(await store.execute(optOutByPhone, input)).toEqual({ recorded: false });
		expect(await rows('SELECT since, source FROM opt_out')).toEqual([{ since: testTime, source: 'staff' }]);
		const [entry] = await rows<{ leaf: Buffer }>("SELECT leaf FROM ledger_entry JOIN ledger_index USING (idx) WHERE act = 'consent.opt-out'");
		expect(entry?.leaf.toString('utf8')).toMatch(/"staff"/);
		expect(entry?.leaf.toString('utf8')).not.toMatch(/Ferrier|mother|900123/);
	});

	it('refuses what is not a phone number', async () => {
		const { store } = await temporaryStore();
		await expect(store.execute(optOutByPhone, { phone: 'her mother', reason: '-' })).rejects.toSatisfy((cause) => isCivicError(cause) && cause.code === 'phone.invalid');
	});
});
