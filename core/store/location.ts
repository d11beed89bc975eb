import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { CivicError } from '../errors';

/** The settings of this n8n that decide where a store may live. The adapter reads them from the environment. */
export interface HostSettings {
	/** N8N_USER_FOLDER. */
	userFolder?: string;
	/**
	 * N8N_RESTRICT_FILE_ACCESS_TO: folders that n8n's file nodes may reach, separated by `;`. Not set means `~/.n8n-files`;
	 * set but empty means every folder.
	 */
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
	requireUnreachable(
		place,
		host,
		(reachable) =>
			new CivicError(
				'store.location',
				`The store folder ${place} can be reached by n8n's file nodes (${reachable}), so any flow could read or change it.`,
				'Leave the folder empty to use the default, or choose one outside N8N_RESTRICT_FILE_ACCESS_TO. Where that setting is empty, file nodes reach every folder but n8n’s own.',
			),
	);
	return place;
}

/** @throws what `refusal` makes of the folder through which n8n's file nodes reach the place */
export function requireUnreachable(place: string, host: HostSettings, refusal: (reachable: string) => CivicError): void {
	// n8n judges a file by its real path, so a symbolic link counts as what it points at.
	const real = realPlace(place);
	if (host.blocksOwnFiles && isInside(real, realPlace(n8nFolder(host)))) return;
	for (const reachable of reachableFolders(host)) {
		if (isInside(real, realPlace(reachable)) || isInside(place, reachable)) throw refusal(reachable);
	}
}

function n8nFolder(host: HostSettings): string {
	return join(host.userFolder?.trim() || homedir(), '.n8n');
}

/** As n8n reads its list: spaces and quotes around it fall away, `~` is the home folder, and a list without a folder allows everything. */
function reachableFolders(host: HostSettings): string[] {
	const list = (host.fileAccess ?? '~/.n8n-files').trim().replace(/^(['"])(.*)\1$/, '$2');
	const entries = list.split(';').map((entry) => entry.trim()).filter((entry) => entry !== '');
	if (entries.length === 0) return [parse(resolve('.')).root];
	return entries.map((entry) => resolve(entry.startsWith('~') ? entry.replace('~', homedir()) : entry));
}

/** Symbolic links a path may lead through, as in Linux; more of them are a circle. */
const linksFollowed = 40;

/** The path without symbolic links. What does not exist yet is taken as it is written, below what does. */
function realPlace(path: string, followed = 0): string {
	try {
		return realpathSync(path);
	} catch (cause) {
		if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw unusable(path, cause);
	}
	const parent = dirname(path);
	if (parent === path) return path;
	// A link to something that does not exist yet: it will be followed once that was made.
	const link = lstatSync(path, { throwIfNoEntry: false });
	if (link?.isSymbolicLink() === true) {
		if (followed === linksFollowed) throw unusable(path);
		return realPlace(resolve(parent, readlinkSync(path)), followed + 1);
	}
	return join(realPlace(parent, followed), basename(path));
}

function unusable(path: string, cause?: unknown): CivicError {
	return new CivicError(
		'store.location',
		`It cannot be told where the store folder ${path} lies.`,
		'Check that the user that runs n8n may enter the folders above it, and that no symbolic link leads in a circle.',
		{ cause },
	);
}

function isInside(path: string, folder: string): boolean {
	const way = relative(folder, path);
	return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
