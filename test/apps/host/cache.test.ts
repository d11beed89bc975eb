import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareOnce } from '../../../apps/host/cache.mjs';

describe('prepareOnce', () => {
	let root: string;
	let target: string;

	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), 'civic-comms-cache-'));
		target = join(root, 'thing');
	});

	afterEach(async () => {
		await rm(root, { recursive: true, force: true });
	});

	it('fills the folder the first time and never again', async () => {
		let fills = 0;
		const fill = async (part: string) => {
			fills += 1;
			await writeFile(join(part, 'file'), 'whole');
		};
		expect(await prepareOnce(target, 'a thing', fill)).toBe(target);
		await prepareOnce(target, 'a thing', fill);
		expect(fills).toBe(1);
		expect(await readFile(join(target, 'file'), 'utf8')).toBe('whole');
	});

	it('shows no folder while the work is unfinished, and starts afresh after it stopped half way', async () => {
		const half = prepareOnce(target, 'a thing', async (part) => {
			await writeFile(join(part, 'half'), '');
			expect(existsSync(target)).toBe(false);
			throw new Error('the network went away');
		});
		await expect(half).rejects.toThrow('the network went away');
		expect(existsSync(target)).toBe(false);
		await prepareOnce(target, 'a thing', (part) => writeFile(join(part, 'file'), ''));
		expect((await readdir(target)).sort()).toEqual(['.finished', 'file']);
		expect(await readdir(root)).toEqual(['thing']);
	});

	it('lets one of several processes do the work while the others wait for it', async () => {
		const script = `
			import { appendFileSync } from 'node:fs';
			import { setTimeout as pause } from 'node:timers/promises';
			import { prepareOnce } from ${JSON.stringify(pathToFileURL(join(__dirname, '../../../apps/host/cache.mjs')).href)};
			await prepareOnce(${JSON.stringify(target)}, 'a thing', async () => {
				appendFileSync(${JSON.stringify(join(root, 'fills'))}, 'x');
				await pause(300);
			});
		`;
		const runs = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' }));
		const codes = await Promise.all(runs.map(async (run) => (await once(run, 'close'))[0]));
		expect(codes).toEqual([0, 0, 0]);
		expect(await readFile(join(root, 'fills'), 'utf8')).toBe('x');
	});

	it('takes over a lock whose owner has been silent for a minute, and clears what it left', async () => {
		await mkdir(`${target}.lock`);
		await utimes(`${target}.lock`, new Date(0), new Date(0));
		await mkdir(`${target}.part-1`);
		await appendFile(join(`${target}.part-1`, 'half'), '');
		await prepareOnce(target, 'a thing', (part) => writeFile(join(part, 'file'), ''));
		expect(await readdir(root)).toEqual(['thing']);
	});
});
