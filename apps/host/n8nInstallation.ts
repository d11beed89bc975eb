import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, prepareOnce, say } from './cache.mjs';
import { minutes, npmEnvironment, runCommand } from './command.mjs';
import { ensureNode24Package, withNodeFirst } from './node24.mjs';

/** An installed n8n, ready to start. */
export interface N8nInstallation {
	version: string;
	/** The folder with its `node_modules`. */
	folder: string;
	/** The script that `node` runs: `<node> <entry> start`. */
	entry: string;
	/** The Node 24 that its native modules were built for. */
	node: { binary: string; folder: string };
}

const LOCK_FOLDER = join(__dirname, 'n8n');

/**
 * Installs the n8n of `n8n/package-lock.json` into the cache, once for every checkout with the same lock.
 * Takes 5 to 15 minutes the first time and milliseconds afterwards.
 */
export async function ensureN8n(): Promise<N8nInstallation> {
	const [node, version, lock] = await Promise.all([
		ensureNode24Package(),
		lockedVersion(),
		readFile(join(LOCK_FOLDER, 'package-lock.json')),
	]);
	const digest = createHash('sha256').update(lock).digest('hex').slice(0, 12);
	const folder = join(cacheRoot(), `n8n-${version}-${digest}`);
	await prepareOnce(folder, `n8n ${version}`, (part) => install(part, version, node));
	return { version, folder, entry: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'), node };
}

async function lockedVersion(): Promise<string> {
	const manifest: unknown = JSON.parse(await readFile(join(LOCK_FOLDER, 'package.json'), 'utf8'));
	return (manifest as { dependencies: { n8n: string } }).dependencies.n8n;
}

async function install(part: string, version: string, node: { folder: string; headers: string }): Promise<void> {
	const started = Date.now();
	say(`Fetching n8n ${version} (about 2,400 packages, 3 GB; 5 to 15 minutes, once)…`);
	for (const file of ['package.json', 'package-lock.json']) await copyFile(join(LOCK_FOLDER, file), join(part, file));
	const env: NodeJS.ProcessEnv = { ...withNodeFirst(node.folder, npmEnvironment()), npm_config_nodedir: node.headers };
	const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
	await runCommand('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: part, env, progress: `fetching n8n ${version}` });
	// sqlite3 is the one native module without a prebuilt binary in its package; isolated-vm brings its own.
	await runCommand('npm', ['rebuild', 'sqlite3', '--ignore-scripts=false', ...quiet], {
		cwd: part,
		env,
		progress: 'building its database driver',
	});
	say(`n8n ${version} is ready after ${minutes(Date.now() - started)}.`);
}
