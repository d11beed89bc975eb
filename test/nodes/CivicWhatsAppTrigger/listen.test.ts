import type { ITriggerResponse } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { subscribe } from '../../../core/inbox';
import { readEntries } from '../../../core/ledger/readEntries';
import type { Store } from '../../../core/store/store';
import { post } from '../../council/council';
import { flowOf, type Emitted, type Flow } from '../engine';
import { startTownHall, type TownHall } from '../townHall';

const resident = '+447700900000';

describe('Civic WhatsApp Trigger', () => {
	let hall: TownHall;
	let open: ITriggerResponse[] = [];

	beforeAll(async () => {
		hall = await startTownHall({ residents: 2 });
	});
	afterEach(async () => {
		vi.useRealTimers();
		await Promise.all(open.map((trigger) => trigger.closeFunction?.()));
		open = [];
	});
	afterAll(() => hall.stop());

	const triggerFlow = (parameters: object = {}): Flow =>
		flowOf([{ name: 'Trigger', type: 'civicWhatsAppTrigger', parameters: parameters as never }, { name: 'Then', type: 'test.passOn' }], ['Trigger → Then']);
	const activate = async (flow: Flow, onEmit: (emitted: Emitted) => void) => {
		const trigger = await hall.n8n.activate(flow, 'Trigger', onEmit);
		open.push(trigger);
		return trigger;
	};
	/** A resident writes, and the desk has stored it. */
	const write = async (text: string) => {
		await post(`${hall.sandbox.admin}/inbound`, { from: resident, text });
		await hall.sandbox.idle();
	};
	const confirmed = (emitted: Emitted[]) => (one: Emitted) => {
		emitted.push(one);
		one.done();
	};

	it('starts the flow with ids only, under a key that n8n can tell repeats by', async () => {
		const flow = triggerFlow();
		const emitted: Emitted[] = [];
		await activate(flow, confirmed(emitted));
		await write('Is Mill Lane gritted tonight?');
		await vi.waitUntil(() => emitted.length === 1);
		const [{ items, key } = {}] = emitted;
		expect(items).toEqual([
			{ json: { eventId: expect.any(String) as string, event: 'message', channelId: hall.sandbox.phoneNumberId, contactId: expect.any(String) as string, at: expect.stringMatching(/Z$/) as string } },
		]);
		expect(key).toBe(`civic:${flow.id}:${flow.nodes[0]?.id}:${items?.[0]?.json.eventId as string}`);
	});

	it('puts out words and number when told to', async () => {
		const emitted: Emitted[] = [];
		await activate(triggerFlow({ includeContent: true }), confirmed(emitted));
		await write('Is Mill Lane gritted tonight?');
		await vi.waitUntil(() => emitted.length === 1);
		expect(emitted[0]?.items[0]?.json.content).toMatchObject({ text: 'Is Mill Lane gritted tonight?', from: resident });
	});

	it('gives each of two flows its own kinds, each event once, across a restart of n8n', async () => {
		const [all, optOuts] = [triggerFlow({ events: ['message', 'opt-out'] }), triggerFlow({ events: ['opt-out'] })];
		const seen = { all: [] as Emitted[], optOuts: [] as Emitted[] };
		const first = [await activate(all, confirmed(seen.all)), await activate(optOuts, confirmed(seen.optOuts))];
		await write('Hello');
		await vi.waitUntil(() => seen.all.length === 1);
		await Promise.all(first.map((trigger) => trigger.closeFunction?.()));
		await write('Anybody there?');
		await write('STOP');
		await hall.restart();
		await activate(all, confirmed(seen.all));
		await activate(optOuts, confirmed(seen.optOuts));
		await vi.waitUntil(() => seen.all.length === 3 && seen.optOuts.length === 1);
		await write('Bye');
		await vi.waitUntil(() => seen.all.length === 4);
		expect(seen.all.map(({ items }) => items[0]?.json.event)).toEqual(['message', 'message', 'opt-out', 'message']);
		expect(seen.optOuts.map(({ items }) => items[0]?.json.event)).toEqual(['opt-out']);
		expect(new Set(seen.all.map(({ key }) => key)).size).toBe(4);
	});

	it('hands again, under the same key, what was in hand when n8n stopped', async () => {
		const flow = triggerFlow();
		const lost: Emitted[] = [];
		const first = await activate(flow, (one) => void lost.push(one));
		await write('Hello');
		await vi.waitUntil(() => lost.length === 1);
		await first.closeFunction?.();
		await hall.restart();
		const again: Emitted[] = [];
		await activate(flow, confirmed(again));
		await vi.waitUntil(() => again.length === 1);
		expect(again[0]?.key).toBe(lost[0]?.key);
		const third: Emitted[] = [];
		await open.pop()?.closeFunction?.();
		await activate(flow, confirmed(third));
		await write('Bye');
		await vi.waitUntil(() => third.length === 1);
		expect(third[0]?.key).not.toBe(lost[0]?.key);
	});

	it('hands again what came to no execution, after a pause', async () => {
		const emitted: Emitted[] = [];
		await activate(triggerFlow(), (one) => {
			emitted.push(one);
			if (emitted.length === 1) one.refuse(new Error('the database is away'));
			else one.done();
		});
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 200 });
		await write('Hello');
		await vi.waitUntil(() => emitted.length === 2, { timeout: 15_000 });
		expect(emitted[1]?.key).toBe(emitted[0]?.key);
	});

	it('goes on when the store was lost and found again', async () => {
		const emitted: Emitted[] = [];
		await activate(triggerFlow(), confirmed(emitted));
		await hall.restart();
		await write('Hello');
		await vi.waitUntil(() => emitted.length === 1, { timeout: 5000 });
	});

	it('hands on what was taken and never arrived, because the store was lost before it answered', async () => {
		const emitted: Emitted[] = [];
		await activate(triggerFlow(), confirmed(emitted));
		const store = await processStore();
		const execute = store.execute.bind(store);
		let lost = 0;
		const failing = vi.spyOn(store, 'execute').mockImplementation(async (command, input) => {
			const output = await execute(command, input);
			if (command.name !== 'inbox.take' || lost > 0 || !Array.isArray(output) || output.length === 0) return output;
			lost++;
			throw new Error('the answer was lost');
		});
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 200 });
		await write('Hello');
		await vi.waitUntil(() => lost === 1, { timeout: 10_000 });
		await vi.waitUntil(() => emitted.length === 1, { timeout: 10_000 });
		failing.mockRestore();
	});

	it('hands on nothing after it was closed', async () => {
		const emitted: Emitted[] = [];
		const trigger = await activate(triggerFlow(), confirmed(emitted));
		await trigger.closeFunction?.();
		await write('Hello');
		const other: Emitted[] = [];
		await activate(triggerFlow(), confirmed(other));
		await write('Hello again');
		await vi.waitUntil(() => other.length === 1);
		expect(emitted).toEqual([]);
	});

	it('“listen for test event” in the editor runs the flow with the next event, and the active flow gets it too', async () => {
		const flow = triggerFlow({ includeContent: true });
		const active: Emitted[] = [];
		await activate(flow, confirmed(active));
		await write('An old message');
		await vi.waitUntil(() => active.length === 1);
		// Left behind by a test that never ended.
		const test = { subscriberId: `${flow.id}:${flow.nodes[0]?.id}:test`, channelId: hall.sandbox.phoneNumberId, kinds: ['message' as const] };
		await hall.store.execute(subscribe, test);
		await write('Another old message');
		await vi.waitUntil(() => active.length === 2);
		const before = await entries('inbox.subscribe');
		const listening = hall.n8n.run(flow, [], 'manual');
		await vi.waitUntil(async () => (await entries('inbox.subscribe')) > before);
		await write('The next message');
		const execution = await listening;
		expect(execution.status).toBe('success');
		expect(execution.json('Then')).toMatchObject([{ event: 'message', content: { text: 'The next message' } }]);
		await vi.waitUntil(() => active.length === 3);
		await vi.waitUntil(async () => (await entries('inbox.unsubscribe')) === (await entries('inbox.subscribe', ':test')));
	});

	it('says in words that nothing is chosen to listen to', async () => {
		await expect(activate(triggerFlow({ events: [] }), () => undefined)).rejects.toThrow('No kind of event is chosen');
	});

	/** The one that the nodes use, open by now. */
	async function processStore(): Promise<Store> {
		const stores = (globalThis as Record<symbol, unknown>)[Symbol.for('n8n-nodes-civic-comms.stores')] as Map<string, Promise<Store>>;
		const open = [...stores.values()].at(-1);
		if (open === undefined) throw new Error('no node has opened a store yet');
		return open;
	}

	/** How many entries of one kind the ledger has, about any subscriber or those whose name ends so. */
	async function entries(act: string, end = ''): Promise<number> {
		const found = await hall.store.execute(readEntries, { act, resourceId: null, before: null, limit: 500, withDetails: true });
		return found.filter(({ details }) => String(details?.subscriber).endsWith(end)).length;
	}
});
