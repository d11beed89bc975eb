import { closeSync, fsyncSync, openSync, readFileSync, writeSync, constants, fstatSync } from 'node:fs';
import { z } from 'zod';
import { CivicError } from '../errors';
import type { Random } from '../world';
import type { KeyMaterial } from './keyring';

const secret = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64');
const format = z
	.object({ version: z.literal(1), wrapping: secret, lookup: secret, mac: secret, ledger: secret })
	.strict();

/** Makes the key file, readable by its owner alone (0600), and syncs it to disk before the store is used. */
export function createKeyFile(path: string, random: Random): KeyMaterial {
	const material: KeyMaterial = {
		wrapping: random.bytes(32),
		lookup: random.bytes(32),
		mac: random.bytes(32),
		ledger: random.bytes(32),
	};
	const text = JSON.stringify(
		{
			version: 1,
			wrapping: material.wrapping.toString('base64'),
			lookup: material.lookup.toString('base64'),
			mac: material.mac.toString('base64'),
			ledger: material.ledger.toString('base64'),
		},
		null,
		'\t',
	);
	// O_EXCL: two processes on first use must not each make keys; the second finds the first one's.
	const file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
	try {
		writeSync(file, `${text}\n`);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	return material;
}

/**
 * Reads the key file.
 * @returns undefined when there is none
 * @throws CivicError store.keys-wrong when it is unreadable, damaged, or open to other users
 */
export function readKeyFile(path: string): KeyMaterial | undefined {
	let text: string;
	try {
		const file = openSync(path, 'r');
		try {
			const stat = fstatSync(file);
			if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) throw openToOthers(path);
			text = readFileSync(file, 'utf8');
		} finally {
			closeSync(file);
		}
	} catch (cause) {
		if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
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
		'Restore it from the backup that was taken together with the store.',
		// The cause of a parse may quote the text, and the text is secret: only its kind travels.
		{ cause: cause instanceof Error ? cause.name : undefined },
	);
}
