import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactPlace, personLookup } from '../../../core/audience/contact';
import { recordConsent } from '../../../core/audience/consentEvent';
import { countAudience } from '../../../core/audience/countAudience';
import { importCsv } from '../../../core/audience/importCsv';
import { isOptedOut } from '../../../core/audience/optOut';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import { openRecipients } from '../../../core/audience/recipients';
import { absorbWebhook } from '../../../core/desk/absorb';
import { sealPersonal } from '../../../core/store/personKey';
import { parseWebhook, type WebhookEvent } from '../../../core/whatsapp/webhookEvents';
import { statusBody } from '../../council/officeSteps';
import { channelId, message, text } from '../inbox/webhooks';
import { temporaryStore, testTime, type TemporaryStore } from './temporaryStore';

const phoneOf = (n: number) => `+447700900${String(n).padStart(3, '0')}`;
const bsuidOf = (n: number) => `GB.1349120865530274${String(n).padStart(4, '0')}`;

async function importPhone({ store }: TemporaryStore, n: number, topic = 'Winter roads'): Promise<void> {
	await importCsv(store, { content: `name,phone,topics,areas,consent source,consent date\nAda Marsh,${phoneOf(n)},${topic},Route 1,web form,2026-03-01`, source: 'test', now: testTime });
}

/** Somebody who subscribed without showing a number. */
function addByBsuid({ within }: TemporaryStore, n: number, topic = 'bins'): Promise<string> {
	return within(async (context) => {
		const id = context.random.uuid();
		const lookup = personLookup(context, { bsuid: bsuidOf(n) });
		await context.sql.run(
			"INSERT INTO contact (id, phone_lookup, bsuid_lookup, sealed, language, status, created_at, updated_at, last_inbound_at) VALUES (?, NULL, ?, ?, 'cy', 'active', ?, ?, NULL)",
			id,
			lookup,
			await sealPersonal(context, id, contactPlace(id), { bsuid: bsuidOf(n) }),
			context.now,
			context.now,
		);
		await context.sql.run('INSERT INTO contact_topic (contact_id, topic) VALUES (?, ?)', id, topic);
		await context.sql.run("INSERT INTO area (code, name, kind) VALUES ('route-9', 'Route 9', 'list') ON CONFLICT DO NOTHING");
		await context.sql.run("INSERT INTO contact_area (contact_id, area) VALUES (?, 'route-9')", id);
		await recordConsent(context, { contactId: id, personLookup: lookup, kind: 'opt-in', topic, source: 'whatsapp', occurredAt: context.now });
		return id;
	});
}

interface Sighting {
	shows: 'phone' | 'bsuid' | 'both';
	/** `status` is Meta's word on a message of ours to the person. */
	says: 'hello' | 'stop' | 'reaction' | 'status';
	minute: number;
}

const told = new Map<TemporaryStore, number>();

function eventOf(temporary: TemporaryStore, n: number, { shows, says, minute }: Sighting): WebhookEvent[] {
	const serial = (told.get(temporary) ?? 0) + 1;
	told.set(temporary, serial);
	const sent = {
		phone: shows === 'bsuid' ? null : phoneOf(n).slice(1),
		...(shows === 'phone' ? {} : { userId: bsuidOf(n) }),
		id: `wamid.${serial}`,
		at: testTime - minute * 60_000,
	};
	if (says === 'status') {
		const recipient = { phone: sent.phone, userId: shows === 'phone' ? undefined : bsuidOf(n) };
		return parseWebhook(statusBody(channelId, [{ id: `wamid.out.${serial}`, status: 'delivered', at: sent.at, ...recipient }]));
	}
	return says === 'reaction' ? message({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } }, sent) : text(says, sent);
}

const receive = ({ store }: TemporaryStore, events: WebhookEvent[]) => store.execute(absorbWebhook, { channelId, events });

const both = (says: Sighting['says'] = 'hello'): Sighting => ({ shows: 'both', says, minute: 1 });

/** Everything that is known of one person, without ids that were drawn by chance. */
function stateOf({ within }: TemporaryStore, n: number) {
	return within(async (context) => {
		const phone = personLookup(context, { phone: phoneOf(n) });
		const bsuid = personLookup(context, { bsuid: bsuidOf(n) });
		const name = (lookup: string | null) => (lookup === null ? null : lookup === phone ? 'phone' : lookup === bsuid ? 'bsuid' : 'other');
		type Named = { id: string; phone_lookup: string | null; bsuid_lookup: string | null };
		const contacts = await context.sql.all<Named & { last_inbound_at: number | null }>('SELECT * FROM contact WHERE phone_lookup = ? OR bsuid_lookup = ? ORDER BY phone_lookup IS NULL', phone, bsuid);
		const conversations = await context.sql.all<Named & { last_inbound_at: number }>(
			'SELECT * FROM conversation WHERE phone_lookup = ? OR bsuid_lookup = ? ORDER BY phone_lookup IS NULL',
			phone,
			bsuid,
		);
		const people = await openRecipients(context, contacts.map(({ id }) => id));
		const topics = async (id: string) => (await context.sql.all<{ topic: string }>('SELECT topic FROM contact_topic WHERE contact_id = ? ORDER BY topic', id)).map(({ topic }) => topic);
		return {
			blocked: [await isOptedOut(context, [phone]), await isOptedOut(context, [bsuid])],
			contacts: await Promise.all(
				contacts.map(async ({ id, phone_lookup, bsuid_lookup, last_inbound_at }) => ({
					known: [name(phone_lookup), name(bsuid_lookup)],
					reached: [people.get(id)?.phone !== undefined, people.get(id)?.bsuid !== undefined],
					topics: await topics(id),
					last_inbound_at,
				})),
			),
			conversations: conversations.map(({ phone_lookup, bsuid_lookup, last_inbound_at }) => [name(phone_lookup), name(bsuid_lookup), last_inbound_at]),
		};
	});
}

const sightings = fc.array(
	fc.record({
		shows: fc.constantFrom<Sighting['shows'][]>('phone', 'bsuid', 'both'),
		says: fc.constantFrom<Sighting['says'][]>('hello', 'hello', 'stop', 'reaction', 'status'),
		minute: fc.integer({ min: 0, max: 3000 }),
	}),
	{ minLength: 1, maxLength: 6 },
);

describe('one person under two names', () => {
	it('ends in the same state in whatever order webhooks come, and in however many', async () => {
		const temporary = await temporaryStore();
		let n = 0;
		await fc.assert(
			fc.asyncProperty(
				sightings.chain((seen) => fc.tuple(fc.constant(seen), fc.shuffledSubarray([...seen.keys()], { minLength: seen.length }))),
				fc.boolean(),
				fc.boolean(),
				fc.boolean(),
				async ([seen, order], listed, subscribed, inOneWebhook) => {
					const states: unknown[] = [];
					for (const events of [seen, order.flatMap((i) => seen[i] ?? [])]) {
						n += 1;
						if (listed) await importPhone(temporary, n);
						if (subscribed) await addByBsuid(temporary, n);
						const parsed = events.map((event) => eventOf(temporary, n, event));
						if (inOneWebhook) await receive(temporary, parsed.flat());
						else for (const one of parsed) await receive(temporary, one);
						states.push(await stateOf(temporary, n));
					}
					expect(states[1]).toEqual(states[0]);
				},
			),
			{ numRuns: 80 },
		);
	});

	it('opted out of either name is out under both, once the two were seen together: before, with or after the STOP', async () => {
		const temporary = await temporaryStore();
		let n = 0;
		for (const shows of ['phone', 'bsuid', 'both'] as const) {
			for (const order of [0, 1]) {
				n += 1;
				const events: Sighting[] = [{ shows, says: 'stop', minute: 2 }, both()];
				if (order === 1) events.reverse();
				for (const event of events) await receive(temporary, eventOf(temporary, n, event));
				expect([shows, order, (await stateOf(temporary, n)).blocked]).toEqual([shows, order, [true, true]]);
			}
		}
	});

	it('is out under both when staff enter it by number only', async () => {
		const temporary = await temporaryStore();
		await receive(temporary, eventOf(temporary, 1, both()));
		await temporary.store.execute(optOutByPhone, { phone: phoneOf(1), reason: 'Rang us' });
		expect((await stateOf(temporary, 1)).blocked).toEqual([true, true]);
	});

	it('is one contact from then on: consent is not widened, suppressions unite, the old id still finds the person', async () => {
		const temporary = await temporaryStore();
		await importPhone(temporary, 1);
		const other = await addByBsuid(temporary, 1);
		await receive(temporary, eventOf(temporary, 1, { shows: 'bsuid', says: 'hello', minute: 5 }));
		await receive(temporary, eventOf(temporary, 1, both()));
		const [kept, ...more] = await temporary.rows<{ id: string }>('SELECT id FROM contact WHERE merged_into IS NULL');
		expect(more).toEqual([]);
		expect(await stateOf(temporary, 1)).toMatchObject({ contacts: [{ known: ['phone', 'bsuid'], reached: [true, true], topics: ['winter-roads'] }], conversations: [['phone', 'bsuid', testTime - 60_000]] });
		expect(await temporary.rows('SELECT id, merged_into FROM contact WHERE merged_into IS NOT NULL')).toEqual([{ id: other, merged_into: kept?.id }]);
		expect(await temporary.rows('SELECT count(*) AS n FROM inbox_event WHERE contact_id = ?', kept?.id ?? '')).toEqual([{ n: 2 }]);
		const people = await temporary.within((context) => openRecipients(context, [other, kept?.id ?? '']));
		expect(people.get(other)).toMatchObject({ phone: phoneOf(1), bsuid: bsuidOf(1), mergedInto: kept?.id });
		expect(people.get(kept?.id ?? '')?.mergedInto).toBeUndefined();
		expect(await temporary.store.execute(countAudience, {})).toMatchObject({ matching: 1, reachable: 1 });
		const entries = await temporary.rows<{ leaf: Buffer }>("SELECT leaf FROM ledger_entry JOIN ledger_index USING (idx) WHERE act = 'contact.merge'");
		expect(entries.map(({ leaf }) => (JSON.parse(leaf.toString('utf8')) as { n: object }).n)).toEqual([{ topicsLeft: 1, areasLeft: 1 }]);
		expect(await temporary.databaseBytes()).not.toMatch(/7700900001|134912086553/);
	});

	it('is not made of two people: a number that shows another user id than before has changed hands', async () => {
		const temporary = await temporaryStore();
		await importPhone(temporary, 1);
		await receive(temporary, eventOf(temporary, 1, both()));
		const newOwner = text('hello', { phone: phoneOf(1).slice(1), userId: bsuidOf(2), id: 'wamid.new', at: testTime });
		await receive(temporary, newOwner);
		expect((await stateOf(temporary, 1)).conversations).toEqual([['phone', 'bsuid', testTime - 60_000]]);
		expect((await stateOf(temporary, 2)).conversations).toEqual([[null, 'bsuid', testTime]]);
	});
});
