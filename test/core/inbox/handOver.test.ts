import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmEvents, releaseHandovers, takeEvents, type HandedEvent } from '../../../core/inbox/handOver';
import type { InboxKind } from '../../../core/inbox/inboxEvent';
import { recordInbound } from '../../../core/inbox/recordInbound';
import { subscribe, unsubscribe } from '../../../core/inbox/subscribe';
import { isCivicError } from '../../../core/errors';
import { temporaryStore, type TemporaryStore } from '../audience/temporaryStore';
import { channelId, text } from './webhooks';

let sent = 0;

function receive({ within }: TemporaryStore, words: string, channel = channelId) {
	return within((context) => recordInbound(context, { channelId: channel, events: text(words, { id: `wamid.${++sent}` }) }));
}

function listen({ store }: TemporaryStore, subscriberId: string, kinds: InboxKind[] = ['message']) {
	return store.execute(subscribe, { subscriberId, channelId, kinds });
}

function take({ store }: TemporaryStore, subscriberId: string, limit = 10): Promise<HandedEvent[]> {
	return store.execute(takeEvents, { subscriberId, limit });
}

function confirm({ store }: TemporaryStore, subscriberId: string, events: HandedEvent[]) {
	return store.execute(confirmEvents, { subscriberId, seqs: events.map(({ seq }) => seq) });
}

const seqs = (events: HandedEvent[]) => events.map(({ seq }) => seq);

describe('a subscriber', () => {
	it('gets what comes after it began to listen, of its kinds and its channel, in order and in portions', async () => {
		const temporary = await temporaryStore();
		await receive(temporary, 'too early');
		await listen(temporary, 'flow-1');
		expect(await take(temporary, 'flow-1')).toEqual([]);
		await receive(temporary, 'one');
		await receive(temporary, 'stop');
		await receive(temporary, 'elsewhere', '209837465012345');
		await receive(temporary, 'two');
		await receive(temporary, 'three');
		expect(seqs(await take(temporary, 'flow-1', 2))).toEqual([2, 5]);
		expect(await take(temporary, 'flow-1', 2)).toMatchObject([{ seq: 6, kind: 'message', channelId, contactId: null, redelivered: false }]);
		expect(await take(temporary, 'flow-1')).toEqual([]);
	});

	it('that listens again goes on where it stood; what came meanwhile is not lost', async () => {
		const temporary = await temporaryStore();
		await listen(temporary, 'flow-1');
		await receive(temporary, 'one');
		await temporary.reopen();
		await listen(temporary, 'flow-1');
		expect(await take(temporary, 'flow-1')).toHaveLength(1);
	});

	it('that adds a kind gets that kind from then on, not what it passed over before', async () => {
		const temporary = await temporaryStore();
		await listen(temporary, 'flow-1', ['opt-out']);
		await receive(temporary, 'an old message');
		expect(await take(temporary, 'flow-1')).toEqual([]);
		await listen(temporary, 'flow-1', ['opt-out', 'message']);
		expect(await take(temporary, 'flow-1')).toEqual([]);
		await receive(temporary, 'a new message');
		expect(await take(temporary, 'flow-1')).toHaveLength(1);
	});

	it('on another channel starts anew', async () => {
		const temporary = await temporaryStore();
		await listen(temporary, 'flow-1');
		await receive(temporary, 'one');
		await temporary.store.execute(subscribe, { subscriberId: 'flow-1', channelId: '209837465012345', kinds: ['message'] });
		await receive(temporary, 'elsewhere', '209837465012345');
		expect(await take(temporary, 'flow-1')).toMatchObject([{ channelId: '209837465012345' }]);
	});

	it('is entered when it begins and stops, not when it begins again', async () => {
		const temporary = await temporaryStore();
		await listen(temporary, 'flow-1');
		await listen(temporary, 'flow-1');
		await temporary.store.execute(unsubscribe, { subscriberId: 'flow-1' });
		await temporary.store.execute(unsubscribe, { subscriberId: 'flow-1' });
		expect(await temporary.rows("SELECT act FROM ledger_index WHERE act LIKE 'inbox.%' ORDER BY idx")).toEqual([{ act: 'inbox.subscribe' }, { act: 'inbox.unsubscribe' }]);
	});

	it('that stopped, or never began, is refused', async () => {
		const temporary = await temporaryStore();
		await listen(temporary, 'flow-1');
		await receive(temporary, 'one');
		await take(temporary, 'flow-1');
		await temporary.store.execute(unsubscribe, { subscriberId: 'flow-1' });
		await expect(take(temporary, 'flow-1')).rejects.toSatisfy((cause) => isCivicError(cause) && cause.code === 'input.invalid');
	});

	it.each([[[]], [['gossip' as InboxKind]]])('with the kinds %j is refused', async (kinds) => {
		const temporary = await temporaryStore();
		await expect(listen(temporary, 'flow-1', kinds)).rejects.toSatisfy((cause) => isCivicError(cause) && cause.code === 'input.invalid');
	});
});

describe('two subscribers of one channel', () => {
	it('each get every event once, across a restart between taking and confirming and one after it', async () => {
		const temporary = await temporaryStore();
		await listen(temporary, 'flow-1');
		await listen(temporary, 'flow-2');
		await receive(temporary, 'one');
		await receive(temporary, 'two');

		const first = await take(temporary, 'flow-1');
		await confirm(temporary, 'flow-1', first);
		const inHand = await take(temporary, 'flow-2');
		expect([seqs(first), seqs(inHand)]).toEqual([[1, 2], [1, 2]]);

		await temporary.reopen();
		for (const id of ['flow-1', 'flow-2']) await temporary.store.execute(releaseHandovers, { subscriberId: id });
		await receive(temporary, 'three');
		const again = await take(temporary, 'flow-2', 2);
		expect(again.map(({ seq, redelivered }) => [seq, redelivered])).toEqual([[1, true], [2, true]]);
		await confirm(temporary, 'flow-2', again);
		expect(await take(temporary, 'flow-1')).toMatchObject([{ seq: 3, redelivered: false }]);

		await temporary.reopen();
		await temporary.store.execute(releaseHandovers, { subscriberId: 'flow-2' });
		expect(await take(temporary, 'flow-2')).toMatchObject([{ seq: 3, redelivered: false }]);
		expect(await take(temporary, 'flow-2')).toEqual([]);
	});

	it('in any order of taking, confirming and restarting, get each event confirmed exactly once and miss none', async () => {
		const step = fc.oneof(
			fc.record({ act: fc.constant('receive' as const) }),
			fc.record({ act: fc.constant('take' as const), who: fc.constantFrom('flow-1', 'flow-2'), limit: fc.integer({ min: 1, max: 3 }), confirms: fc.boolean() }),
			fc.record({ act: fc.constant('restart' as const) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
				const temporary = await temporaryStore();
				const confirmed = new Map<string, number[]>([['flow-1', []], ['flow-2', []]]);
				const inHand = new Map<string, number[]>([['flow-1', []], ['flow-2', []]]);
				for (const who of confirmed.keys()) await listen(temporary, who);
				const restart = async () => {
					await temporary.reopen();
					for (const subscriberId of inHand.keys()) {
						await temporary.store.execute(releaseHandovers, { subscriberId });
						inHand.set(subscriberId, []);
					}
				};
				const takeAs = async (who: string, limit: number, confirms: boolean) => {
					const events = await take(temporary, who, limit);
					for (const { seq } of events) expect(inHand.get(who)).not.toContain(seq);
					if (confirms) await confirm(temporary, who, events);
					(confirms ? confirmed : inHand).get(who)?.push(...seqs(events));
				};
				let received = 0;
				for (const one of steps) {
					if (one.act === 'receive') received += (await receive(temporary, 'hello')).stored;
					else if (one.act === 'take') await takeAs(one.who, one.limit, one.confirms);
					else await restart();
				}
				await restart();
				for (const who of confirmed.keys()) {
					await takeAs(who, 1000, true);
					expect(confirmed.get(who)?.sort((a, b) => a - b)).toEqual(Array.from({ length: received }, (_, i) => i + 1));
				}
			}),
			{ numRuns: 15 },
		);
	});
});
