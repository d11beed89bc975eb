import type { Clock } from './clock';

export type JournalKind = 'request' | 'response' | 'webhook' | 'handshake' | 'feed';

/** One thing that went over a wire. `body` is the exact text; tokens never reach the journal. */
export interface JournalEntry {
	readonly sequence: number;
	/** Milliseconds since the epoch by the sandbox's clock. */
	readonly at: number;
	readonly kind: JournalKind;
	readonly method?: string;
	readonly path?: string;
	readonly status?: number;
	readonly body?: string;
	/** The sequence number of the request that a response belongs to. */
	readonly answers?: number;
	/** Which try a webhook delivery was, from 1. */
	readonly attempt?: number;
	/** What came of it, where a status alone does not tell. */
	readonly outcome?: string;
}

export type JournalNote = Omit<JournalEntry, 'sequence' | 'at'>;

export interface JournalQuery {
	kind?: JournalKind;
	/** Only entries after this sequence number. */
	after?: number;
	limit?: number;
}

/** The newest entries, in a ring: writing is constant in time and the memory is bounded. */
export class Journal {
	private readonly ring: JournalEntry[] = [];
	private written = 0;

	constructor(
		private readonly clock: Clock,
		private readonly capacity: number,
	) {}

	/** @returns the sequence number of the entry, from 1 */
	record(note: JournalNote): number {
		const sequence = this.written + 1;
		this.ring[this.written % this.capacity] = { sequence, at: this.clock.now(), ...note };
		return (this.written = sequence);
	}

	/** How many entries were ever written; the oldest may have left the ring. */
	get size(): number {
		return this.written;
	}

	/** Entries from old to new. */
	entries({ kind, after = 0, limit = Infinity }: JournalQuery = {}): JournalEntry[] {
		const found: JournalEntry[] = [];
		const oldest = Math.max(after, this.written - this.ring.length);
		for (let index = oldest; index < this.written && found.length < limit; index++) {
			const entry = this.ring[index % this.capacity];
			if (entry && (kind === undefined || entry.kind === kind)) found.push(entry);
		}
		return found;
	}

	clear(): void {
		this.ring.length = 0;
		this.written = 0;
	}
}
