import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudienceQuery } from '../../../core/audience/audienceQuery';
import { countAudience } from '../../../core/audience/countAudience';
import { importCsv } from '../../../core/audience/importCsv';
import { recordOptOut } from '../../../core/audience/optOut';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import { snapshotAudience, snapshotRoot } from '../../../core/audience/snapshotAudience';
import { isCivicError } from '../../../core/errors';
import { temporaryStore, testTime, type TemporaryStore } from './temporaryStore';

const people = [
	['07700900001', 'Winter roads', 'Route 3'],
	['07700900002', 'Winter roads', 'Route 3;Route 5'],
	['07700900003', 'Winter roads;Bins', 'Route 5'],
	['07700900004', 'Bins', 'Route 3'],
	['07700900005', 'Winter roads', 'Route 3'],
	['07700900006', 'Winter roads', 'Route 3'],
];

/** Six people: the fifth opted out, the sixth cannot be reached. */
async function borough(): Promise<TemporaryStore> {
	const temporary = await temporaryStore();
	const lines = people.map(([phone, topics, areas]) => `,${phone},${topics},${areas},web form,2026-03-01`);
	const content = ['name,phone,topics,areas,consent source,consent date', ...lines].join('\n');
	await importCsv(temporary.store, { content, source: 'test', now: testTime });
	await temporary.store.execute(optOutByPhone, { phone: '07700900005', reason: 'by telephone' });
	const sixth = await contactOf(temporary, '+447700900006');
	await temporary.change("UPDATE contact SET status = 'unreachable' WHERE id = ?", sixth);
	return temporary;
}

async function contactOf(temporary: TemporaryStore, phone: string): Promise<string> {
	const rows = await temporary.within(({ sql, keys }) => sql.all<{ id: string }>('SELECT id FROM contact WHERE phone_lookup = ?', keys.lookup('person', `phone:${phone}`)));
	return rows[0]?.id ?? '';
}

/** A row for the snapshot to hang on; what makes real drafts is tested elsewhere. */
async function draft({ change }: TemporaryStore, id: string): Promise<string> {
	await change(
		`INSERT INTO channel VALUES ('106540352242922', 'Roads', 'training', '1', x'', '', x'', '', 0, 0, NULL, '', NULL) ON CONFLICT DO NOTHING`,
	);
	await change(`INSERT INTO draft (id, channel_id, digest, content, summary, people_sealed, created_at, mac) VALUES (?, '106540352242922', '', '', '', x'', 0, '')`, id);
	return id;
}

async function snapshot(temporary: TemporaryStore, query: AudienceQuery, id = 'draft-1') {
	await draft(temporary, id);
	return temporary.within((context) => snapshotAudience(context, query, id));
}

async function refusal(attempt: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
	try {
		await attempt;
	} catch (cause) {
		if (isCivicError(cause)) return cause;
		throw cause;
	}
	throw new Error('nothing was refused');
}

describe('counting an audience', () => {
	it('counts a person in two areas once in all and once in each, and says who is left out', async () => {
		const { store } = await borough();
		expect(await store.execute(countAudience, { topic: 'Winter roads', areas: ['Route 3', 'route-5'] })).toEqual({
			matching: 5,
			reachable: 3,
			byArea: [
				{ area: 'route-3', name: 'Route 3', count: 2 },
				{ area: 'route-5', name: 'Route 5', count: 2 },
			],
			leftOut: { optedOut: 1, unreachable: 1 },
		});
	});

	it('shows the areas that were asked for and no others', async () => {
		const { store } = await borough();
		expect(await store.execute(countAudience, { topic: 'winter-roads', areas: ['ROUTE 5'] })).toMatchObject({ reachable: 2, byArea: [{ area: 'route-5', count: 2 }] });
		expect(await store.execute(countAudience, { topic: 'bins', areas: ['Route 5', 'Route 3'] })).toMatchObject({ reachable: 2, byArea: [{ count: 1 }, { count: 1 }] });
	});

	it('without areas means everywhere, without a topic everyone', async () => {
		const { store } = await borough();
		expect(await store.execute(countAudience, { topic: 'Bins' })).toMatchObject({ matching: 2, reachable: 2 });
		expect(await store.execute(countAudience, { areas: ['Route 3'] })).toMatchObject({ matching: 5, reachable: 3 });
		expect(await store.execute(countAudience, {})).toMatchObject({ matching: 6, reachable: 4, byArea: [{ count: 3 }, { count: 2 }] });
	});

	it('knows an area by a code that is not made of its name', async () => {
		const { store, change } = await borough();
		await change("INSERT INTO area (code, name, kind) VALUES ('E05012345', 'Market Ward', 'ward')");
		expect(await store.execute(countAudience, { areas: ['market ward'] })).toMatchObject({ matching: 0, byArea: [{ area: 'E05012345', name: 'Market Ward', count: 0 }] });
		expect(await store.execute(countAudience, { areas: ['e05012345', 'Market Ward'] })).toMatchObject({ byArea: [{ area: 'E05012345' }] });
	});

	it('leaves out who opted out of that topic only, and by user id too', async () => {
		const temporary = await borough();
		const third = await contactOf(temporary, '+447700900003');
		const bsuidLookup = await temporary.within(async ({ keys }) => keys.lookup('person', 'bsuid:GB.1'));
		await temporary.change('UPDATE contact SET bsuid_lookup = ? WHERE id = ?', bsuidLookup, third);
		await temporary.within((context) => recordOptOut(context, { lookups: [bsuidLookup], topic: 'Bins', source: 'whatsapp-text', at: testTime }));
		expect(await temporary.store.execute(countAudience, { topic: 'bins' })).toMatchObject({ reachable: 1, leftOut: { optedOut: 1 } });
		expect(await temporary.store.execute(countAudience, { topic: 'winter roads' })).toMatchObject({ reachable: 3, leftOut: { optedOut: 1 } });
	});

	it('counts somebody who opted out and cannot be reached once, as opted out', async () => {
		const temporary = await borough();
		await temporary.store.execute(optOutByPhone, { phone: '07700900006', reason: 'by letter' });
		expect(await temporary.store.execute(countAudience, { topic: 'winter roads' })).toMatchObject({ matching: 5, leftOut: { optedOut: 2, unreachable: 0 } });
	});

	it.each([
		[{ areas: ['Route 4', 'Route 3', 'Harbour'] }, 'Nobody is known under the area "Route 4", "Harbour".', 'Choose among: Route 3, Route 5.'],
		[{ topic: 'Winter' }, 'Nobody is known under the topic "Winter".', 'Choose among: Bins, Winter roads.'],
	])('refuses a name that nobody has: %j', async (query, message, hint) => {
		const { store } = await borough();
		expect(await refusal(store.execute(countAudience, query))).toMatchObject({ code: 'input.invalid', message, hint });
	});

	it.each([[{ areas: [] }], [{ areas: [' '] }], [{ topic: '' }], [{ topic: '*' }], [{ topics: ['Bins'] }], [null], [{ areas: 'Route 3' }]])(
		'refuses %j rather than reading it as everyone',
		async (query) => {
			const { store } = await borough();
			expect(await refusal(store.execute(countAudience, query as AudienceQuery))).toMatchObject({ code: 'input.invalid', hint: expect.stringMatching(/everyone/) as string });
		},
	);
});

describe('a snapshot', () => {
	it('fixes who may get the draft, with a root over their ids', async () => {
		const temporary = await borough();
		const taken = await snapshot(temporary, { areas: ['Route 5', 'Route 3'], topic: 'Winter roads' });
		expect(taken).toMatchObject({
			count: 3,
			matching: 5,
			leftOut: { optedOut: 1, unreachable: 1 },
			audience: { topic: 'winter-roads', areas: [{ code: 'route-3' }, { code: 'route-5' }] },
			byArea: [
				{ area: 'route-3', name: 'Route 3', count: 2 },
				{ area: 'route-5', name: 'Route 5', count: 2 },
			],
		});
		const ids = await Promise.all(['+447700900001', '+447700900002', '+447700900003'].map((phone) => contactOf(temporary, phone)));
		expect(await temporary.rows('SELECT contact_id FROM draft_recipient ORDER BY contact_id')).toEqual(ids.sort().map((contact_id) => ({ contact_id })));
		expect(taken.root).toBe(createHash('sha256').update(ids.sort().join('\n')).digest('hex'));
	});

	it('does not grow with people who come later, and its root tells of an edit', async () => {
		const temporary = await borough();
		const taken = await snapshot(temporary, { topic: 'Bins' });
		const content = 'name,phone,topics,areas,consent source,consent date\n,07700900007,Bins,Route 3,web form,2026-03-01';
		await importCsv(temporary.store, { content, source: 'test', now: testTime });
		expect(await temporary.within((context) => snapshotRoot(context, 'draft-1'))).toBe(taken.root);
		await temporary.change('INSERT INTO draft_recipient (draft_id, contact_id) VALUES (?, ?)', 'draft-1', await contactOf(temporary, '+447700900007'));
		expect(await temporary.within((context) => snapshotRoot(context, 'draft-1'))).not.toBe(taken.root);
	});

	it('of nobody is refused, saying why nobody is left', async () => {
		const temporary = await borough();
		for (const phone of ['07700900003', '07700900004']) await temporary.store.execute(optOutByPhone, { phone, reason: 'by letter' });
		expect(await refusal(snapshot(temporary, { topic: 'Bins' }))).toMatchObject({
			code: 'audience.empty',
			message: 'Nobody in this audience can be messaged: of 2, 2 opted out, 0 cannot be reached.',
		});
		expect(await temporary.rows('SELECT * FROM draft_recipient')).toEqual([]);
	});

	it('agrees with a count made in plain code, for any query', async () => {
		const temporary = await borough();
		const query = fc.record(
			{ topic: fc.constantFrom('Winter roads', 'Bins'), areas: fc.uniqueArray(fc.constantFrom('Route 3', 'Route 5'), { minLength: 1 }) },
			{ requiredKeys: [] },
		);
		await fc.assert(
			fc.asyncProperty(query, fc.uuid(), async ({ topic, areas }, id) => {
				const expected = people.filter(
					([phone, topics = '', ofPerson = '']) =>
						!['07700900005', '07700900006'].includes(phone ?? '') &&
						(topic === undefined || topics.split(';').includes(topic)) &&
						(areas === undefined || areas.some((area) => ofPerson.split(';').includes(area))),
				).length;
				const counted = await temporary.store.execute(countAudience, { topic, areas });
				const taken = await snapshot(temporary, { topic, areas }, id);
				expect([counted.reachable, taken.count, counted.matching, counted.byArea]).toEqual([expected, expected, taken.matching, taken.byArea]);
			}),
			{ numRuns: 20 },
		);
	});
});
