import { Worker } from 'node:worker_threads';
import { CivicError } from '../../errors';
import type { Command } from '../command';
import type { Store } from '../store';
import { fromFault, type StoreAnswer, type StoreCall } from './message';
import type { WorkerSettings } from './worker';

interface Waiting {
	resolve: (output: unknown) => void;
	reject: (reason: Error) => void;
}

/** The store's port on n8n's main thread: every command is handed to the worker and awaited. */
export class WorkerStore implements Store {
	readonly #waiting = new Map<number, Waiting>();
	#nextCall = 1;
	#ended: Error | undefined;

	private constructor(
		private readonly worker: Worker,
		private readonly onEnd: () => void,
	) {
		worker.on('message', (answer: StoreAnswer) => this.#settle(answer));
		worker.on('error', (cause) => this.#end(cause));
		worker.on('exit', () => this.#end(undefined));
	}

	/**
	 * @param workerFile path of the compiled worker
	 * @param onEnd called once when the worker is gone, so that the next caller opens a new one
	 */
	static async open(workerFile: string, settings: WorkerSettings, onEnd: () => void): Promise<WorkerStore> {
		const worker = new Worker(workerFile, { workerData: settings });
		await new Promise<void>((resolve, reject) => {
			worker.once('message', (answer: StoreAnswer) => {
				if (answer.kind === 'unopened') reject(fromFault(answer.fault));
				else resolve();
			});
			worker.once('error', (cause) => reject(gone(cause)));
			worker.once('exit', () => reject(gone()));
		});
		// A store at rest must not keep a command-line program alive.
		worker.unref();
		return new WorkerStore(worker, onEnd);
	}

	execute<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output> {
		if (this.#ended !== undefined) return Promise.reject(this.#ended);
		const call = this.#nextCall++;
		return new Promise<Output>((resolve, reject) => {
			const message: StoreCall = { call, command: command.name, input };
			this.worker.postMessage(message);
			if (this.#waiting.size === 0) this.worker.ref();
			this.#waiting.set(call, { resolve: resolve as (output: unknown) => void, reject });
		});
	}

	async close(): Promise<void> {
		if (this.#ended !== undefined) return;
		const gone = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
		this.worker.ref();
		this.worker.postMessage('close');
		await gone;
	}

	#settle(answer: StoreAnswer): void {
		if (answer.kind !== 'done' && answer.kind !== 'refused') return;
		const waiting = this.#waiting.get(answer.call);
		this.#waiting.delete(answer.call);
		if (this.#waiting.size === 0) this.worker.unref();
		if (answer.kind === 'done') waiting?.resolve(answer.output);
		else waiting?.reject(fromFault(answer.fault));
	}

	#end(cause: unknown): void {
		if (this.#ended !== undefined) return;
		this.#ended = gone(cause);
		for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
		this.#waiting.clear();
		this.onEnd();
	}
}

function gone(cause?: unknown): CivicError {
	return new CivicError(
		'store.unreachable',
		'The store has stopped working in this n8n process.',
		'Run the step again: the store is opened anew. What was under way is either wholly done or not done at all.',
		{ cause },
	);
}
