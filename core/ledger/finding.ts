/** What a verification can find, by stable code. */
export const findingCodes = {
	CHECKPOINT: 'a checkpoint is malformed, badly signed, or of another log',
	ROOT_MISMATCH: 'the entries do not add up to the signed root and size',
	STORED_HASH: 'a hash, node or head that is kept beside the entries does not follow from them',
	ROLLBACK: 'the log is smaller than an earlier checkpoint says',
	FORK: 'the log does not continue an earlier checkpoint',
	BAD_LEAF: 'an entry is malformed',
	NON_CANONICAL: 'an entry is not canonical JSON',
	UNKNOWN_VERSION: 'an entry is of an unknown version',
	TIME_REGRESSION: 'an entry is dated before the one ahead of it',
	DISCLOSURE_MISMATCH: 'a personal field does not match its commitment',
	DISCLOSURE_MISSING: 'a personal field is absent without an erasure record',
} as const;

export type FindingCode = keyof typeof findingCodes;

export interface Finding {
	readonly code: FindingCode;
	/** Index of the entry it is about; null when it is about the log as a whole. */
	readonly entry: number | null;
	/** In words, without the content of the entry. */
	readonly detail: string;
}

/** A log can be wrong in every entry. Beyond this many of one code they are only counted, so that verifying needs no more memory. */
const keptPerCode = 100;

/** Collects findings. */
export class Findings {
	readonly #kept: Finding[] = [];
	readonly #counts = new Map<FindingCode, number>();

	add(code: FindingCode, entry: number | null, detail: string): void {
		const count = (this.#counts.get(code) ?? 0) + 1;
		this.#counts.set(code, count);
		if (count <= keptPerCode) this.#kept.push({ code, entry, detail });
	}

	get total(): number {
		return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
	}

	/** What was found, in the order it was found, with one line for each code of which there was more than is kept. */
	list(): Finding[] {
		const omitted = [...this.#counts].filter(([, count]) => count > keptPerCode);
		return [...this.#kept, ...omitted.map(([code, count]): Finding => ({ code, entry: null, detail: `${count - keptPerCode} more of this kind are not listed.` }))];
	}
}
