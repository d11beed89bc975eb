import { setTimeout as wait } from 'node:timers/promises';
import { figure, median, type Bench, type BenchResult } from '../bench';
import { ChildProgram, canPin } from '../childProgram';
import type { Load, LoadResult } from './loadGenerator';
import { startSandboxProgram, type SandboxProgram } from './sandboxProgram';
import type { ReceivedWebhooks } from './webhookReceiver';

type Option = 'rounds' | 'seconds' | 'connections';
type Receiver = ChildProgram<'counts', ReceivedWebhooks>;
type Generator = ChildProgram<Load, LoadResult>;

/** What one round showed. */
interface Measured {
	accepted: number;
	/** Messages a second. */
	rate: number;
	/** Webhooks a second that arrived while messages were being accepted. */
	webhookRate: number;
	/** The share of a core that the sandbox had, where the system tells. */
	share: number | undefined;
	latencyMs: LoadResult['latencyMs'];
}

export const sandboxBench: Bench<Option> = {
	name: 'sandbox',
	measures: 'the sandbox on one core accepting template messages with webhooks on, beside a bare node:http responder on the same core',
	options: {
		rounds: { default: 3, meaning: 'rounds of both after a warm-up; figures are medians' },
		seconds: { default: 5, meaning: 'length of each' },
		connections: { default: 32, meaning: 'connections, each with one message under way' },
	},
	async run({ rounds, seconds, connections }, say): Promise<BenchResult> {
		const programs: Array<{ stop(): Promise<void> }> = [];
		const keep = <Program extends { stop(): Promise<void> }>(program: Program): Program => {
			programs.push(program);
			return program;
		};
		try {
			const receiver: Receiver = keep(await ChildProgram.start('sandbox/webhookReceiver.ts', { core: 1 }));
			const generator: Generator = keep(await ChildProgram.start('sandbox/loadGenerator.ts', { core: 1 }));
			const responder: ChildProgram<'url', { url: string }> = keep(await ChildProgram.start('sandbox/bareResponder.ts', { core: 0 }));
			const sandbox = keep(await startSandboxProgram((await receiver.ask('counts')).url));
			await until(async () => (await receiver.ask('counts')).verified, 'the sandbox has found its webhook address');
			const { phoneNumberId, token } = sandbox;
			const bare = async (): Promise<LoadResult> => await generator.ask({ url: (await responder.ask('url')).url, phoneNumberId, token, connections, seconds });
			const measured: Measured[] = [];
			const limits: number[] = [];
			// The first round is the warm-up, in which V8 compiles what runs often.
			for (let round = 0; round <= rounds; round += 1) {
				measured.push(await loadSandbox(sandbox, generator, receiver, { url: sandbox.api, phoneNumberId, token, connections, seconds }));
				limits.push(rateOf(await bare()));
				say(`${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}: ${describe(measured.at(-1), limits.at(-1))}`);
			}
			return toResult(measured.slice(1), limits.slice(1));
		} finally {
			await Promise.all(programs.map(async (program) => await program.stop()));
		}
	},
};

async function loadSandbox(sandbox: SandboxProgram, generator: Generator, receiver: Receiver, load: Load): Promise<Measured> {
	const before = await receiver.ask('counts');
	const cpu = sandbox.cpuMs();
	const result = await generator.ask(load);
	const during = await receiver.ask('counts');
	const used = sandbox.cpuMs();
	if (result.refused > 0) throw new Error(`${result.refused} messages were not accepted.`);
	// The generator drops what is under way when its time is up, so the sandbox may have accepted one more a connection.
	const told = async (): Promise<number> => (await receiver.ask('counts')).sent - before.sent;
	await until(async () => (await told()) >= result.accepted, `a webhook has told of each of the ${result.accepted} messages`);
	await settled(told);
	const surplus = (await told()) - result.accepted;
	if (surplus > load.connections) throw new Error(`Webhooks told of ${surplus} messages more than were sent.`);
	return {
		accepted: result.accepted,
		rate: rateOf(result),
		webhookRate: (during.webhooks - before.webhooks) / result.seconds,
		share: cpu === undefined || used === undefined ? undefined : (used - cpu) / 1000 / result.seconds,
		latencyMs: result.latencyMs,
	};
}

const rateOf = ({ accepted, seconds }: LoadResult): number => accepted / seconds;

/** @throws Error when it has not come true within two minutes */
async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
	const end = performance.now() + 120_000;
	while (!(await isTrue())) {
		if (performance.now() > end) throw new Error(`Two minutes have passed before ${what}.`);
		await wait(50);
	}
}

/** Waits for a count to stand still, so that no webhook of one round falls into the next. */
async function settled(count: () => Promise<number>): Promise<void> {
	for (let last = -1, now = await count(); now !== last; now = await count()) {
		last = now;
		await wait(1000);
	}
}

function describe(measured: Measured | undefined, limit = 0): string {
	if (measured === undefined) return '';
	const { rate, webhookRate, share, latencyMs } = measured;
	const core = share === undefined ? '' : ` on ${(100 * share).toFixed(0)} % of a core`;
	return `${rate.toFixed(0)} messages/s and ${webhookRate.toFixed(0)} webhooks/s${core}, answered after ${latencyMs.median} ms (99 of 100 within ${latencyMs.p99} ms); bare ${limit.toFixed(0)}/s`;
}

function toResult(measured: Measured[], limits: number[]): BenchResult {
	const middle = (of: (one: Measured) => number): number => median(measured.map(of));
	const total = measured.reduce((sum, { accepted }) => sum + accepted, 0);
	return {
		figures: { accept: figure(middle(({ rate }) => rate), 'messages/s', median(limits), { of: 'value', is: '>=', limit: 3000 }) },
		notes: [
			`All ${total} messages were answered with 200, and a webhook told of each; ${middle(({ webhookRate }) => webhookRate).toFixed(0)} webhooks a second arrived meanwhile.`,
			canPin() ? `The sandbox had ${(100 * middle(({ share }) => share ?? Number.NaN)).toFixed(0)} % of its core.` : 'The programs were not held on cores of their own.',
		],
	};
}
