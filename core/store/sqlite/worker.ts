import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, systemRandom } from '../../world';
import type { Command } from '../command';
import { SqliteEngine } from './engine';
import { toFault, type StoreAnswer, type StoreCall } from './message';

/** What the worker is started with. The list of commands comes as a path, so that the store depends on no part of the domain. */
export interface WorkerSettings {
	folder: string;
	commandsModule: string;
}

/** The thread on which SQLite blocks, so that n8n's main loop never waits for a disk. */
async function serve(): Promise<void> {
	const port = parentPort;
	if (port === null) throw new TypeError('the store worker runs as a worker thread only');
	const answer = (message: StoreAnswer) => port.postMessage(message);
	const settings = workerData as WorkerSettings;
	try {
		const { commands } = require(settings.commandsModule) as { commands: ReadonlyArray<Command<unknown, unknown>> };
		const byName = new Map(commands.map((command) => [command.name, command]));
		const engine = await SqliteEngine.open({ folder: settings.folder, clock: systemClock, random: systemRandom });
		port.on('message', (message: StoreCall | 'close') => {
			if (message === 'close') {
				void engine.close().then(() => port.close());
				return;
			}
			const command = byName.get(message.command);
			const result =
				command === undefined
					? Promise.reject(new TypeError(`the store knows no command ${message.command}`))
					: engine.execute(command, message.input);
			// An output that cannot cross threads is refused to its caller like anything else a command does wrong.
			result
				.then((output) => answer({ kind: 'done', call: message.call, output }))
				.catch((thrown: unknown) => answer({ kind: 'refused', call: message.call, fault: toFault(thrown) }));
		});
		answer({ kind: 'ready' });
	} catch (thrown) {
		answer({ kind: 'unopened', fault: toFault(thrown) });
		port.close();
	}
}

void serve();
