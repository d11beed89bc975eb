import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelFields } from '../../council/council';
import { flowOf, type NodeOfFlow } from '../engine';
import { nodeTypes } from '../loaded';
import { startTownHall, type TownHall } from '../townHall';

function checkNode(parameters: Record<string, unknown> = {}): NodeOfFlow {
	return { name: 'Check', type: 'civicWhatsApp', parameters: { resource: 'channel', operation: 'check', ...parameters } as NodeOfFlow['parameters'] };
}

interface Told {
	check: string;
	state: string;
	words: string;
	howToGoOn?: string;
	data?: Record<string, unknown>;
}

describe('Channel: Check', () => {
	let hall: TownHall;
	const known = nodeTypes.getKnownTypes.bind(nodeTypes);

	beforeAll(async () => {
		hall = await startTownHall({ residents: 3 });
	});
	afterEach(async () => {
		await hall.useChannel();
		nodeTypes.getKnownTypes = known;
	});
	afterAll(() => hall.stop());

	const findings = async (parameters: Record<string, unknown> = {}) => {
		const execution = await hall.n8n.run(flowOf([checkNode(parameters)]));
		if (execution.status !== 'success') throw new Error(`${execution.error?.message} ${execution.error?.description}`);
		return execution.json('Check') as unknown as Told[];
	};
	const stateOf = (told: Told[], check: string) => told.find((finding) => finding.check === check);

	it('asks Meta and the store, and tells each finding as an item', async () => {
		const told = await findings();
		const fine = ['token', 'number-of-account', 'number-status', 'health', 'display-name', 'business-verification', 'payment', 'quality', 'throughput', 'reach', 'templates', 'webhooks-account', 'graph-version', 'clock', 'mode', 'environment-access', 'file-access'];
		for (const check of fine) expect([check, stateOf(told, check)?.state, stateOf(told, check)?.words]).toEqual([check, 'ok', expect.any(String)]);
		expect(stateOf(told, 'webhooks-app')?.state).not.toBe('unknown');
		expect(stateOf(told, 'task-runners')?.state).toBe('warning');
		expect(JSON.stringify(told)).not.toMatch(new RegExp([hall.sandbox.token, hall.sandbox.appSecret, hall.sandbox.verifyToken].join('|')));
	});

	it('puts what needs attention at the top of the table, in columns that read from left to right', async () => {
		const told = await findings();
		const order = ['problem', 'warning', 'unknown', 'ok'];
		expect(told.map(({ state }) => order.indexOf(state))).toEqual(told.map(({ state }) => order.indexOf(state)).sort());
		expect(Object.keys(Object.assign({}, ...told) as object)).toEqual(['check', 'state', 'words', 'howToGoOn', 'data']);
	});

	it('gives one item for flows that decide on it, and only what needs attention where that is wanted', async () => {
		const [report] = (await findings({ output: 'report', attention: true })) as unknown as Array<{ ok: boolean; words: string; channel: string; findings: Told[] }>;
		expect(report).toMatchObject({ ok: expect.any(Boolean) as boolean, channel: 'Aldersea alerts', words: expect.stringMatching(/out of 23 checks\.$/) as string });
		expect(report?.findings.map(({ state }) => state)).not.toContain('ok');
	});

	it('says that the token is wrong as its first finding, and goes on with what can be known without Meta', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { accessToken: 'a-token-that-is-wrong' }) as never;
		const told = await findings();
		expect(told[0]).toMatchObject({ check: 'token', state: 'problem' });
		expect(stateOf(told, 'number-status')).toMatchObject({ state: 'unknown', words: expect.stringContaining('could not be found out') as string });
		expect(stateOf(told, 'graph-version')?.state).toBe('ok');
		expect(JSON.stringify(told)).not.toContain('a-token-that-is-wrong');
	});

	it('makes few calls, however many checks there are', async () => {
		const before = hall.sandbox.journal.entries({ kind: 'request' }).length;
		await findings();
		expect(hall.sandbox.journal.entries({ kind: 'request' }).length - before).toBeLessThanOrEqual(10);
	});

	it('sees which nodes this n8n offers, and does not know where it is not told', async () => {
		nodeTypes.getKnownTypes = () => ({ 'n8n-nodes-base.executeCommand': {}, 'n8n-nodes-base.whatsApp': {}, 'n8n-nodes-other.node': {} }) as never;
		const open = await findings();
		expect(stateOf(open, 'execute-command')?.state).toBe('problem');
		expect(stateOf(open, 'raw-senders')?.state).toBe('warning');
		expect(stateOf(open, 'other-packages')?.data).toEqual({ packages: ['n8n-nodes-other'] });
		nodeTypes.getKnownTypes = () => ({});
		expect(stateOf(await findings(), 'execute-command')?.state).toBe('unknown');
	});

	it('sees a template that Meta has paused', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { signOffTemplate: 'gritting_paused_example' }) as never;
		expect(stateOf(await findings(), 'templates')).toMatchObject({ state: 'problem', words: expect.stringContaining('gritting_paused_example (en_GB) is paused') as string });
	});
});
