/** First and last index, both included. */
export type IndexRange = readonly [first: number, last: number];

/** A set of entry indices, kept as ranges: small as long as the indices lie close together. */
export class IndexRanges {
	#ranges: [first: number, last: number][] = [];
	#inOrder = true;

	add(first: number, last: number): void {
		const newest = this.#ranges.at(-1);
		if (newest !== undefined && first === newest[1] + 1) {
			newest[1] = last;
			return;
		}
		if (newest !== undefined && first <= newest[1]) this.#inOrder = false;
		this.#ranges.push([first, last]);
	}

	/** The ranges, ascending and apart from each other. */
	get ranges(): readonly IndexRange[] {
		if (!this.#inOrder) this.#merge();
		return this.#ranges;
	}

	/** How many indices there are. */
	get count(): number {
		return this.ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
	}

	/** The indices that are here and not in `other`. */
	without(other: IndexRanges): IndexRanges {
		const left = new IndexRanges();
		const cuts = other.ranges;
		let next = 0;
		for (const [first, last] of this.ranges) {
			let at = first;
			for (let cut = cuts[next]; cut !== undefined && cut[0] <= last; cut = cuts[next]) {
				if (cut[0] > at) left.add(at, cut[0] - 1);
				at = Math.max(at, cut[1] + 1);
				// A cut that reaches beyond this range may touch the following one too.
				if (cut[1] > last) break;
				next += 1;
			}
			if (at <= last) left.add(at, last);
		}
		return left;
	}

	#merge(): void {
		const sorted = this.#ranges.toSorted((a, b) => a[0] - b[0]);
		this.#ranges = [];
		this.#inOrder = true;
		for (const [first, last] of sorted) {
			const newest = this.#ranges.at(-1);
			if (newest !== undefined && first <= newest[1] + 1) newest[1] = Math.max(newest[1], last);
			else this.#ranges.push([first, last]);
		}
	}
}
