import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

async function run(...flags: string[]): Promise<{ code: number; out: string; complaint: string }> {
	const demo = spawn(process.execPath, ['--import', 'tsx', 'apps/demo/main.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
	let [out, complaint] = ['', ''];
	demo.stdout.on('data', (text) => (out += String(text)));
	demo.stderr.on('data', (text) => (complaint += String(text)));
	const [code] = (await once(demo, 'close')) as [number];
	return { code, out, complaint };
}

it('says with --help how a knob of the stand-in for WhatsApp is turned, and where they are listed', async () => {
	const { code, out } = await run('--help');
	expect(code).toBe(0);
	expect(out).toMatch(/--knob NAME=VALUE[^]*blockedByResident=131026[^]*npm run sandbox -- --help/);
});

it('starts nothing when a knob is turned that is not there', async () => {
	expect(await run('--knob', 'colour=red')).toMatchObject({ code: 1, out: '', complaint: expect.stringMatching(/^There is no knob colour\..*\n$/) as string });
});
