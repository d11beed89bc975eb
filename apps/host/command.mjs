/**
 * Runs a program whose output matters only when it fails: npm, tar.
 * It gets its own process group, so stopping this process stops it and everything it started.
 */
import { spawn } from 'node:child_process';
import { say } from './cache.mjs';

const TAIL_LINES = 25;
const PROGRESS_MS = 20_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function runCommand(command, args, options) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd: options.cwd,
			env: options.env ?? npmEnvironment(),
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true,
		});
		const output = { stdout: '', all: '' };
		child.stdout.on('data', (text) => {
			output.stdout += text;
			output.all += text;
		});
		child.stderr.on('data', (text) => (output.all += text));
		const settle = stopWithUs(child, options.progress);
		child.once('error', (cause) => {
			settle();
			reject(new Error(`${command} did not start: ${cause.message}`, { cause }));
		});
		child.once('close', (code, signal) => {
			const stopped = settle();
			if (code === 0) resolve(output.stdout);
			else reject(Object.assign(new Error(ended(command, args, stopped ?? signal ?? code, output.all)), { signal: stopped }));
		});
	});
}

/** Passes our own stop signals to the child's group; the returned function undoes that and names the signal. */
function stopWithUs(child, progress) {
	let stopped;
	const stop = (signal) => {
		stopped = signal;
		if (child.pid !== undefined) killGroup(child.pid, signal);
	};
	for (const signal of SIGNALS) process.on(signal, stop);
	const started = Date.now();
	const ticker = progress && setInterval(() => say(`  … ${progress}, ${minutes(Date.now() - started)}`), PROGRESS_MS);
	return () => {
		clearInterval(ticker);
		for (const signal of SIGNALS) process.off(signal, stop);
		return stopped;
	};
}

/** Signals every process of a group; a group that has already ended is what was wanted. */
export function killGroup(pid, signal) {
	try {
		process.kill(-pid, signal);
	} catch (error) {
		if (error.code !== 'ESRCH') throw error;
	}
}

/**
 * Our environment as a fresh npm should see it. `npm run` hands its own settings on as npm_* variables, the
 * project's .npmrc among them; only those a person would set for all of npm (registry, cache, proxy) stay.
 */
export function npmEnvironment() {
	const kept = /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|noproxy|cafile|offline|prefer_offline)$/i;
	return Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name)),
	);
}

export function minutes(milliseconds) {
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function ended(command, args, how, output) {
	const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
	return `"${command} ${args.join(' ')}" ended with ${how}.${tail ? `\n${tail}` : ''}`;
}
