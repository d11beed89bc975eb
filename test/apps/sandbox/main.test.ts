import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { startSandbox } from '../../../apps/sandbox/sandbox';
import { adminRoutes } from '../../../apps/sandbox/admin/adminPlane';
import { faultSchema } from '../../../apps/sandbox/faults';
import { describeKnobs, knobTable } from '../../../apps/sandbox/knobs';

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
	[['--webhook', 'http://desk.internal/', '--allow-host', 'other.internal'], 'this computer only'],
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

it('listens on, answers to and sends to other hosts where they are allowed by name', async () => {
	const sandbox = await startSandbox({ host: '0.0.0.0', allowedHosts: ['0.0.0.0', 'sandbox.internal'] });
	const ask = (host: string): Promise<number | undefined> =>
		new Promise((resolve, reject) => {
			request({ port: Number(new URL(sandbox.admin).port), path: '/state', headers: { Host: host } }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end();
		});
	expect([await ask('sandbox.internal'), await ask('elsewhere.example')]).toEqual([200, 403]);
	await expect(sandbox.target.accept('http://desk.internal/')).rejects.toThrow('this computer only');
	await sandbox.stop();
});

it('refuses to start on a port that is taken, and leaves nothing open', async () => {
	const first = await startSandbox();
	const adminPort = Number(new URL(first.admin).port);
	await expect(startSandbox({ adminPort })).rejects.toThrow('EADDRINUSE');
	await first.stop();
});

it('has a README with every knob, address of the admin plane, flag and fault', async () => {
	const readme = readFileSync('apps/sandbox/README.md', 'utf8');
	expect(readme).toContain(`${knobTable()}\n`);
	for (const route of adminRoutes) expect(readme).toContain(`\`${route.replace(' ', ' /')}`);
	for (const kind of faultSchema._def.schema.shape.kind.options) expect(readme).toContain(`\`${kind}\``);
	const sandbox = run('--help');
	const flags = (await textOf(sandbox.stdout)).match(/--[a-z][a-z-]+/g) ?? [];
	for (const flag of flags) expect(readme).toContain(flag);
});

it('marks as assumed what its own words call undocumented', () => {
	const open = describeKnobs().filter(({ meaning }) => meaning.includes('[assumed]')).map(({ name }) => name);
	// What the fact sheet says nobody may claim to know.
	for (const name of ['rateLimitStatus', 'managementLimitStatus', 'windowClosed', 'messagingLimitCode', 'webhookRetryFactor', 'missingPlus', 'unknownTemplateStatus', 'pairLimit']) expect(open).toContain(name);
});
