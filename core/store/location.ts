import { homedir } from 'node:os';
import { join, relative, resolve, isAbsolute } from 'node:path';
import { CivicError } from '../errors';

/** The settings of this n8n that decide where a store may live. The adapter reads them from the environment. */
export interface HostSettings {
	/** N8N_USER_FOLDER. */
	userFolder?: string;
	/** N8N_RESTRICT_FILE_ACCESS_TO: folders that n8n's file nodes may reach, separated by `;`. */
	fileAccess?: string;
	/** N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES: true unless set to "false". */
	blocksOwnFiles: boolean;
	/** EXECUTIONS_MODE. */
	executionsMode?: string;
}

/** Where the store lives unless told otherwise: inside n8n's own folder, which its file nodes cannot reach. */
export function defaultStoreFolder(host: HostSettings): string {
	return join(n8nFolder(host), 'civic-comms');
}

/**
 * @param folder the folder asked for; empty means the default
 * @returns the absolute folder
 * @throws CivicError store.location when flow authors could read the store through n8n's file nodes; store.queue-mode
 */
export function storeFolder(folder: string | undefined, host: HostSettings): string {
	if (host.executionsMode === 'queue') {
		throw new CivicError(
			'store.queue-mode',
			'This n8n runs in queue mode, and a SQLite store serves a single process only.',
			'Run n8n in regular mode. A PostgreSQL store is what queue mode needs; this version does not have it yet.',
		);
	}
	const place = resolve(folder?.trim() || defaultStoreFolder(host));
	const keptFromNodes = host.blocksOwnFiles && isInside(place, n8nFolder(host));
	for (const reachable of keptFromNodes ? [] : reachableFolders(host)) {
		if (!isInside(place, reachable)) continue;
		throw new CivicError(
			'store.location',
			`The store folder ${place} can be reached by n8n's file nodes (${reachable}), so any flow could read or change it.`,
			'Leave the folder empty to use the default, or choose one outside N8N_RESTRICT_FILE_ACCESS_TO.',
		);
	}
	return place;
}

function n8nFolder(host: HostSettings): string {
	return join(host.userFolder?.trim() || homedir(), '.n8n');
}

/** With no list set, n8n's file nodes reach `~/.n8n-files`. */
function reachableFolders(host: HostSettings): string[] {
	const list = host.fileAccess?.trim() ? host.fileAccess.split(';') : [join(homedir(), '.n8n-files')];
	return list.map((entry) => entry.trim()).filter((entry) => entry !== '').map((entry) => resolve(entry));
}

function isInside(path: string, folder: string): boolean {
	const way = relative(folder, path);
	return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
