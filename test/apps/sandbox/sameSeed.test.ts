import { afterEach, expect, it } from 'vitest';
import type { SandboxOptions } from '../../../apps/sandbox/options';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph, grittingNotice, send } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

let close: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const one of close) await one();
	close = [];
});

const evening = Date.UTC(2026, 10, 24, 18);

async function standingStill(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; receiver: WebhookReceiver }> {
	const receiver = new WebhookReceiver();
	// One webhook after the other, so that the order in which they arrive is that in which they were sent.
	const sandbox = await startSandbox({ seed: 'same', clockRate: 0, startsAt: evening, ...options, knobs: { webhookConcurrency: 1, webhookBatch: 1, disorderedWebhooks: 0.3, duplicateWebhooks: 0.1, failuresBySuffix: false, ...options.knobs } });
	close.push(() => sandbox.stop(), () => receiver.stop());
	await sandbox.target.accept(await receiver.start());
	return { sandbox, receiver };
}

/** An evening of everything that comes by chance. @returns every answer and webhook in its order, ports left out */
async function evenings(options?: SandboxOptions): Promise<string[]> {
	const { sandbox, receiver } = await standingStill(options);
	receiver.answer = (nth) => (nth % 10 === 3 ? 500 : 200);
	const answers: unknown[] = [];
	for (const round of [1, 2]) {
		await admin(sandbox, 'POST', 'faults', { kind: 'graph-error', code: 131000, probability: 0.2 });
		for (let nth = 10; nth < 40; nth++) answers.push((await send(sandbox, grittingNotice(`+4477009001${nth}`))).body);
		for (let nth = 10; nth < 25; nth++) {
			await admin(sandbox, 'POST', 'inbound', { from: `+4477009002${nth}`, media: { kind: 'image' } });
			await sandbox.webhooks.settled();
		}
		const form = new FormData();
		form.append('messaging_product', 'whatsapp');
		form.append('file', new Blob(['x'], { type: 'text/plain' }), 'x.txt');
		const uploaded = (await (await fetch(`${sandbox.api}/${sandbox.phoneNumberId}/media`, { method: 'POST', headers: { Authorization: `Bearer ${sandbox.token}` }, body: form })).json()) as { id: string };
		answers.push((await graph(sandbox, 'GET', uploaded.id)).body);
		answers.push((await graph(sandbox, 'POST', `${sandbox.businessAccountId}/message_templates`, { name: `round_${round}`, language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'We grit tonight.' }] })).body);
		await admin(sandbox, 'POST', 'clock', { advanceMs: 60_000 });
		await admin(sandbox, 'POST', 'reset');
	}
	return [...answers.map((answer) => JSON.stringify(answer)), ...receiver.received.map(({ bytes }) => bytes.toString())].map((text) => text.replace(/127\.0\.0\.1:\d+/g, 'here'));
}

it('the same requests under the same seed have the same answers and the same webhooks in the same order', async () => {
	const [first, second] = [await evenings(), await evenings()];
	expect(first.length).toBeGreaterThan(200);
	expect(first.some((text) => text.includes('attachments') && text.includes('hash='))).toBe(true);
	expect(second).toEqual(first);
	expect(await evenings({ seed: 'another' })).not.toEqual(first);
});

it('which updates are overtaken depends on the seed, not on the time of day', async () => {
	const ids = async (startsAt: number): Promise<unknown[]> => {
		const { sandbox, receiver } = await standingStill({ startsAt });
		for (let nth = 10; nth < 40; nth++) await admin(sandbox, 'POST', 'inbound', { from: `+4477009002${nth}`, text: 'Hello' });
		await admin(sandbox, 'POST', 'clock', { advanceMs: 10_000 });
		return receiver.changes().map(({ value }) => value.messages?.[0]?.id);
	};
	expect(await ids(evening + 12_345_678)).toEqual(await ids(evening));
});

it('a clock that stands still begins at nothing, however long the start took', async () => {
	const { sandbox } = await standingStill();
	expect([sandbox.clock.elapsed(), sandbox.clock.now()]).toEqual([0, evening]);
});
