import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killGroup } from '../../apps/host/command.mjs';
import { N8nRest } from '../../apps/host/n8nRest';
import { startN8n } from '../../apps/host/n8nServer';
import { owner } from './councilN8n';

/** The processes of a group that still run; one that ended and waits for its parent to notice does not count. */
function running(group: number): string[] {
	const listed = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,command='], { encoding: 'utf8' });
	const members = listed.split('\n').map((line) => line.trim().split(/\s+/));
	return members.filter(([pgid, state]) => Number(pgid) === group && !state?.startsWith('Z')).map((member) => member.join(' '));
}

describe('the n8n that tests and the demo start', () => {
	let userFolder: string;

	beforeEach(async () => {
		userFolder = await mkdtemp(join(tmpdir(), 'civic-comms-n8n-'));
	});

	afterEach(async () => {
		await rm(userFolder, { recursive: true, force: true });
	});

	it('keeps its workflows over a stop and over a power cut, and leaves nothing running', async () => {
		const first = await startN8n({ userFolder });
		const definition = {
			name: 'Kept',
			nodes: [
				{ id: 'b3c1d5a0-0000-4000-8000-000000000001', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
				{ id: 'b3c1d5a0-0000-4000-8000-000000000002', name: 'Sum', type: 'n8n-nodes-base.set', typeVersion: 3.4, position: [200, 0], parameters: { mode: 'raw', jsonOutput: '={{ { sum: 1 + 1 } }}' } },
			],
			connections: { Start: { main: [[{ node: 'Sum', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		};
		const before = await (await N8nRest.signIn(first.url, owner)).saveWorkflow(definition);
		await first.stop();
		expect(running(first.pid)).toEqual([]);

		const second = await startN8n({ userFolder, port: first.port });
		const rest = await N8nRest.signIn(second.url, owner);
		expect(second.url).toBe(first.url);
		expect((await rest.saveWorkflow(definition)).id).toBe(before.id);
		const run = await rest.ended(await rest.run(before.id, 'Start'));
		expect(run.data.resultData.runData.Sum?.[0]?.data?.main?.[0]?.[0]?.json).toEqual({ sum: 2 });
		await second.kill();
		expect(running(second.pid)).toEqual([]);
	});

	it('ends by itself when the program that started it is killed', async () => {
		const script = `
			const { startN8n } = require(${JSON.stringify(join(process.cwd(), 'apps/host/n8nServer.ts'))});
			startN8n({ userFolder: ${JSON.stringify(userFolder)} }).then((server) => console.log(server.pid));
		`;
		const starter = spawn(process.execPath, ['--import', 'tsx', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
		const [line] = (await once(createInterface(starter.stdout), 'line')) as [string];
		const pid = Number(line);
		expect(running(pid)).not.toEqual([]);
		starter.kill('SIGKILL');
		try {
			await expect.poll(() => running(pid), { timeout: 60_000, interval: 200 }).toEqual([]);
		} finally {
			killGroup(pid, 'SIGKILL');
		}
	});
});
