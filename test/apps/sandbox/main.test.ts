import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startSandbox } from '../../../apps/sandbox/sandbox';
import { Journal } from '../../../apps/sandbox/journal';

function run(...flags: string[]): ChildProcess {
	return spawn(process.execPath, ['--import', 'tsx', 'apps/sandbox/main.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
	let text = '';
	for await (const chunk of stream ?? []) text += String(chunk);
	return text;
}

it.each(['SIGINT', 'SIGTERM'] as const)('prints its addresses as one line of JSON, runs, and stops cleanly on %s', async (signal) => {
	const sandbox = run('--json', '--seed', '3', '--knob', 'noReadReceipts=0.5', '--webhook', 'http://127.0.0.1:9/');
	const exited = once(sandbox, 'exit');
	const [line] = (await once(sandbox.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
	const addresses = JSON.parse(line.toString()) as Record<string, string>;
	expect(Object.keys(addresses)).toEqual(['api', 'admin', 'phones', 'feeds', 'token', 'appId', 'appSecret', 'verifyToken', 'phoneNumberId', 'businessAccountId']);
	const state = (await (await fetch(`${addresses.admin}/state`)).json()) as { knobs: { noReadReceipts: number }; webhook: { waitingFor: string } };
	expect([state.knobs.noReadReceipts, state.webhook.waitingFor]).toEqual([0.5, 'http://127.0.0.1:9/']);
	sandbox.kill(signal);
	expect(await exited).toEqual([0, null]);
});

it.each([
	[['--host', '0.0.0.0'], 'this computer only'],
	[['--token', 'EAAGabc123'], 'looks like a real one'],
	[['--port', 'eighty'], 'not a port number'],
	[['--knob', 'colour=red'], 'colour'],
	[['--webhook', 'https://council.example/'], 'this computer only'],
	[['--clock-rate', 'fast'], 'from 0 to'],
	[['--starts-at', 'noon'], 'not a date'],
	[['--oops'], '--oops'],
])('says in one sentence why it does not start: %j', async (flags, reason) => {
	const sandbox = run(...flags);
	const [text, [code]] = await Promise.all([textOf(sandbox.stderr), once(sandbox, 'exit') as Promise<[number]>]);
	expect(code).toBe(1);
	expect(text).toContain(reason);
	expect(text).not.toMatch(/\n\s+at /);
});

it('explains every knob with --help', async () => {
	const sandbox = run('--help');
	expect(await textOf(sandbox.stdout)).toContain('webhookRetryFactor = 0.01');
});

it('refuses to start on a port that is taken, and leaves nothing open', async () => {
	const first = await startSandbox();
	const adminPort = Number(new URL(first.admin).port);
	await expect(startSandbox({ adminPort })).rejects.toThrow('EADDRINUSE');
	await first.stop();
});

it('keeps a bounded journal', () => {
	const journal = new Journal({ now: () => 0 }, 3);
	for (let nth = 1; nth <= 5; nth++) journal.record({ kind: 'request', body: String(nth) });
	expect(journal.entries().map(({ sequence, body }) => [sequence, body])).toEqual([[3, '3'], [4, '4'], [5, '5']]);
	expect(journal.entries({ after: 4 }).map(({ sequence }) => sequence)).toEqual([5]);
	expect(journal.size).toBe(5);
});
