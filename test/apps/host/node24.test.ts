import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const launcher = join(__dirname, '../../../apps/host/node24.mjs');

function launch(script: string) {
	return spawn(process.execPath, [launcher, '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('the Node 24 launcher', () => {
	it('runs Node 24 or newer, which is also the node of every program it starts', async () => {
		const run = launch("console.log(process.version); require('node:child_process').spawnSync('node', ['--version'], { stdio: 'inherit' })");
		const lines: string[] = [];
		createInterface(run.stdout).on('line', (line) => lines.push(line));
		await once(run, 'close');
		expect(lines).toEqual([expect.stringMatching(/^v(2[4-9]|[3-9]\d)\./), lines[0]]);
	});

	it('ends with the exit code of what it ran', async () => {
		expect((await once(launch('process.exit(7)'), 'close'))[0]).toBe(7);
	});

	it.each(['SIGINT', 'SIGTERM'] as const)('passes %s on and waits for the orderly end', async (signal) => {
		const run = launch(`
			process.on('${signal}', () => setTimeout(() => process.exit(3), 50));
			setInterval(() => undefined, 1000);
			console.log('ready');
		`);
		await once(createInterface(run.stdout), 'line');
		run.kill(signal);
		expect((await once(run, 'close'))[0]).toBe(3);
	});

	it('tells by its own exit code that what it ran was killed', async () => {
		expect((await once(launch("process.kill(process.pid, 'SIGKILL')"), 'close'))[0]).toBe(128 + 9);
	});
});
