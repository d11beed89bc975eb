import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Store } from './store';
import { WorkerStore } from './sqlite/workerStore';

/**
 * One store handle a process. n8n loads a package's modules anew when it is updated, so a module variable would
 * open a second worker in the middle of a send; the handle therefore hangs on the global object. A new build (another
 * worker file) gets a worker of its own, while code that is still running keeps the one it has.
 */
const registryKey = Symbol.for('n8n-nodes-civic-comms.stores');

type Registry = Map<string, Promise<Store>>;

function registry(): Registry {
	const host = globalThis as { [registryKey]?: Registry };
	return (host[registryKey] ??= new Map());
}

/**
 * Which build of the worker the code that asks belongs to: fixed when it asks first. Code that was loaded before an
 * update knows the commands of its own build, so it must not come to a worker of the next one.
 */
const builds = new Map<string, string>();

function buildOf(workerFile: string): string {
	let build = builds.get(workerFile);
	if (build === undefined) {
		// npm gives every file of every package the same mtime, and a file system uses inodes again; ctime tells builds apart.
		const { ctimeMs, ino, size } = statSync(workerFile);
		build = `${workerFile}@${ctimeMs}/${ino}/${size}`;
		builds.set(workerFile, build);
	}
	return build;
}

export interface ProcessStoreSettings {
	folder: string;
	/** Compiled worker file. */
	workerFile: string;
	/** Compiled module that exports `commands`. */
	commandsModule: string;
}

/** Opens the store of this folder, or hands out the one that is open. */
export function openProcessStore(settings: ProcessStoreSettings): Promise<Store> {
	const folder = resolve(settings.folder);
	const key = `${folder}\0${buildOf(settings.workerFile)}`;
	const stores = registry();
	const open = stores.get(key);
	if (open !== undefined) return open;
	const opening: Promise<Store> = WorkerStore.open(settings.workerFile, { folder, commandsModule: settings.commandsModule }, () =>
		forget(key, opening),
	);
	stores.set(key, opening);
	// A store that did not open is not remembered: the cause may be mended without a restart.
	opening.catch(() => forget(key, opening));
	return opening;
}

function forget(key: string, handle: Promise<Store>): void {
	if (registry().get(key) === handle) registry().delete(key);
}
