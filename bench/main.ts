import { parseArgs } from 'node:util';
import { keepsGoal, type Bench, type BenchResult } from './bench';
import { clientBench } from './client/clientBench';
import { describeMachine } from './machine';
import { sandboxBench } from './sandbox/sandboxBench';

const benches: readonly Bench[] = [clientBench, sandboxBench];

const usage = 3;

function help(): string {
	const described = benches.map(({ name, measures, options }) => {
		const lines = Object.entries(options).map(([option, { default: value, meaning }]) => `      --${option} N   ${meaning} (${value})`);
		return [`  ${name}`, `      ${measures}`, ...lines].join('\n');
	});
	return `npm run -s bench -- NAME [options]

${described.join('\n\n')}

  --json   the figures as one line of JSON, which is the last line
  --help   this

Exit code 0: measured, whether a goal is kept or not; 1: what was measured did not happen; ${usage}: no such bench or option.
`;
}

async function main(argv: string[]): Promise<number> {
	const known = Object.fromEntries(benches.flatMap(({ options }) => Object.keys(options)).map((name) => [name, { type: 'string' as const }]));
	const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { ...known, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
	if (values.help === true) {
		console.log(help());
		return 0;
	}
	const [name, ...rest] = positionals;
	const bench = benches.find((candidate) => candidate.name === name);
	if (bench === undefined || rest.length > 0) throw new UsageError(name === undefined ? 'Which bench?' : rest.length > 0 ? 'One bench at a time.' : `There is no bench called "${name}".`);
	const options = readOptions(bench, values);
	const asJson = values.json === true;
	const machine = describeMachine();
	const { figures, notes } = await bench.run(options, (progress) => console.error(progress));
	if (asJson) console.log(JSON.stringify({ bench: bench.name, machine, figures }));
	else print(bench, machine, { figures, notes });
	return 0;
}

function readOptions(bench: Bench, values: Record<string, unknown>): Record<string, number> {
	const foreign = Object.keys(values).find((name) => !['json', 'help'].includes(name) && !(name in bench.options));
	if (foreign !== undefined) throw new UsageError(`The bench "${bench.name}" has no option --${foreign}.`);
	return Object.fromEntries(
		Object.entries(bench.options).map(([name, option]) => {
			const given = values[name] === undefined ? option.default : Number(values[name]);
			if (!Number.isInteger(given) || given < 1 || given > 1_000_000) throw new UsageError(`--${name} takes a whole number from 1 to 1000000.`);
			return [name, given];
		}),
	);
}

function print({ name, measures }: Bench, machine: object, { figures, notes }: BenchResult): void {
	console.log(`${name}: ${measures}\n${Object.entries(machine).map(([what, is]) => `${what} ${is}`).join(', ')}\n`);
	console.table(
		Object.fromEntries(
			Object.entries(figures).map(([of, figure]) => {
				const kept = keepsGoal(figure);
				return [of, { value: figure.value, unit: figure.unit, baseline: figure.baseline, ratio: figure.ratio, goal: figure.goal ?? '', kept: kept === undefined ? '' : kept ? 'yes' : 'no' }];
			}),
		),
	);
	for (const note of notes) console.log(note);
}

class UsageError extends Error {}

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(thrown: unknown) => {
		const isUsage = thrown instanceof UsageError || (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS'));
		if (isUsage) console.error(`${thrown instanceof Error ? thrown.message : ''}\nBenches: ${benches.map(({ name }) => name).join(', ')}. More with --help.`);
		else console.error('The bench has failed:', thrown);
		process.exit(isUsage ? usage : 1);
	},
);
