/** What the API took from the same caller for the same person, by the caller's own correlation. */
export interface AcceptedEntry {
	/** Digits that the message went to. */
	readonly to: string;
	/** `biz_opaque_callback_data`; empty where none was sent. */
	readonly callback: string;
	/** Of the newest of them. */
	readonly ids: string[];
	/** How often: above 1, somebody got the same thing twice. */
	count: number;
}

export interface AcceptedLimits {
	/** Pairs of recipient and callback data. */
	readonly pairs: number;
	/** Ids that are kept of one pair. */
	readonly ids: number;
}

/** Every message accepted, so that a test can prove that nobody got two; of very many, the pairs that came last. */
export class AcceptedMessages {
	private readonly byKey = new Map<string, AcceptedEntry>();
	/** Goes along the keys as their pairs are dropped; a new iterator would step over all the gaps before the first. */
	private oldest = this.byKey.keys();
	private messages = 0;
	private gone = 0;

	constructor(private readonly limits: AcceptedLimits = { pairs: 500_000, ids: 1000 }) {}

	record(to: string, callback: string | undefined, id: string): void {
		this.messages++;
		const key = `${to}\n${callback ?? ''}`;
		const entry = this.byKey.get(key);
		if (entry) {
			entry.count++;
			entry.ids.push(id);
			if (entry.ids.length > this.limits.ids) entry.ids.shift();
			return;
		}
		this.byKey.set(key, { to, callback: callback ?? '', ids: [id], count: 1 });
		if (this.byKey.size > this.limits.pairs) this.dropOldest();
	}

	get total(): number {
		return this.messages;
	}

	/** How many pairs are no longer known. A message of such a pair begins a new one. */
	get dropped(): number {
		return this.gone;
	}

	entries(): AcceptedEntry[] {
		return [...this.byKey.values()];
	}

	/** Pairs of recipient and callback data that were accepted more than once. */
	duplicates(): AcceptedEntry[] {
		return this.entries().filter(({ count }) => count > 1);
	}

	clear(): void {
		this.byKey.clear();
		this.oldest = this.byKey.keys();
		this.messages = 0;
		this.gone = 0;
	}

	private dropOldest(): void {
		this.gone++;
		const { value } = this.oldest.next();
		if (value !== undefined) this.byKey.delete(value);
	}
}
