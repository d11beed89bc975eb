import { expect, it } from 'vitest';
import { startSandbox } from '../../../apps/sandbox/sandbox';
import { grittingNotice, send } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

it('updates that came while all webhooks were in flight share one, up to what the knob allows', async () => {
	const receiver = new WebhookReceiver();
	const sandbox = await startSandbox({ seed: 5, knobs: { sentLatencyMs: [0, 4], deliveredLatencyMs: [0, 4], readLatencyMs: [0, 4], noReadReceipts: 0, readWithoutDelivered: 0, webhookConcurrency: 1 } });
	try {
		await sandbox.target.accept(await receiver.start());
		const sendThirty = async (): Promise<number> => {
			const before = receiver.received.length;
			await Promise.all(Array.from({ length: 30 }, (_, nth) => send(sandbox, grittingNotice(`+4477009002${nth + 10}`))));
			await sandbox.idle();
			return receiver.received.length - before;
		};
		expect(await sendThirty()).toBeLessThan(90);
		expect(receiver.statuses()).toHaveLength(90);
		sandbox.knobs.webhookBatch = 1;
		expect(await sendThirty()).toBe(90);
	} finally {
		await sandbox.stop();
		await receiver.stop();
	}
});
