import { statSync } from 'node:fs';
import { CivicError } from '../../errors';

/**
 * Which files an open connection writes to. When one is deleted or replaced, SQLite goes on writing to the old one,
 * which has no name any more: everything acknowledged from then on would be gone with the next restart.
 */
export class PlaceOnDisk {
	readonly #files: ReadonlyArray<{ path: string; file: string | undefined }>;

	/** @param path the database, open and in WAL mode */
	constructor(private readonly path: string) {
		this.#files = [path, `${path}-wal`].map((of) => ({ path: of, file: fileAt(of) }));
	}

	/** @throws CivicError store.unreachable when a file is no longer where it was */
	check(): void {
		for (const { path, file } of this.#files) {
			if (fileAt(path) === file) continue;
			throw new CivicError(
				'store.unreachable',
				`The store ${this.path} was moved or deleted while it was in use.`,
				'Put the file back where it was, or restore the newest backup, and restart n8n. Nothing is written or sent until then.',
			);
		}
	}
}

function fileAt(path: string): string | undefined {
	const found = statSync(path, { bigint: true, throwIfNoEntry: false });
	return found === undefined ? undefined : `${found.dev}/${found.ino}`;
}
