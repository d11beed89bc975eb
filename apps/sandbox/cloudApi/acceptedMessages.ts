/** What the API took from the same caller for the same person, by the caller's own correlation. */
export interface AcceptedEntry {
	/** Digits that the message went to. */
	readonly to: string;
	/** `biz_opaque_callback_data`; empty where none was sent. */
	readonly callback: string;
	readonly ids: string[];
	/** How often: above 1, somebody got the same thing twice. */
	count: number;
}

/** Every message ever accepted, so that a test can prove that nobody got two. */
export class AcceptedMessages {
	private readonly byKey = new Map<string, AcceptedEntry>();
	private messages = 0;

	record(to: string, callback: string | undefined, id: string): void {
		this.messages++;
		const key = `${to}\n${callback ?? ''}`;
		const entry = this.byKey.get(key);
		if (entry) {
			entry.count++;
			entry.ids.push(id);
		} else this.byKey.set(key, { to, callback: callback ?? '', ids: [id], count: 1 });
	}

	get total(): number {
		return this.messages;
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
		this.messages = 0;
	}
}
