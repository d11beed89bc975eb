import type { Command } from './command';

/** The one port to everything that lasts. SQLite serves it now; PostgreSQL will serve the same commands. */
export interface Store {
	/** Runs one command in one transaction. Rejects with a CivicError; then nothing was changed. */
	execute<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output>;
	close(): Promise<void>;
}
