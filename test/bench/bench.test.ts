import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { figure, keepsGoal, median } from '../../bench/bench';

async function bench(...flags: string[]): Promise<{ code: number | null; out: string; err: string }> {
	const child = spawn(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
	let [out, err] = ['', ''];
	child.stdout.on('data', (text) => (out += String(text)));
	child.stderr.on('data', (text) => (err += String(text)));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, out, err };
}

interface Line {
	bench: string;
	machine: Record<string, unknown>;
	figures: Record<string, Record<string, unknown>>;
}

const lastLine = (out: string): Line => JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Line;

const anyFigure = (unit: string, goal: string | null) => ({ value: expect.any(Number) as number, unit, baseline: expect.any(Number) as number, ratio: expect.any(Number) as number, goal });

describe('npm run bench', () => {
	it('measures the client beside its peers, in the form that others rely on', async () => {
		const { code, out, err } = await bench('client', '--json', '--rounds', '1', '--messages', '20', '--helper-messages', '6', '--in-flight', '3', '--latency', '1');
		expect(code, err).toBe(0);
		const line = lastLine(out);
		expect(line).toEqual({
			bench: 'client',
			machine: { cpu: expect.any(String) as string, cores: expect.any(Number) as number, memoryGiB: expect.any(Number) as number, platform: expect.any(String) as string, node: process.version, load: expect.any(Number) as number },
			figures: {
				rate: anyFigure('messages/s', 'ratio >= 4'),
				cpu: anyFigure('ms/message', null),
				handshakes: anyFigure('handshakes/1000 messages', null),
				cpuBare: anyFigure('ms/message', 'ratio <= 1.5'),
			},
		});
		// Two rounds, one of them the warm-up, over three connections; n8n's helper opens one for each message.
		expect(line.figures.handshakes).toMatchObject({ value: 75, baseline: 1000 });
	}, 60_000);

	it('measures the sandbox beside a bare responder, as a table', async () => {
		const { code, out, err } = await bench('sandbox', '--rounds', '1', '--seconds', '1', '--connections', '2');
		expect(code, err).toBe(0);
		expect(out).toMatch(/accept.*messages\/s.*value >= 3000/);
		expect(out).toMatch(/All [1-9]\d* messages were answered with 200, and a webhook told of each/);
	}, 60_000);

	it.each([
		['a bench that does not exist', ['pigeons'], 'There is no bench called "pigeons".'],
		['no bench at all', ['--json'], 'Which bench?'],
		['an option of another bench', ['client', '--seconds', '1'], 'has no option --seconds'],
		['an option that nobody has', ['client', '--colour', '1'], 'colour'],
		['a number that is none', ['client', '--rounds', 'many'], '--rounds takes a whole number'],
	])('refuses %s', async (_what, flags, message) => {
		const { code, out, err } = await bench(...flags);
		expect(code).toBe(3);
		expect(out).toBe('');
		expect(err).toContain(message);
		expect(err).toContain('Benches: client, sandbox.');
	});

	it('tells what there is to measure, and with which options', async () => {
		const { code, out } = await bench('--help');
		expect(code).toBe(0);
		for (const word of ['client', 'sandbox', '--helper-messages N', '--json']) expect(out).toContain(word);
	});
});

describe('a figure', () => {
	it('stands beside its baseline and its goal', () => {
		expect(figure(3480.4, 'messages/s', 17_400, { of: 'value', is: '>=', limit: 3000 })).toEqual({ value: 3480, unit: 'messages/s', baseline: 17_400, ratio: 0.2, goal: 'value >= 3000' });
		expect(figure(0.24, 'ms', 2).goal).toBeNull();
	});

	it.each([
		[figure(3000, '', 1, { of: 'value', is: '>=', limit: 3000 }), true],
		[figure(2999, '', 1, { of: 'value', is: '>=', limit: 3000 }), false],
		[figure(3, '', 2, { of: 'ratio', is: '<=', limit: 1.5 }), true],
		[figure(3.1, '', 2, { of: 'ratio', is: '<=', limit: 1.5 }), false],
		[figure(1, '', 1), undefined],
	])('keeps its goal or not', (given, kept) => {
		expect(keepsGoal(given)).toBe(kept);
	});

	it('is a median, which one bad round does not move', () => {
		expect([median([3, 1, 1000]), median([4, 1, 2, 3]), median([7])]).toEqual([3, 2.5, 7]);
	});
});
