import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readDraft } from '../../../core/message/loadDraft';
import { readEntries } from '../../../core/ledger/readEntries';
import { channelFields, residentsCsv } from '../../council/council';
import { flowOf, type Execution } from '../engine';
import { draftNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('Broadcast: Draft', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({
			csv: `${residentsCsv(12)}Written at home,07700 900700,Winter roads,Route 9,Web form,2026-01-05\nWritten abroad,+44 (0)7700 900701,Winter roads,Route 9,Web form,2026-01-05\n`,
		});
	});
	afterEach(async () => {
		await hall.useChannel();
	});
	afterAll(() => hall.stop());

	const draft = (changes: Record<string, unknown> = {}, items: object[] = [{}]) => hall.n8n.run(flowOf([draftNode(changes)]), items as never);
	const drafted = async (changes: Record<string, unknown> = {}, items: object[] = [{}]) => {
		const execution = await draft(changes, items);
		if (execution.status !== 'success') throw new Error(`${execution.error?.message} ${execution.error?.description}`);
		return execution.json('Draft')[0] ?? {};
	};
	const refusal = (execution: Execution) => {
		const { message = '', description = '', context } = execution.error ?? {};
		return { code: context?.code, message, description, status: execution.status };
	};

	it('tells a person who will get what, and at what cost, without a resident’s name or a number', async () => {
		const output = await drafted();
		expect(output).toEqual({
			draftId: expect.any(String) as string,
			digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
			title: 'Gritting tonight',
			service: 'Highways',
			mode: 'live',
			category: 'UTILITY',
			message: expect.objectContaining({ header: 'Gritting tonight', body: expect.stringContaining('Route 1 and Route 2') as string }) as object,
			audience: expect.objectContaining({ count: 8, leftOut: { optedOut: 0, unreachable: 0 } }) as object,
			cost: expect.anything() as object,
			warnings: expect.any(Array) as unknown[],
			notBefore: expect.stringMatching(/Z$/) as string,
			notAfter: expect.stringMatching(/Z$/) as string,
			feed: null,
			requester: { name: 'Sam Okafor', source: 'unattributed', because: 'the flow was not started by a form' },
		});
		expect(JSON.stringify(output)).not.toMatch(/7700\W?900|Resident \d|aldersea\.example/);
	});

	it('takes people in whichever way their number was written', async () => {
		expect(await drafted({ areas: 'Route 9' })).toMatchObject({ audience: { count: 2 } });
	});

	it('takes areas as a list, from an expression, and as words with commas', async () => {
		expect(await drafted({ areas: '={{ $json.routes }}' }, [{ routes: ['Route 1', 'Route 3'] }])).toMatchObject({ audience: { count: 8 } });
		expect(await drafted({ areas: ' Route 1 ,Route 3, ' })).toMatchObject({ audience: { count: 8 } });
		expect(await drafted({ where: 'everywhere' })).toMatchObject({ audience: { count: 14 } });
	});

	it('refuses a list of areas that turns out empty, instead of writing to everybody', async () => {
		for (const routes of [[], '', null, undefined, [''], ' , ']) {
			const { status, code, message } = refusal(await draft({ areas: '={{ $json.routes }}' }, [{ routes }]));
			expect([status, code]).toEqual(['error', 'input.invalid']);
			expect(message).toContain('[Item 0]');
		}
	});

	it('refuses an audience in which nobody is left, and an area that nobody knows', async () => {
		expect(refusal(await draft({ topic: 'Bin days' })).status).toBe('error');
		expect(refusal(await draft({ areas: 'Route 77' })).message).toContain('Route 77');
	});

	it('refuses a value with a line break and names the field', async () => {
		const { code, message } = refusal(await draft({ values: { body_note: 'Take care.\nDrive slowly.' } }));
		expect(code).toBe('template.parameters');
		expect(message).toMatch(/note.*line break/i);
	});

	it('refuses a value that is missing, empty or of no field', async () => {
		expect(refusal(await draft({ values: { body_note: '' } })).message).toMatch(/note.*empty/i);
		expect(refusal(await draft({ values: { body_note: '={{ $json.not.there }}' } })).status).toBe('error');
		expect(refusal(await draft({ values: { body_invented: 'x' } })).message).toContain('body_invented');
	});

	it('turns a number from an expression into the text it shows', async () => {
		expect(await drafted({ values: { body_time: '={{ 18 }}' } })).toMatchObject({ message: { body: expect.stringContaining('18') as string } });
	});

	it('refuses a template that Meta has paused, rejected, disabled or not yet looked at, and one that does not exist', async () => {
		for (const state of ['paused', 'rejected', 'disabled', 'pending']) {
			const { code, message } = refusal(await draft({ template: `gritting_${state}_example|en_GB` }));
			expect(code).toBe('template.unknown');
			expect(message).toContain(state);
		}
		expect(refusal(await draft({ template: 'no_such_template|en_GB' })).code).toBe('template.unknown');
		expect(refusal(await draft({ template: 'gritting_notice' })).message).toContain("'Template' is not chosen");
		expect(refusal(await draft({ template: '={{ $json.nothing }}' })).message).toContain("'Template' is not chosen");
	});

	it('reads dates without an offset in the zone of the channel, whatever zone n8n has set', async () => {
		const summer = new Date().getUTCFullYear() + 1;
		const options = { notBefore: `${summer}-07-01T18:00`, notAfter: `${summer}-07-01T20:00+01:00` };
		expect(await drafted({ options })).toMatchObject({ notBefore: `${summer}-07-01T17:00:00.000Z`, notAfter: `${summer}-07-01T19:00:00.000Z` });
		await hall.useChannel({ zone: 'Europe/Athens' });
		expect(await drafted({ options, title: '={{ "Gritting at " + $now.year }}' })).toMatchObject({ notBefore: `${summer}-07-01T15:00:00.000Z` });
	});

	it('takes a date that an expression gives, and refuses what is none', async () => {
		expect(await drafted({ options: { notAfter: '={{ $now.plus({ hours: 3 }) }}' } })).toMatchObject({ notAfter: expect.stringMatching(/Z$/) as string });
		const { code, message } = refusal(await draft({ options: { notAfter: 'tonight' } }));
		expect(code).toBe('input.invalid');
		expect(message).toContain("'Not After' is \"tonight\"");
		expect(refusal(await draft({ options: { notAfter: '2020-01-01T00:00' } })).code).toBe('draft.window');
	});

	it('puts the fingerprint of the feed into the draft: the same for text and for the object it spells', async () => {
		const feed = (feedContent: unknown) => ({ options: { feedName: 'Open-Meteo forecast', feedId: '51.5,0.1', feedTime: '2026-01-05T12:00Z', feedContent } });
		const asObject = await drafted(feed('={{ $json.feed }}'), [{ feed: { b: 1, a: [2] } }]);
		expect(asObject.feed).toEqual({ source: 'Open-Meteo forecast', id: '51.5,0.1', time: '2026-01-05T12:00Z', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
		expect((await drafted(feed('{"a":[2],"b":1}'))).feed).toEqual(asObject.feed);
		expect((await drafted(feed('{"a":[2],"b":2}'))).feed).not.toEqual(asObject.feed);
		expect(refusal(await draft({ options: { feedContent: '{}' } })).message).toContain("'Feed Name' is empty");
		const { content } = await hall.store.execute(readDraft, { draftId: asObject.draftId as string });
		expect(content.feed).toEqual(asObject.feed);
	});

	it('bars whoever is named: a contributor row without a name, or an unusable number, is refused', async () => {
		const contributors = (row: object) => ({ options: { contributors: { contributor: [row] } } });
		expect(await drafted(contributors({ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example' }))).toBeDefined();
		expect(refusal(await draft(contributors({ name: '', email: 'x@y.example' }))).message).toContain("'Contributors' has no name");
		expect(refusal(await draft({ options: { requesterPhone: '12345' } })).code).toBe('phone.invalid');
		expect(refusal(await draft({ requestedBy: ' ' })).message).toContain("'Requester Name' is empty");
		expect(refusal(await draft({ requesterEmail: 'not an address' })).code).toBe('input.invalid');
	});

	it('refuses a service that the rules do not name and an audience larger than they allow', async () => {
		expect(refusal(await draft({ service: 'Parking' })).message).toContain('Service "Parking" may not use channel');
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { reach: 5 }) as never;
		expect(refusal(await draft()).message).toContain('allows 5');
	});

	it('says in words that the token is wrong', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { accessToken: 'a-token-that-is-wrong' }) as never;
		const { code, message, description } = refusal(await draft());
		expect(code).toBe('channel.access');
		expect(`${message} ${description}`).not.toContain('a-token-that-is-wrong');
	});

	it('makes one draft for each item, paired with it, and goes on past a refused one when told to', async () => {
		const node = { ...draftNode({ areas: '={{ $json.areas }}' }), onError: 'continueRegularOutput' as const };
		const execution = await hall.n8n.run(flowOf([node]), [{ areas: 'Route 1' }, { areas: 'Route 77' }, { areas: 'Route 2' }]);
		expect(execution.status).toBe('success');
		expect(execution.items('Draft').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		const [first, refused, third] = execution.json('Draft');
		expect(refused).toMatchObject({ error: expect.stringContaining('[Item 1]') as string, details: { code: expect.any(String) as string, hint: expect.any(String) as string } });
		expect(first?.draftId).not.toBe(third?.draftId);
	});

	it('enters every draft in the ledger', async () => {
		const output = await drafted();
		const [entry] = await hall.store.execute(readEntries, { act: 'draft.create', resourceId: output.draftId as string, before: null, limit: 1, withDetails: false });
		expect(entry?.entry.ref).toMatchObject({ digest: output.digest });
	});
});
