import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, median, type Bench, type BenchResult } from '../bench';
import { ChildProgram, canPin } from '../childProgram';
import type { Round, RoundResult, Target } from './sender';
import type { ServerCounts } from './server';
import { certificate } from './tlsIdentity';

type Option = 'rounds' | 'messages' | 'helper-messages' | 'in-flight' | 'latency';
type Client = keyof typeof programOf;
type Sender = ChildProgram<Round, RoundResult>;
type Server = ChildProgram<'counts', ServerCounts>;

/** What one client did in one round. */
interface Measured {
	rate: number;
	cpuPerMessage: number;
	messages: number;
	handshakes: number;
}

/** A process for each, so that none carries the code of the others: n8n's is large. */
const programOf = { ours: 'client/ourClient.ts', helper: 'client/n8nHelper.ts', bare: 'client/bareAgent.ts' };
const order: readonly Client[] = ['ours', 'bare', 'helper'];

export const clientBench: Bench<Option> = {
	name: 'client',
	measures: 'sending template messages over TLS: our client beside n8n’s HTTP helper and beside a bare pooled agent',
	options: {
		rounds: { default: 7, meaning: 'rounds after a warm-up, in each of which every client sends; figures are medians' },
		messages: { default: 3000, meaning: 'messages a round, of our client and the bare agent' },
		'helper-messages': { default: 400, meaning: 'messages a round, of n8n’s helper' },
		'in-flight': { default: 80, meaning: 'messages under way at once' },
		latency: { default: 20, meaning: 'milliseconds after which the server answers' },
	},
	async run(options, say): Promise<BenchResult> {
		const folder = mkdtempSync(join(tmpdir(), 'civic-bench-'));
		const programs: Array<{ stop(): Promise<void> }> = [];
		try {
			const server: Server = await ChildProgram.start('client/server.ts', { core: 1, arguments: [String(options.latency)] });
			programs.push(server);
			const senders = await startSenders(folder, (await server.ask('counts')).port, programs);
			const measured: Record<Client, Measured[]> = { ours: [], helper: [], bare: [] };
			for (let round = 0; round <= options.rounds; round += 1) {
				for (const client of order) {
					const messages = client === 'helper' ? options['helper-messages'] : options.messages;
					measured[client].push(await oneRound(server, senders[client], messages, options['in-flight']));
				}
				say(`${round === 0 ? 'warm-up' : `round ${round} of ${options.rounds}`}: ${order.map((client) => describe(client, measured[client].at(-1))).join('; ')}`);
			}
			return toResult(measured, options['in-flight']);
		} finally {
			await Promise.all(programs.map(async (program) => await program.stop()));
			rmSync(folder, { recursive: true });
		}
	},
};

async function startSenders(folder: string, port: number, programs: Array<{ stop(): Promise<void> }>): Promise<Record<Client, Sender>> {
	const authority = join(folder, 'authority.pem');
	writeFileSync(authority, certificate);
	const target: Target = { url: `https://127.0.0.1:${port}`, phoneNumberId: '106540352242922', businessAccountId: '102290129340398', accessToken: 'bench-access-token', appSecret: 'bench-app-secret' };
	const environment = { NODE_EXTRA_CA_CERTS: authority, N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: 'bench', N8N_LOG_LEVEL: 'silent' };
	const start = async (client: Client): Promise<Sender> => {
		const sender: Sender = await ChildProgram.start(programOf[client], { core: 0, arguments: [JSON.stringify(target)], environment });
		programs.push(sender);
		return sender;
	};
	return { ours: await start('ours'), helper: await start('helper'), bare: await start('bare') };
}

async function oneRound(server: Server, sender: Sender, messages: number, inFlight: number): Promise<Measured> {
	const before = await server.ask('counts');
	const { elapsedMs, cpuMs } = await sender.ask({ messages, inFlight });
	const after = await server.ask('counts');
	if (after.messages - before.messages !== messages) throw new Error(`${messages} messages were sent and ${after.messages - before.messages} arrived.`);
	return { rate: (messages / elapsedMs) * 1000, cpuPerMessage: cpuMs / messages, messages, handshakes: after.handshakes - before.handshakes };
}

function describe(client: Client, measured: Measured | undefined): string {
	return measured === undefined ? '' : `${client} ${measured.rate.toFixed(0)}/s at ${measured.cpuPerMessage.toFixed(3)} ms`;
}

/** The first round is the warm-up: it counts for the handshakes only, which a client with a pool makes there. */
function toResult(measured: Record<Client, Measured[]>, inFlight: number): BenchResult {
	const warm = (client: Client) => measured[client].slice(1);
	const rate = (client: Client) => median(warm(client).map((round) => round.rate));
	const cpu = (client: Client) => median(warm(client).map((round) => round.cpuPerMessage));
	const sum = (client: Client, of: 'messages' | 'handshakes') => measured[client].reduce((total, round) => total + round[of], 0);
	const handshakes = (client: Client) => (1000 * sum(client, 'handshakes')) / sum(client, 'messages');
	// Both send one after the other in each round, so what slows the machine in a round slows both.
	const cpuBare = median(warm('ours').map((round, at) => round.cpuPerMessage / (warm('bare')[at]?.cpuPerMessage ?? Number.NaN)));
	return {
		figures: {
			rate: figure(rate('ours'), 'messages/s', rate('helper'), { of: 'ratio', is: '>=', limit: 4 }),
			cpu: figure(cpu('ours'), 'ms/message', cpu('helper')),
			handshakes: figure(handshakes('ours'), 'handshakes/1000 messages', handshakes('helper')),
			cpuBare: { ...figure(cpu('ours'), 'ms/message', cpu('bare'), { of: 'ratio', is: '<=', limit: 1.5 }), ratio: Number(cpuBare.toPrecision(3)) },
		},
		notes: [
			`The bare agent sent ${rate('bare').toFixed(0)} messages/s. With ${inFlight} under way at once, no client can be faster than the server’s time to answer allows.`,
			canPin() ? 'Clients ran on one core, the server on another.' : 'Clients and server were not held on cores of their own.',
		],
	};
}
