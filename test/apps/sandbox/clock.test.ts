import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SandboxClock } from '../../../apps/sandbox/clock';
import { PassingTime } from '../../../apps/sandbox/delivery/passTime';
import { Schedule } from '../../../apps/sandbox/delivery/schedule';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, grittingNotice, send } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

const day = 24 * 3_600_000;
const noWebhooks = { settled: () => Promise.resolve() };

/** A machine whose time the test moves by hand. */
class Machine {
	steady = 0;
	readonly clock = new SandboxClock({ now: () => 1_763_799_600_000 + Math.floor(this.steady) }, () => this.steady);
}

describe('the clock', () => {
	it('goes along with the machine, faster, or not at all', () => {
		const machine = new Machine();
		const start = machine.clock.now();
		machine.steady += 1000;
		expect(machine.clock.now() - start).toBe(1000);
		machine.clock.setRate(60);
		machine.steady += 1000;
		expect([machine.clock.now() - start, machine.clock.elapsed()]).toEqual([61_000, 61_000]);
		machine.clock.setRate(0);
		machine.steady += 5000;
		expect(machine.clock.now() - start).toBe(61_000);
		machine.clock.setRate(1);
		machine.steady += 500;
		expect(machine.clock.now() - start).toBe(61_500);
	});

	it('is wrong by the skew without anything passing', () => {
		const { clock } = new Machine();
		const before = clock.now();
		clock.skewMs = day;
		expect([clock.now() - before, clock.elapsed()]).toEqual([day, 0]);
	});

	it('never goes back', () => {
		const { clock } = new Machine();
		clock.moveTo(5000);
		clock.moveTo(100);
		expect(clock.elapsed()).toBe(5000);
	});
});

describe('time that passes at once', () => {
	it('runs every job at its own moment and in order, whatever the order of scheduling', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 * day }), { maxLength: 60 }), fc.integer({ min: 0, max: 30 * day }), async (waits, passing) => {
				const { clock } = new Machine();
				const schedule = new Schedule(clock);
				const ran: Array<[number, number]> = [];
				waits.forEach((wait) => schedule.after(wait, () => ran.push([wait, clock.elapsed()])));
				await new PassingTime(clock, schedule, noWebhooks).pass(passing);
				const due = waits.filter((wait) => Math.ceil(wait / 4) * 4 <= passing);
				expect(ran.map(([wait]) => Math.ceil(wait / 4))).toEqual(due.map((wait) => Math.ceil(wait / 4)).sort((one, other) => one - other));
				for (const [wait, at] of ran) expect(at - wait).toBeLessThan(4);
				expect([clock.elapsed(), schedule.pending]).toEqual([passing, waits.length - due.length]);
				schedule.clear();
			}),
			{ numRuns: 60 },
		);
	});

	it('brings along what jobs add on the way', async () => {
		const { clock } = new Machine();
		const schedule = new Schedule(clock);
		const moments: number[] = [];
		const again = (): void => {
			moments.push(clock.elapsed());
			schedule.after(1000, again);
		};
		schedule.after(1000, again);
		expect(await new PassingTime(clock, schedule, noWebhooks).pass(3500)).toBe(3);
		expect(moments).toEqual([1000, 2000, 3000]);
		schedule.clear();
	});
});

describe('a sandbox that stands still', () => {
	let sandbox: Sandbox;
	let receiver: WebhookReceiver;
	beforeEach(async () => {
		receiver = new WebhookReceiver();
		sandbox = await startSandbox({ seed: 5, clockRate: 0, startsAt: Date.parse('2026-11-24T18:00:00Z'), knobs: { noReadReceipts: 0, readWithoutDelivered: 0, sentLatencyMs: [1000, 1000], deliveredLatencyMs: [2000, 2000], readLatencyMs: [3000, 3000], webhookRetryFactor: 1 } });
		await sandbox.target.accept(await receiver.start());
	});
	afterEach(async () => {
		await sandbox.stop();
		await receiver.stop();
	});

	it('lets a message go on only as time is told to pass, with the times of day that belong to it', async () => {
		await send(sandbox, grittingNotice('+447700900123'));
		const { body } = await admin(sandbox, 'POST', 'clock', { advanceMs: 3500 });
		expect(body).toMatchObject({ now: '2026-11-24T18:00:03.500Z', rate: 0 });
		expect(receiver.statuses().map(({ status }) => status)).toEqual(['sent', 'delivered']);
		await admin(sandbox, 'POST', 'clock', { to: '2026-11-24T18:01:00Z' });
		const seconds = receiver.statuses().map(({ timestamp }) => Number(timestamp) - Date.parse('2026-11-24T18:00:00Z') / 1000);
		expect(seconds).toEqual([1, 3, 6]);
	});

	it('retries a refused webhook over seven days with the same bytes, and then drops it', async () => {
		receiver.answer = () => 500;
		await admin(sandbox, 'POST', 'inbound', { from: '+447700900123', text: 'hello' });
		await admin(sandbox, 'POST', 'clock', { advanceMs: 6 * day });
		const sixDays = receiver.received.length;
		await admin(sandbox, 'POST', 'clock', { advanceMs: 10 * day });
		expect(sixDays).toBeGreaterThan(12);
		expect(receiver.received.length).toBeGreaterThan(sixDays);
		expect(sandbox.webhooks.counts).toMatchObject({ delivered: 0, dropped: 1 });
		expect(new Set(receiver.received.map(({ bytes }) => bytes.toString('latin1'))).size).toBe(1);
		const count = receiver.received.length;
		await admin(sandbox, 'POST', 'clock', { advanceMs: 10 * day });
		expect(receiver.received).toHaveLength(count);
	});

	it('closes the customer service window after 24 hours', async () => {
		await admin(sandbox, 'POST', 'inbound', { from: '+447700900123', text: 'hello' });
		await admin(sandbox, 'POST', 'clock', { advanceMs: day - 60_000 });
		await send(sandbox, { to: '+447700900123', text: { body: 'in time' } });
		await admin(sandbox, 'POST', 'clock', { advanceMs: 120_000 });
		await send(sandbox, { to: '+447700900123', text: { body: 'too late' } });
		await admin(sandbox, 'POST', 'clock', { advanceMs: 10_000 });
		expect(receiver.statuses().map(({ status }) => status)).toEqual(['sent', 'delivered', 'read', 'failed']);
	});

	it('refuses to go back, and what is no change', async () => {
		for (const change of [{ to: '2020-01-01T00:00:00Z' }, {}, { advanceMs: -1 }, { rate: -1 }, { rate: 1e9 }, { advanceMs: 1, to: '2027-01-01T00:00:00Z' }, { to: 'tomorrow' }]) expect((await admin(sandbox, 'POST', 'clock', change)).status).toBe(400);
	});
});
