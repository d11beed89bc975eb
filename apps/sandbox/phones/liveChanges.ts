import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Resident, Residents } from '../residents/residents';

/** How long changes are gathered before the browsers hear of them. */
const gatherMs = 150;
/** With more phones than this changed at once, a browser had better look again at all it shows. */
const mostNamed = 1000;
/** Bytes that may wait for a browser that does not read. */
const mostWaiting = 1024 * 1024;

/**
 * Tells browsers which phones changed, as server-sent events: `hello` with the generation of the phones, `changed` with
 * their numbers (or `many`), and `reset` when all phones are new.
 */
export class LiveChanges {
	private readonly watchers = new Set<ServerResponse>();
	private readonly changed = new Set<string>();
	private readonly stopListening: () => void;
	private gathering: NodeJS.Timeout | undefined;
	private wasReset = false;
	/** The same as long as the phones are; a browser that finds another one forgets what it shows. */
	private generation = randomUUID();

	constructor(
		residents: Residents,
		private readonly headers: Readonly<Record<string, string>>,
	) {
		this.stopListening = residents.onChange((resident) => this.hear(resident));
	}

	watch(response: ServerResponse): void {
		response.writeHead(200, { ...this.headers, 'Content-Type': 'text/event-stream' });
		response.write(`retry: 1000\n\n${event('hello', { generation: this.generation })}`);
		this.watchers.add(response);
		response.on('close', () => this.watchers.delete(response));
	}

	stop(): void {
		this.stopListening();
		clearTimeout(this.gathering);
		for (const watcher of this.watchers) watcher.end();
	}

	private hear(resident: Resident | undefined): void {
		if (!resident) {
			this.generation = randomUUID();
			this.wasReset = this.watchers.size > 0;
			this.changed.clear();
		} else if (this.watchers.size > 0) this.changed.add(resident.number);
		if (this.watchers.size > 0) this.gathering ??= setTimeout(() => this.tell(), gatherMs);
	}

	private tell(): void {
		this.gathering = undefined;
		const numbers = [...this.changed].map((number) => `+${number}`);
		const text = [
			this.wasReset && event('reset', { generation: this.generation }),
			numbers.length > 0 && event('changed', numbers.length > mostNamed ? { many: true } : { phones: numbers }),
		];
		this.wasReset = false;
		this.changed.clear();
		const written = text.filter(Boolean).join('');
		for (const watcher of this.watchers) {
			watcher.write(written);
			// One that reads again connects again by itself, and looks at everything.
			if (watcher.writableLength > mostWaiting) watcher.destroy();
		}
	}
}

function event(name: string, data: object): string {
	return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
