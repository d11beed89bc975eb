import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../apps/demo/until';
import type { Execution } from '../../apps/host/n8nRest';
import { readAdoptionFacts } from '../../core/channel/adoptChannel';
import { defineQuery } from '../../core/store/command';
import { openAldersea, peopleFile, signal, type Aldersea } from './aldersea';
import { onEvents } from './smallFlows';

const flowNames = ['First flow', 'Second flow'];
let aldersea: Aldersea;
let flows: string[];

beforeAll(async () => {
	// Each webhook comes twice, and some overtake others: Meta promises neither order nor once.
	aldersea = await openAldersea({ residents: peopleFile(20, 'Route 1'), knobs: { duplicateWebhooks: 1, disorderedWebhooks: 0.2 } });
	await aldersea.rest.deactivate(aldersea.flows.replies.id);
	flows = [];
	for (const name of flowNames) {
		const { id } = await aldersea.rest.saveWorkflow(onEvents(name, aldersea.channel, ['message', 'button'], 2));
		await aldersea.rest.activate(id);
		flows.push(id);
	}
	await until('both triggers listen', signal, async () => (await aldersea.inStore(countInbox, undefined)).listeners >= 2);
});

afterAll(async () => {
	await aldersea?.remove();
});

const countInbox = defineQuery('test.inbox', async ({ db }, _: undefined): Promise<{ events: number; listeners: number; inHand: number }> => {
	const count = async (table: 'inbox_event' | 'inbox_subscriber' | 'inbox_handover') =>
		Number((await db.selectFrom(table).select((of) => of.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n);
	const [events, listeners, inHand] = [await count('inbox_event'), await count('inbox_subscriber'), await count('inbox_handover')];
	// A flow that was switched off keeps its place in the inbox.
	return { events, listeners: listeners - 1, inHand };
});

function write(from: number, text: string): void {
	const resident = aldersea.sandbox.residents.at(`447700900${from}`);
	aldersea.sandbox.inbound.receive(resident, { kind: 'text', text });
}

interface EventItem {
	json: { content?: { text?: string } };
}

/**
 * The words of the event that an execution was started with, whether or not it got to its end: of one that a power cut
 * ended, n8n keeps what it was started with and makes up the rest.
 */
function wordsOf({ data }: Execution): string {
	const stack = (data.executionData as { nodeExecutionStack?: Array<{ data: { main?: EventItem[][] } }> } | undefined)?.nodeExecutionStack ?? [];
	const outputs = [data.resultData.runData.Event?.[0]?.data?.main, ...stack.map(({ data: { main } }) => main)] as Array<EventItem[][] | undefined>;
	return outputs.map((main) => main?.[0]?.[0]?.json.content?.text).find((text) => text !== undefined) ?? '';
}

/** What each flow was started with, once each has been started as often as there are `texts` beginning with `prefix`. */
async function untilSeen(prefix: string, count: number): Promise<string[][]> {
	const read = new Map<string, string>();
	const seen = async () =>
		Promise.all(
			flows.map(async (workflowId) => {
				const executions = await aldersea.rest.executions({ workflowId });
				for (const { id } of executions) if (!read.has(id)) read.set(id, wordsOf(await aldersea.rest.execution(id)));
				return executions.map(({ id }) => read.get(id) ?? '').filter((words) => words.startsWith(prefix)).sort();
			}),
		);
	await until(`both flows saw ${count} events`, signal, async () => (await seen()).every((texts) => texts.length >= count));
	// Nothing is in hand any more, so nothing can come a second time.
	await until('every event was crossed off', signal, async () => (await aldersea.inStore(countInbox, undefined)).inHand === 0);
	return seen();
}

function texts(prefix: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`).sort();
}

function writeAll(prefix: string, count: number): string[] {
	const words = texts(prefix, count);
	words.forEach((text, index) => write(100 + index, text));
	return words;
}

describe('two flows with a Civic WhatsApp Trigger on one number', () => {
	it('each get every event once, although webhooks come twice and in disorder', async () => {
		const words = writeAll('Hello', 5);
		expect(await untilSeen('Hello', 5)).toEqual([words, words]);
	});

	it('start nothing on STOP, which the desk obeys by itself', async () => {
		const before = await aldersea.rest.executions();
		write(110, 'STOP');
		await until('the STOP is on record', signal, async () => (await aldersea.inStore(readAdoptionFacts, undefined)).optOuts > 0);
		await aldersea.sandbox.idle();
		expect((await aldersea.rest.executions()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
	});

	it('miss nothing that came while n8n was stopped for a while', async () => {
		await aldersea.n8n.stop();
		const words = writeAll('While stopped', 4);
		await aldersea.restart();
		expect(await untilSeen('While stopped', 4)).toEqual([words, words]);
	});

	it('miss and repeat nothing when the power goes just after events came in', async () => {
		const { events } = await aldersea.inStore(countInbox, undefined);
		const words = writeAll('Power cut', 6);
		await until('the events are stored', signal, async () => (await aldersea.inStore(countInbox, undefined)).events === events + words.length);
		await aldersea.n8n.kill();
		const cutOff = await aldersea.inStore(countInbox, undefined);
		await aldersea.restart();
		expect(await untilSeen('Power cut', 6)).toEqual([words, words]);
		expect(cutOff.events).toBe(events + words.length);
	});

	it('miss and repeat nothing when the power goes while executions work on events', async () => {
		const words = writeAll('At work', 3);
		const running = async () => (await Promise.all(flows.map((workflowId) => aldersea.rest.executions({ workflowId, status: ['running'] })))).every((list) => list.length === words.length);
		await until('executions run', signal, running);
		await aldersea.n8n.kill();
		await aldersea.restart();
		expect(await untilSeen('At work', 3)).toEqual([words, words]);
	});
});

describe('"Execute workflow" in the editor', () => {
	it('waits for the next event and shows it, and the active flow gets it too', async () => {
		const [first] = flows as [string];
		const id = await aldersea.rest.run(first, 'Event');
		expect((await aldersea.rest.execution(id)).status).toBe('running');
		await until('the test listens', signal, async () => (await aldersea.inStore(countInbox, undefined)).listeners === 3);
		write(115, 'A test event');
		const execution = await aldersea.rest.ended(id);
		expect([execution.status, execution.mode, wordsOf(execution)]).toEqual(['success', 'manual', 'A test event']);
		// By hand once, by the active flow once, by the other flow once.
		expect(await untilSeen('A test event', 1)).toEqual([['A test event', 'A test event'], ['A test event']]);
		expect((await aldersea.inStore(countInbox, undefined)).listeners).toBe(2);
	});
});
