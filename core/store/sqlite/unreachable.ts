import { CivicError, isCivicError } from '../../errors';

const nothingChanged = 'Nothing was changed by this step; run it again afterwards.';

/** What SQLite says when the file cannot be reached or written, by primary result code (sqlite.org/rescode.html), and how to go on. */
const hints = new Map<number, string>([
	[3, 'Check that n8n may write to the file and its folder.'],
	[5, 'Check which program holds it: another program than n8n must not keep a transaction open on it.'],
	[6, 'Check which program holds it: another program than n8n must not keep a transaction open on it.'],
	[7, 'The machine is out of memory.'],
	[8, 'Check that n8n may write to the file and its folder.'],
	[10, 'Check the disk.'],
	[11, 'The file is damaged. Keep a copy of it, and restore the newest backup.'],
	[13, 'Make room on the disk.'],
	[14, 'Check that the folder exists and that n8n may write to it.'],
	[26, 'The file is damaged. Keep a copy of it, and restore the newest backup.'],
]);

/** Primary result code of SQLite, or undefined when something else was thrown. */
export function sqliteCode(thrown: unknown): number | undefined {
	if (!(thrown instanceof Error) || !('code' in thrown) || thrown.code !== 'ERR_SQLITE_ERROR') return undefined;
	return 'errcode' in thrown && typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : undefined;
}

/**
 * Says in words that the disk or the system stood in the way. What is neither (a broken constraint, a slip in a
 * command) comes back as it was: telling somebody to look at the disk would lead them astray.
 */
export function asUnreachable(cause: unknown, path: string): unknown {
	if (isCivicError(cause) || !(cause instanceof Error)) return cause;
	const hint = hintFor(cause);
	if (hint === undefined) return cause;
	return new CivicError('store.unreachable', `The store ${path} could not be opened or written: ${cause.message}.`, `${hint} ${nothingChanged}`, { cause });
}

function hintFor(cause: Error): string | undefined {
	const code = sqliteCode(cause);
	if (code !== undefined) return hints.get(code);
	return 'syscall' in cause ? 'Check that the disk has room and that n8n may write to the folder.' : undefined;
}
