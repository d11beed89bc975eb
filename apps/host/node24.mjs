/**
 * `node apps/host/node24.mjs <arguments of node>` runs them with Node 24, which n8n 2.41 and `node:sqlite` need,
 * on a machine whose own Node may be older. Plain JavaScript without dependencies, for Node 20 and newer.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, prepareOnce, say } from './cache.mjs';
import { runCommand } from './command.mjs';

const MAJOR = 24;
const PLATFORMS = { linux: 'linux', darwin: 'darwin', win32: 'win' };

/** Node 24: the running one where it is new enough, else the npm package. */
export async function ensureNode24() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= MAJOR) return { binary: process.execPath, folder: dirname(process.execPath) };
	return await ensureNode24Package();
}

/** Node 24 from the npm registry, which also carries the headers that native modules compile against. */
export async function ensureNode24Package() {
	const name = `node-${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
	const home = await prepareOnce(join(cacheRoot(), `node${MAJOR}`), `Node ${MAJOR}`, async (part) => {
		say(`Fetching Node ${MAJOR} (${name}, about 50 MB, once)…`);
		const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
		await runCommand('npm', ['install', ...flags, '--prefix', part, `${name}@${MAJOR}`], { cwd: part });
	});
	const root = join(home, 'node_modules', name);
	const folder = join(root, 'bin');
	return { binary: join(folder, process.platform === 'win32' ? 'node.exe' : 'node'), folder, headers: root };
}

/** The environment in which every plain `node`, `npm` and `npx` is that Node. */
export function withNodeFirst(folder, env = process.env) {
	return { ...env, PATH: env.PATH ? `${folder}${delimiter}${env.PATH}` : folder };
}

async function launch(args) {
	const { binary, folder } = await ensureNode24();
	const child = spawn(binary, args, { stdio: 'inherit', env: withNodeFirst(folder) });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, () => {
			// Ctrl-C in a terminal reaches the child by itself; sending it twice would read as "at once".
			if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
		});
	}
	child.once('error', (cause) => stopWith(cause));
	child.once('close', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function stopWith(cause) {
	if (cause.signal) process.exit(128 + constants.signals[cause.signal]);
	say(`Node ${MAJOR} is not available: ${cause.message}`);
	say('Check that this machine reaches the npm registry, or install Node 24 and run the command again.');
	process.exit(1);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	launch(process.argv.slice(2)).catch(stopWith);
}
