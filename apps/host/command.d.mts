/** `progress` names the work in a line on stderr every 20 s; without it the command is silent. */
export interface CommandOptions {
	cwd: string;
	env?: NodeJS.ProcessEnv;
	progress?: string;
}

/**
 * Resolves with stdout when the program ends with 0; otherwise throws with the last lines of its output
 * (and `signal` on the error when this process was asked to stop meanwhile).
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string>;

/** Sends a signal to a whole process group, by the id of its first process. */
export function killGroup(pid: number, signal: NodeJS.Signals): void;

/** `process.env` without what `npm run` adds to it. */
export function npmEnvironment(): NodeJS.ProcessEnv;

/** A duration in words: "42 s", "3 min 5 s". */
export function minutes(milliseconds: number): string;
