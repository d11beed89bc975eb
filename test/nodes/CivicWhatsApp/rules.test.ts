import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelFields } from '../../council/council';
import { decideOn } from '../../council/steps';
import { flowOf, type Execution, type NodeOfFlow } from '../engine';
import { draftNode, linkOn, morgan } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

const check: NodeOfFlow = { name: 'Check', type: 'civicWhatsApp', parameters: { resource: 'channel', operation: 'check', output: 'report' } as NodeOfFlow['parameters'] };

describe('the rules in the credential', () => {
	let hall: TownHall;
	beforeEach(async () => {
		hall = await startTownHall({ residents: 3 });
	});
	afterEach(() => hall.stop());

	const give = (fields: Record<string, unknown>) => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, fields) as never;
	};
	const hints = (execution: Execution, node: string) => (execution.data.resultData.runData[node]?.[0]?.hints ?? []).map(({ message, type }) => `${type ?? ''}: ${message}`);

	it('when looser, are said on the node, wait, and take effect once an approver has signed on the page', async () => {
		give({ reach: 9000, mode: 'live' });
		const execution = await hall.n8n.run(flowOf([draftNode()]));
		expect(execution.status).toBe('success');
		expect(hints(execution, 'Draft')).toEqual([expect.stringMatching(/^warning: Looser rules.*wait for sign-off by Morgan Ellis, Priya Raman: 'Reach': 5,000 → 9,000/)]);
		// The desk asks by itself.
		await expect.poll(() => linkOn(hall, morgan), { timeout: 25_000, interval: 250 }).toContain('/desk/');
		const link = await linkOn(hall, morgan);
		const page = await (await fetch(link)).text();
		for (const shown of ['Looser rules', 'Aldersea alerts', 'Reach', '5,000', '9,000', 'I understand that this rule will change', 'Priya Raman']) expect(page).toContain(shown);
		expect((await decideOn(link, 'approve')).status).toBe(303);
		expect(await (await fetch(link)).text()).toContain('The new rules are in force');
		expect(hints(await hall.n8n.run(flowOf([draftNode({ title: 'Later' })])), 'Draft')).toEqual([]);
	}, 60_000);

	it('when tighter, take effect at once and are said on the node once', async () => {
		give({ signaturesNeeded: 2 });
		expect(hints(await hall.n8n.run(flowOf([check])), 'Check')).toEqual([expect.stringMatching(/^info: The rules of channel "Aldersea alerts" changed at once: 'Sign-Offs Needed': 1 → 2/)]);
		expect(hints(await hall.n8n.run(flowOf([check])), 'Check')).toEqual([]);
	});

	it('are said loudly the first time a channel is used', async () => {
		give({ phoneNumberId: '106540352242999', channelName: 'Aldersea youth' });
		expect(hints(await hall.n8n.run(flowOf([check])), 'Check')[0]).toMatch(/^warning: First use: the store recorded the rules of channel "Aldersea youth"/);
	});

	describe('where IT keeps the channels in a file', () => {
		let folder: string;
		let path: string;
		beforeEach(() => {
			folder = mkdtempSync(join(tmpdir(), 'civic-channels-'));
			path = join(folder, 'channels.json');
			write({});
			process.env.CIVIC_COMMS_CHANNELS = path;
			hall.n8n.credentials.civicStoreApi = { engine: 'sqlite', folder: '' } as never;
		});
		afterEach(() => {
			delete process.env.CIVIC_COMMS_CHANNELS;
			rmSync(folder, { recursive: true, force: true });
		});
		const write = (fields: Record<string, unknown>) => {
			writeFileSync(path, JSON.stringify({ store: { folder: hall.folder }, channels: [channelFields(hall.sandbox, fields)] }));
			chmodSync(path, 0o600);
		};
		const refusal = (execution: Execution) => `${execution.error?.message} ${execution.error?.description}`;

		it('are those of the file, for a credential that names the channel, and change with it at once', async () => {
			hall.n8n.credentials.civicWhatsAppApi = { channelName: 'Aldersea alerts' } as IDataObject as never;
			expect((await hall.n8n.run(flowOf([draftNode()]))).status).toBe('success');
			write({ reach: 9000 });
			const execution = await hall.n8n.run(flowOf([check]));
			expect(hints(execution, 'Check')).toEqual([expect.stringMatching(/changed at once, as IT’s file of channels says: 'Reach': 5,000 → 9,000/)]);
		});

		it('are not taken from a credential that holds a token, or that names a store of its own', async () => {
			expect(refusal(await hall.n8n.run(flowOf([draftNode()])))).toMatch(/holds an Access Token of its own/);
			hall.n8n.credentials.civicWhatsAppApi = { channelName: 'Aldersea alerts' } as IDataObject as never;
			hall.n8n.credentials.civicStoreApi = { engine: 'sqlite', folder: hall.folder } as never;
			expect(refusal(await hall.n8n.run(flowOf([draftNode()])))).toMatch(/names a store of its own/);
		});
	});
});
