import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { readKnobFlags } from './knobFlags';
import { describeKnobs, knobTable } from './knobs';
import type { SandboxOptions } from './options';
import { startSandbox, type Sandbox } from './sandbox';

const flags = {
	port: { type: 'string' },
	'admin-port': { type: 'string' },
	'phones-port': { type: 'string' },
	host: { type: 'string' },
	'allow-host': { type: 'string', multiple: true },
	seed: { type: 'string' },
	webhook: { type: 'string' },
	token: { type: 'string' },
	'app-secret': { type: 'string' },
	'verify-token': { type: 'string' },
	'allow-real-looking-token': { type: 'boolean' },
	'clock-rate': { type: 'string' },
	'starts-at': { type: 'string' },
	resident: { type: 'string', multiple: true },
	knob: { type: 'string', multiple: true },
	json: { type: 'boolean' },
	knobs: { type: 'boolean' },
	help: { type: 'boolean' },
} as const;

function help(): string {
	const knobs = describeKnobs().map(({ name, meaning, default: otherwise, values }) => {
		const others = values?.filter((value) => value !== otherwise).join(', ');
		return `  ${name} = ${JSON.stringify(otherwise)}${others === undefined ? '' : `  (or ${others})`}\n      ${meaning}`;
	});
	return `WhatsApp Cloud API, simulated on this computer.

  --port N --admin-port N --phones-port N   ports of the API, the controls, and the residents' phones (0: any free one)
  --host H              address to listen on (127.0.0.1)
  --allow-host H        a host besides this computer to listen on, answer to or send webhooks to, such as a container (repeatable)
  --seed S              the same seed gives the same fates and message ids (otherwise every start differs)
  --webhook URL         where webhooks go; asked again and again until it passes the verification handshake
  --token T --app-secret S --verify-token V   instead of the sandbox's own
  --allow-real-looking-token                  take tokens that look like Meta's
  --clock-rate R        sandbox time for machine time: 60 makes a minute of a second, 0 stands still until told otherwise
  --starts-at TIME      the sandbox's date and time at the start, such as 2026-11-24T18:00:00Z
  --resident NUMBER[=NAME]                    a phone on the wall from the start (repeatable)
  --knob NAME=VALUE     turn a knob (repeatable): --knob blockedByResident=131026 --knob sentLatencyMs=[5,10]
  --knobs               print the table of knobs as Markdown
  --json                print the addresses as one line of JSON

Knobs and their defaults (also: GET and POST /knobs on the admin port):
${knobs.join('\n')}
`;
}

function read(argv: string[]): { options: SandboxOptions; json: boolean; help: boolean; table: boolean } {
	const { values } = parseArgs({ args: argv, options: flags });
	const options: SandboxOptions = {
		host: values.host,
		allowedHosts: values['allow-host'],
		port: portOf(values.port),
		adminPort: portOf(values['admin-port']),
		phonesPort: portOf(values['phones-port']),
		seed: values.seed,
		webhook: values.webhook,
		token: values.token,
		appSecret: values['app-secret'],
		verifyToken: values['verify-token'],
		allowRealLookingToken: values['allow-real-looking-token'],
		...(values['clock-rate'] !== undefined && { clockRate: Number(values['clock-rate']) }),
		...(values['starts-at'] !== undefined && { startsAt: momentOf(values['starts-at']) }),
		residents: (values.resident ?? []).map((text) => {
			const [number = '', name] = text.split('=');
			return { number, ...(name && { name }) };
		}),
		knobs: readKnobFlags(values.knob ?? []),
	};
	return { options, json: values.json ?? false, help: values.help ?? false, table: values.knobs ?? false };
}

function portOf(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`${text} is not a port number.`);
	return Number(text);
}

function momentOf(text: string): number {
	const moment = Date.parse(text);
	if (Number.isNaN(moment)) throw new Error(`${text} is not a date and time such as 2026-11-24T18:00:00Z.`);
	return moment;
}

function announce(sandbox: Sandbox, asJson: boolean): void {
	const { api, admin, phones, feeds, token, appId, appSecret, verifyToken, phoneNumberId, businessAccountId } = sandbox;
	if (asJson) {
		console.log(JSON.stringify({ api, admin, phones, feeds, token, appId, appSecret, verifyToken, phoneNumberId, businessAccountId }));
		return;
	}
	console.log(`SIMULATED WhatsApp Cloud API: nothing leaves this computer.

  residents' phones     ${phones}
  Graph address         ${api}
  access token          ${token}
  app id                ${appId}
  app secret            ${appSecret}
  verify token          ${verifyToken}
  phone-number id       ${phoneNumberId}
  business account id   ${businessAccountId}
  weather feed          ${feeds}/open-meteo/v1/forecast
  controls              ${admin}

Ctrl-C stops it.`);
}

async function main(): Promise<void> {
	const { options, json, help: asked, table } = read(process.argv.slice(2));
	if (asked) return console.log(help());
	if (table) return console.log(knobTable());
	const sandbox = await startSandbox(options);
	let stopping = false;
	const stop = (): void => {
		if (stopping) return;
		stopping = true;
		void sandbox.stop();
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
	announce(sandbox, json);
}

main().catch((thrown: unknown) => {
	const message = thrown instanceof ZodError ? thrown.issues.map(({ path, message: text }) => `${path.join('.')}: ${text}`).join('; ') : thrown instanceof Error ? thrown.message : String(thrown);
	console.error(`The sandbox did not start. ${message}`);
	process.exitCode = 1;
});
