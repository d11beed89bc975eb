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

export interface JournalLimits {
	readonly entries: number;
	/** Of all texts together, with a little for each entry. */
	readonly characters: number;
}

/** About what the fields of an entry take that are no text. */
const entryCharacters = 100;

/** The newest entries, in a ring: writing is constant in time, and the memory is bounded by their number and their texts. */
export class Journal {
	private readonly ring: Array<JournalEntry | undefined> = [];
	private written = 0;
	private gone = 0;
	private characters = 0;

	constructor(
		private readonly clock: Clock,
		private readonly limits: JournalLimits,
	) {}

	/** @returns the sequence number of the entry, from 1 */
	record(note: JournalNote): number {
		const sequence = this.written + 1;
		const entry: JournalEntry = { sequence, at: this.clock.now(), ...note };
		this.characters += charactersOf(entry);
		while (this.gone < this.written && (this.written - this.gone >= this.limits.entries || this.characters > this.limits.characters)) this.dropOldest();
		this.ring[this.written % this.limits.entries] = entry;
		return (this.written = sequence);
	}

	/** How many entries were ever written; the oldest may have left the ring. */
	get size(): number {
		return this.written;
	}

	/** How many of them have left it: those with the sequence numbers up to this one. */
	get dropped(): number {
		return this.gone;
	}

	/** Entries from old to new. */
	entries({ kind, after = 0, limit = Infinity }: JournalQuery = {}): JournalEntry[] {
		const found: JournalEntry[] = [];
		const oldest = Math.max(after, this.gone);
		for (let index = oldest; index < this.written && found.length < limit; index++) {
			const entry = this.ring[index % this.limits.entries];
			if (entry && (kind === undefined || entry.kind === kind)) found.push(entry);
		}
		return found;
	}

	clear(): void {
		this.ring.length = 0;
		this.written = 0;
		this.gone = 0;
		this.characters = 0;
	}

	private dropOldest(): void {
		const at = this.gone++ % this.limits.entries;
		const entry = this.ring[at];
		this.ring[at] = undefined;
		if (entry) this.characters -= charactersOf(entry);
	}
}

function charactersOf({ path = '', body = '', outcome = '' }: JournalEntry): number {
	return entryCharacters + path.length + body.length + outcome.length;
}
