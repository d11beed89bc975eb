import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCloudApi, type CloudApi } from '../../../core/whatsapp/cloudApi';
import { startCouncil, type Council } from '../../council/council';
import { quickKnobs } from '../../council/quickSandbox';
import { acceptedBy, fault, sendInStep } from '../../council/sending';
import { signedDraft } from '../../council/signed';

const everybody = { audience: { topic: 'Winter roads', areas: null } };

describe('trouble that concerns the whole number and lasts', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ residents: 24, sandbox: { knobs: quickKnobs } });
	});
	afterEach(() => council.stop());

	/** The same API, while nothing listens where messages go to. */
	async function cutOff(): Promise<CloudApi> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		const { graphVersion, accessToken, appSecrets, id, businessAccountId } = council.settings;
		const nowhere = createCloudApi({ graphUrl: `http://127.0.0.1:${port}`, graphVersion, accessToken, appSecret: appSecrets[0], phoneNumberId: id, businessAccountId });
		return { ...council.api, sendTemplate: (message, options) => nowhere.sendTemplate(message, options) };
	}

	it('ends in everybody getting the message, once WhatsApp can be reached again', async () => {
		const { id } = await signedDraft(council, everybody);
		const { sendTemplate } = await cutOff();
		const backAt = council.clock.now() + 10 * 60_000;
		const api: CloudApi = { ...council.api, sendTemplate: (...call) => (council.clock.now() < backAt ? sendTemplate(...call) : council.api.sendTemplate(...call)) };
		expect(await sendInStep(council, id, { api })).toMatchObject({ state: 'finished', totals: { accepted: 24, notSent: 0, uncertain: 0 } });
		expect(council.clock.now()).toBeGreaterThanOrEqual(backAt);
		expect(Math.max(...acceptedBy(council).values())).toBe(1);
	}, 60_000);

	it('ends with the window at the latest, and says why', async () => {
		const { id } = await signedDraft(council, { ...everybody, notAfter: council.clock.now() + 10 * 60_000 });
		await fault(council, { kind: 'graph-error', code: 131016 });
		const sent = await sendInStep(council, id);
		expect(sent).toMatchObject({ state: 'finished', totals: { accepted: 0, notSent: 24, uncertain: 0 } });
		expect(sent.reasons.every(({ reason }) => reason === '131016' || reason === 'too-late')).toBe(true);
	}, 60_000);

	it('gives up only the one whom a trouble of their own concerns', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'graph-error', code: 131000, to: '+447700900005' });
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 23, notSent: 1 } });
	});
});
