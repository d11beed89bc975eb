import { answerParent } from '../childProgram';
import { bareAgent } from './bareAgent';
import { n8nHelper } from './n8nHelper';
import { ourClient } from './ourClient';

/** Where a client sends, and with which credentials. */
export interface Target {
	/** Origin, without a slash at the end. */
	url: string;
	phoneNumberId: string;
	businessAccountId: string;
	accessToken: string;
	appSecret: string;
}

/** Sends the nth message and gives the id under which it was accepted. */
export type Send = (nth: number) => Promise<string>;

export const clients = { ours: ourClient, helper: n8nHelper, bare: bareAgent } satisfies Record<string, (target: Target) => Send>;

export interface Round {
	messages: number;
	/** Messages under way at once. */
	inFlight: number;
}

export interface RoundResult {
	elapsedMs: number;
	/** User and system time of this process, all of its threads. */
	cpuMs: number;
}

const target = JSON.parse(process.argv[3] ?? '{}') as Target;
const send = clients[process.argv[2] as keyof typeof clients](target);

answerParent<Round, RoundResult>(async ({ messages, inFlight }) => {
	let next = 0;
	const from = performance.now();
	const cpu = process.cpuUsage();
	const sendOneByOne = async (): Promise<void> => {
		while (next < messages) {
			const id = await send(next++);
			if (!id.startsWith('wamid.')) throw new Error(`A message was not accepted: ${id}`);
		}
	};
	await Promise.all(Array.from({ length: inFlight }, sendOneByOne));
	const { user, system } = process.cpuUsage(cpu);
	return { elapsedMs: performance.now() - from, cpuMs: (user + system) / 1000 };
});
