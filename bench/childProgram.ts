import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(__dirname, '..');

export interface ProgramSettings {
	/** The core it has to itself, where the system can do that; on one core they share it. */
	core: number;
	arguments?: string[];
	environment?: Record<string, string>;
}

/** A program in a process of its own, which answers each message with one message. */
export class ChildProgram<Ask, Answer> {
	private constructor(
		private readonly name: string,
		private readonly child: ChildProcess,
		private readonly compiled: string,
	) {}

	/**
	 * Compiles a TypeScript program as the package is compiled (plain functions, no loader) and starts it.
	 *
	 * @param file relative to `bench`
	 */
	static async start<Ask, Answer>(file: string, settings: ProgramSettings): Promise<ChildProgram<Ask, Answer>> {
		const folder = join(root, 'build', 'bench');
		mkdirSync(folder, { recursive: true });
		const outfile = join(folder, `${basename(file, '.ts')}.${process.pid}.cjs`);
		await build({ entryPoints: [join(__dirname, file)], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node24', packages: 'external', logLevel: 'warning' });
		return new ChildProgram(file, startNode([outfile], settings, 'ipc'), outfile);
	}

	/** @throws Error when the program ends, or says what went wrong */
	async ask(question: Ask): Promise<Answer> {
		const answer = await new Promise<{ answer?: Answer; failure?: string }>((resolve, reject) => {
			const onExit = (): void => reject(new Error(`${this.name} has ended.`));
			this.child.once('exit', onExit);
			this.child.once('message', (message) => {
				this.child.off('exit', onExit);
				resolve(message as { answer?: Answer; failure?: string });
			});
			this.child.send(question as object);
		});
		if (answer.failure !== undefined) throw new Error(`${this.name}: ${answer.failure}`);
		return answer.answer as Answer;
	}

	async stop(): Promise<void> {
		await stopProcess(this.child);
		rmSync(this.compiled, { force: true });
	}
}

/** The other side of `ChildProgram`: answers until the parent is gone. */
export function answerParent<Ask, Answer>(answer: (question: Ask) => Promise<Answer> | Answer): void {
	// A parent that is gone has no use for the answer.
	const send = (message: object): unknown => process.send?.(message, () => undefined);
	process.on('message', (question) => {
		void (async () => {
			try {
				send({ answer: await answer(question as Ask) });
			} catch (thrown) {
				send({ failure: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
			}
		})();
	});
	process.on('disconnect', () => process.exit());
}

/**
 * Node with these arguments on one core. What connects it to this process is its file descriptor 3, which closes when this
 * process is gone.
 */
export function startNode(nodeArguments: string[], { core, arguments: given = [], environment = {} }: ProgramSettings, connection: 'ipc' | 'pipe'): ChildProcess {
	const command = [process.execPath, ...nodeArguments, ...given];
	const [program = '', ...rest] = canPin() ? ['taskset', '-c', String(core % availableParallelism()), ...command] : command;
	return spawn(program, rest, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit', connection] });
}

export async function stopProcess(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill();
	await ended;
}

let pinning: boolean | undefined;

/** Whether programs can be held on one core here; without it the figures are those of a free scheduler. */
export function canPin(): boolean {
	pinning ??= availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
	return pinning;
}
