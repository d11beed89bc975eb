import { answerParent } from '../childProgram';

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

/** Makes a program of a client: it sends so many messages when told, and says what that took. */
export function runSender(connect: (target: Target) => Send): void {
	const send = connect(JSON.parse(process.argv[2] ?? '{}') as Target);
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
}
