import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudApi } from '../../../core/whatsapp/cloudApi';
import { startCouncil, type Council } from '../../council/council';
import { quickKnobs } from '../../council/quickSandbox';
import { fault, sendInStep } from '../../council/sending';
import { signedDraft } from '../../council/signed';
import { rows } from '../../council/tables';

describe('deliveries whose turn is put off again and again', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ residents: 24, sandbox: { knobs: quickKnobs } });
	});
	afterEach(() => council.stop());

	it('are given back in time, so that a STOP since their claim is obeyed', async () => {
		const { id } = await signedDraft(council, { audience: { topic: 'Winter roads', areas: null } });
		await fault(council, { kind: 'rate-limited', times: 24, retryAfter: 1 });
		const heldMs: number[] = [];
		const api: CloudApi = {
			...council.api,
			sendTemplate: async (message, options) => {
				const [claimed] = await rows<{ intent_at: number }>(council.store, 'SELECT intent_at FROM delivery WHERE id = ?', options?.callbackData ?? '');
				heldMs.push(council.clock.now() - (claimed?.intent_at ?? 0));
				return council.api.sendTemplate(message, options);
			},
		};
		// A quarter of a second's worth is claimed at once, and each answer puts the next one off by another second.
		await sendInStep(council, id, { api });
		expect(Math.max(...heldMs)).toBeLessThanOrEqual(2600);
	});
});
