import { spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startNode, stopProcess } from '../childProgram';

export interface SandboxProgram {
	/** The address of the API. */
	api: string;
	token: string;
	phoneNumberId: string;
	/** User and system time so far, all threads; undefined where the system does not tell. */
	cpuMs(): number | undefined;
	stop(): Promise<void>;
}

/** Turned so that no rule of Meta's refuses a message: what is measured is what accepting costs. */
const knobs = { throughputPerSecond: 1e9, throughputBurst: 1e9, pairLimit: 'off', messagingLimit: 'TIER_UNLIMITED', failuresBySuffix: false };

/** The sandbox as `npm run sandbox` starts it, on one core. */
export async function startSandboxProgram(webhook: string): Promise<SandboxProgram> {
	const turned = Object.entries(knobs).flatMap(([name, value]) => ['--knob', `${name}=${value}`]);
	const node = ['--require', './apps/host/endWithParent.cjs', '--import', 'tsx', 'apps/sandbox/main.ts'];
	const child = startNode(node, { core: 0, arguments: ['--json', '--seed', 'bench', '--webhook', webhook, ...turned] }, 'pipe');
	const { api, token, phoneNumberId } = JSON.parse(await firstLine(child)) as Record<'api' | 'token' | 'phoneNumberId', string>;
	return { api, token, phoneNumberId, cpuMs: () => cpuMs(child.pid), stop: async () => await stopProcess(child) };
}

async function firstLine(child: ChildProcess): Promise<string> {
	if (child.stdout === null) throw new Error('The sandbox has no output.');
	for await (const line of createInterface({ input: child.stdout })) return line;
	throw new Error('The sandbox has ended before it was ready.');
}

let ticksPerSecond: number | undefined;

/** From /proc, see proc(5): the 14th and 15th field, in clock ticks. */
function cpuMs(pid = 0): number | undefined {
	if (process.platform !== 'linux') return undefined;
	ticksPerSecond ??= Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
	return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}
