/**
 * The cache of downloaded programs (Node 24, n8n), shared by every checkout of one user.
 * Plain JavaScript: it runs before Node 24 or any dependency exists.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const FINISHED = '.finished';
/** The owner of a lock touches it every 5 s; one untouched for a minute belongs to a process that died. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_MS = 60_000;

export function cacheRoot() {
	return process.env.CIVIC_COMMS_CACHE || join(homedir(), '.cache', 'civic-comms');
}

/** Progress goes to stderr: stdout belongs to the program that was asked for (often JSON). */
export function say(line) {
	process.stderr.write(`${line}\n`);
}

/**
 * Returns `folder` once it is complete, calling `fill(part)` if nobody has yet. The work happens in a
 * folder beside it that is renamed at the end, so a half-filled folder is never seen under the real name.
 */
export async function prepareOnce(folder, title, fill) {
	if (isFinished(folder)) return folder;
	await mkdir(dirname(folder), { recursive: true });
	const release = await lock(`${folder}.lock`, () => isFinished(folder), title);
	if (!release) return folder;
	try {
		if (!isFinished(folder)) await fillBeside(folder, fill);
		return folder;
	} finally {
		await release();
	}
}

function isFinished(folder) {
	return existsSync(join(folder, FINISHED));
}

async function fillBeside(folder, fill) {
	await removeLeftovers(folder);
	const part = `${folder}.part-${process.pid}`;
	await mkdir(part, { recursive: true });
	await fill(part);
	await writeFile(join(part, FINISHED), `${new Date().toISOString()}\n`);
	await rm(folder, { recursive: true, force: true });
	await rename(part, folder);
}

/** Only the lock's owner calls this, so every part folder found is from a run that was cut short. */
async function removeLeftovers(folder) {
	const parent = dirname(folder);
	const leftovers = (await readdir(parent)).filter((name) => name.startsWith(`${basename(folder)}.part-`));
	await Promise.all(leftovers.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

/** Takes the lock and returns its release, or returns undefined when `done()` became true while waiting. */
async function lock(path, done, title) {
	let told = false;
	for (;;) {
		if (await takeLock(path)) return holdLock(path);
		if (done()) return undefined;
		if (await isAbandoned(path)) {
			await rm(path, { recursive: true, force: true });
			continue;
		}
		if (!told) say(`Another run is already fetching ${title}; waiting for it.`);
		told = true;
		await pause(500);
	}
}

async function takeLock(path) {
	try {
		await mkdir(path);
		return true;
	} catch (error) {
		if (error.code === 'EEXIST') return false;
		throw error;
	}
}

function holdLock(path) {
	const heartbeat = setInterval(() => {
		// A missing lock folder was judged abandoned while this machine slept; the rename at the end stays safe.
		utimes(path, new Date(), new Date()).catch(() => clearInterval(heartbeat));
	}, HEARTBEAT_MS);
	return async () => {
		clearInterval(heartbeat);
		await rm(path, { recursive: true, force: true });
	};
}

async function isAbandoned(path) {
	try {
		return Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS;
	} catch (error) {
		if (error.code === 'ENOENT') return false;
		throw error;
	}
}
