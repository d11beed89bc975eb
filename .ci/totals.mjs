/**
 * Adds up a run of .ci/run: `node .ci/totals.mjs FOLDER`, where FOLDER holds `steps` (a line "name<TAB>exit code"
 * for each step) and a file `<name>.json` for each step that is a ring of tests: its vitest report, or nothing when the
 * ring did not get so far.
 * Ends with 1 when anything failed or when no test ran at all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const totals = { passed: 0, failed: 0, skipped: 0 };

for (const line of readFileSync(join(folder, 'steps'), 'utf8').trim().split('\n')) {
	const [name, code] = line.split('\t');
	const report = join(folder, `${name}.json`);
	const isRing = existsSync(report);
	const counts = (isRing && readCounts(report)) || { passed: 0, failed: 0, skipped: 0 };
	// A step may fail without a failed test: lint, a build, a ring that never started or broke after its tests.
	// A ring in which nothing ran has shown nothing, whatever its exit code says.
	if (counts.failed === 0 && (code !== '0' || (isRing && counts.passed === 0))) counts.failed = 1;
	for (const key of ['passed', 'failed', 'skipped']) totals[key] += counts[key];
	console.log(`${name}: ${describe(code, counts, isRing)}`);
}

/** Undefined for a report that was never written, or not to its end: the last line has to come all the same. */
function readCounts(path) {
	try {
		return countTests(JSON.parse(readFileSync(path, 'utf8')));
	} catch {
		return undefined;
	}
}

/** A file that could not be loaded holds no test, yet is a failure. */
function countTests(report) {
	const broken = report.testResults.filter(
		(file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
	);
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + broken.length,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}

function describe(code, counts, isRing) {
	const ended = code === '0' ? 'ok' : `ended with ${code}`;
	return isRing ? `${ended}, ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : ended;
}

if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
