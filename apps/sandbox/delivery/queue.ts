/** First in, first out, with constant-time take. */
export class Queue<Item> {
	private items: Item[] = [];
	private head = 0;

	get length(): number {
		return this.items.length - this.head;
	}

	push(item: Item): void {
		this.items.push(item);
	}

	peek(): Item | undefined {
		return this.items[this.head];
	}

	take(): Item | undefined {
		const item = this.items[this.head];
		if (item === undefined) return undefined;
		this.head++;
		if (this.head > 1024 && this.head * 2 > this.items.length) {
			this.items = this.items.slice(this.head);
			this.head = 0;
		}
		return item;
	}

	clear(): void {
		this.items = [];
		this.head = 0;
	}
}
