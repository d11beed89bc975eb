import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CivicError } from '../errors';
import type { Random } from '../world';
import type { KeyMaterial } from './keyring';

const secret = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64');
const format = z
	.object({ version: z.literal(1), wrapping: secret, lookup: secret, mac: secret, ledger: secret })
	.strict();

/**
 * Makes the key file, readable by its owner alone (0600), and syncs it to disk before the store is used. Two processes
 * may do so at the same moment: the file appears whole or not at all, and who comes second takes the first one's keys.
 */
export function createKeyFile(path: string, random: Random): KeyMaterial {
	const material: KeyMaterial = {
		wrapping: random.bytes(32),
		lookup: random.bytes(32),
		mac: random.bytes(32),
		ledger: random.bytes(32),
	};
	const unfinished = `${path}.${random.bytes(6).toString('hex')}`;
	try {
		writeSynced(unfinished, `${JSON.stringify(written(material), null, '\t')}\n`);
		// A link, unlike a renaming, never replaces what is there.
		linkSync(unfinished, path);
	} catch (cause) {
		if (!hasCode(cause, 'EEXIST')) throw cause;
		const first = readKeyFile(path);
		if (first === undefined) throw cause;
		return first;
	} finally {
		removeIfThere(unfinished);
	}
	syncFolder(dirname(path));
	return material;
}

function written(material: KeyMaterial): Record<string, string | number> {
	const { wrapping, lookup, mac, ledger } = material;
	const base64 = { wrapping, lookup, mac, ledger };
	return { version: 1, ...Object.fromEntries(Object.entries(base64).map(([name, bytes]) => [name, bytes.toString('base64')])) };
}

function writeSynced(path: string, text: string): void {
	const file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
	try {
		writeFileSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

function removeIfThere(path: string): void {
	try {
		unlinkSync(path);
	} catch (cause) {
		// It could not be made in the first place, and that is what the caller hears of.
		if (!hasCode(cause, 'ENOENT')) throw cause;
	}
}

/** The name of the key file must survive a power cut as surely as its content. Windows has no such call. */
function syncFolder(path: string): void {
	if (process.platform === 'win32') return;
	const folder = openSync(path, 'r');
	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}

/**
 * Reads the key file.
 * @returns undefined when there is none
 * @throws CivicError store.keys-wrong when it is unreadable, damaged, or open to other users
 */
export function readKeyFile(path: string): KeyMaterial | undefined {
	let text: string;
	try {
		text = readClosed(path);
	} catch (cause) {
		if (hasCode(cause, 'ENOENT')) return undefined;
		throw cause instanceof CivicError ? cause : damaged(path, cause);
	}
	let parsed;
	try {
		parsed = format.parse(JSON.parse(text));
	} catch (cause) {
		throw damaged(path, cause);
	}
	return {
		wrapping: Buffer.from(parsed.wrapping, 'base64'),
		lookup: Buffer.from(parsed.lookup, 'base64'),
		mac: Buffer.from(parsed.mac, 'base64'),
		ledger: Buffer.from(parsed.ledger, 'base64'),
	};
}

function readClosed(path: string): string {
	const file = openSync(path, 'r');
	try {
		if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) throw openToOthers(path);
		return readFileSync(file, 'utf8');
	} finally {
		closeSync(file);
	}
}

function hasCode(cause: unknown, code: string): boolean {
	return cause instanceof Error && 'code' in cause && cause.code === code;
}

function openToOthers(path: string): CivicError {
	return new CivicError(
		'store.keys-wrong',
		`The key file ${path} can be read by other users of this machine.`,
		'Make it readable by its owner alone (chmod 600) and start again.',
	);
}

function damaged(path: string, cause: unknown): CivicError {
	return new CivicError(
		'store.keys-wrong',
		`The key file ${path} cannot be read as a key file.`,
		'Restore it from the backup that was taken together with the store, owned by the user that runs n8n.',
		// The cause of a parse may quote the text, and the text is secret: only its kind travels.
		{ cause: cause instanceof Error ? cause.name : undefined },
	);
}
