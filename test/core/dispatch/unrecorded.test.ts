import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadRunMs, type Claim } from '../../../core/dispatch/claimDeliveries';
import type { Store } from '../../../core/store/store';
import type { CloudApi } from '../../../core/whatsapp/cloudApi';
import { startCouncil, type Council } from '../../council/council';
import { quickKnobs } from '../../council/quickSandbox';
import { acceptedBy, fault, sendInStep } from '../../council/sending';
import { signedDraft } from '../../council/signed';
import { send } from '../../council/steps';
import { rows } from '../../council/tables';

const everybody = { audience: { topic: 'Winter roads', areas: null } };
const mostInFlight = 40;

describe('what a run knows and has not written down yet', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ residents: 90, sandbox: { knobs: quickKnobs } });
	});
	afterEach(() => council.stop());

	const through = (execute: (name: string, run: () => Promise<unknown>) => Promise<unknown>): Store => ({
		execute: (command, input) => execute(command.name, () => council.store.execute(command, input)) as never,
		close: () => council.store.close(),
	});

	it('is never about more people than it may have under way, however slow the disk is', async () => {
		const { id } = await signedDraft(council, everybody);
		let most = 0;
		const store = through(async (name, run) => {
			if (name === 'broadcast.record') await new Promise((resolve) => setTimeout(resolve, 40));
			const output = await run();
			if (name === 'broadcast.claim') most = Math.max(most, (await rows(council.store, "SELECT 1 FROM delivery WHERE state = 'intent'")).length);
			return output;
		});
		await fault(council, { kind: 'delay', ms: 20, accepted: true });
		expect(await send(council, id, { store })).toMatchObject({ state: 'finished', totals: { accepted: 90 } });
		expect(most).toBeLessThanOrEqual(mostInFlight);
	});

	it('is written once the disk has room again, so nobody is uncertain whose answer is there', async () => {
		const { id } = await signedDraft(council, everybody);
		let broken = 0;
		const store = through(async (name, run) => {
			if (name === 'broadcast.record' && acceptedBy(council).size > 30 && broken++ === 0) throw new Error('database or disk is full');
			return run();
		});
		await expect(send(council, id, { store })).rejects.toThrow('full');
		expect(broken).toBeGreaterThan(1);
		expect(await rows(council.store, "SELECT 1 FROM delivery WHERE state = 'intent'")).toEqual([]);
		expect(await send(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 90, uncertain: 0 } });
	});

	it('is written before it waits for slow answers, and the wait does not count as death', async () => {
		const { id } = await signedDraft(council, everybody);
		let asked = 0;
		let answer: (() => void) | undefined;
		const slow = new Promise<void>((resolve) => (answer = resolve));
		let cancelled = false;
		const api: CloudApi = {
			...council.api,
			sendTemplate: async (...call) => {
				asked++;
				if (asked === 3) {
					// Stopped by a person, while Meta takes its time with one answer.
					cancelled = true;
					await slow;
				}
				return council.api.sendTemplate(...call);
			},
		};
		const stopped = sendInStep(council, id, { api, perSecond: 80, isCancelled: () => cancelled });
		await expect.poll(() => asked).toBeGreaterThanOrEqual(3);
		const started = council.clock.now();
		// The waiting of the first run moves the clock.
		await expect.poll(() => council.clock.now()).toBeGreaterThan(started + deadRunMs);
		// The next run begins while the first still waits, and has nothing left but what that one has under way.
		let waits: (() => void) | undefined;
		const waiting = new Promise<void>((resolve) => (waits = resolve));
		const store = through(async (name, run) => {
			const output = await run();
			if (name === 'broadcast.claim' && (output as Claim).next === 'wait') waits?.();
			return output;
		});
		const next = sendInStep(council, id, { store });
		await Promise.race([waiting, next]);
		answer?.();
		await Promise.all([stopped, next]);
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 90, uncertain: 0 } });
	});
});
