import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = resolve(__dirname, '../../.ci/totals.mjs');

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'civic-totals-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** The last line and the exit code, for steps that ended so and reports that say so. */
async function totals(steps: Record<string, number>, reports: Record<string, string> = {}) {
	await writeFile(join(folder, 'steps'), Object.entries(steps).map(([name, code]) => `${name}\t${code}\n`).join(''));
	for (const [name, text] of Object.entries(reports)) await writeFile(join(folder, `${name}.json`), text);
	return new Promise<{ last: string | undefined; code: unknown }>((done) => {
		execFile(process.execPath, [program, folder], (error, stdout) => done({ last: stdout.trim().split('\n').at(-1), code: error?.code ?? 0 }));
	});
}

function report(passed: number, failed = 0, skipped = 0, testResults: unknown[] = []): string {
	return JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: 0, testResults });
}

describe('the totals of a run', () => {
	it('add up over all rings', async () => {
		const ended = await totals({ install: 0, lint: 0, one: 0, two: 0 }, { one: report(5, 0, 2), two: report(3) });
		expect(ended).toEqual({ last: '8 passed, 0 failed', code: 0 });
	});

	it.each([
		['a test that failed', { one: 1 }, { one: report(5, 2) }, '5 passed, 2 failed'],
		['a step that failed', { lint: 1, one: 0 }, { one: report(5) }, '5 passed, 1 failed'],
		['a ring that broke after its tests', { one: 1 }, { one: report(5) }, '5 passed, 1 failed'],
		['a file that could not be loaded', { one: 1 }, { one: report(5, 0, 0, [{ status: 'failed', assertionResults: [] }]) }, '5 passed, 1 failed'],
		['a ring whose report was cut short', { one: 1, two: 0 }, { one: '{"numPassed', two: report(3) }, '3 passed, 1 failed'],
		['a ring that left no report', { one: 0, two: 0 }, { one: '', two: report(3) }, '3 passed, 1 failed'],
		['a ring in which everything was skipped', { one: 0, two: 0 }, { one: report(0, 0, 4), two: report(3) }, '3 passed, 1 failed'],
		['a run that stopped before its tests', { install: 1 }, {}, '0 passed, 1 failed'],
		['a run without a step', {}, {}, '0 passed, 1 failed'],
	])('count %s', async (_, steps: Record<string, number>, reports: Record<string, string>, last) => {
		expect(await totals(steps, reports)).toEqual({ last, code: 1 });
	});

	it('are no success without a test', async () => {
		expect(await totals({ install: 0, lint: 0 })).toEqual({ last: '0 passed, 0 failed', code: 1 });
	});
});
