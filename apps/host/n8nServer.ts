import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { killGroup } from './command.mjs';
import { ensureN8n, type N8nInstallation } from './n8nInstallation';
import { withNodeFirst } from './node24.mjs';

export interface N8nOptions {
	/** Holds `.n8n` (database, installed packages), the encryption key and the log; reused by the next start. */
	userFolder: string;
	/** By default a free port. */
	port?: number;
	/** Added to n8n's environment, over everything set here. */
	env?: NodeJS.ProcessEnv;
	/** The file that n8n's output is added to; by default `n8n.log` in the user folder. */
	log?: string;
	/** How long the start may take, in milliseconds; by default 3 minutes. */
	readyWithin?: number;
	/** Gives up the start and stops the server. */
	signal?: AbortSignal;
}

export interface N8nServer {
	/** `http://127.0.0.1:<port>`, without a slash at the end. */
	url: string;
	/** To be given to the next start, so that links made by this one stay good. */
	port: number;
	/** Process id, which is also the id of its process group. */
	pid: number;
	/** Ends it as a service would, running executions included; kills what is left after 40 s. Repeatable. */
	stop(): Promise<void>;
	/** SIGKILL to n8n and its task runner: a power cut. */
	kill(): Promise<void>;
	/** Everything it has printed since this start. */
	logs(): string;
	/** Settles when the server has ended, whoever ended it. */
	ended: Promise<void>;
}

const STOP_WITHIN_MS = 40_000;
const READY_WITHIN_MS = 180_000;

/** Our own environment reaches n8n only by these names, so a developer's N8N_* settings change nothing. */
const INHERITED = ['HOME', 'LANG', 'LC_ALL', 'LOGNAME', 'PATH', 'SHELL', 'TMPDIR', 'TZ', 'USER', 'NODE_EXTRA_CA_CERTS'];

/** Starts the cached n8n (fetched first if need be) on 127.0.0.1 and waits until it is ready for requests. */
export async function startN8n(options: N8nOptions): Promise<N8nServer> {
	const n8n = await ensureN8n();
	options.signal?.throwIfAborted();
	await mkdir(options.userFolder, { recursive: true });
	const [port, brokerPort] = await freePorts(options.port);
	const env = {
		...inheritedEnvironment(n8n),
		...serverSettings(options.userFolder, await encryptionKey(options.userFolder), port, brokerPort),
		...options.env,
	};
	const server = launch(n8n, port, env, options);
	try {
		await untilReady(server, options);
		return server;
	} catch (cause) {
		await server.kill();
		throw cause;
	}
}

function launch(n8n: N8nInstallation, port: number, env: NodeJS.ProcessEnv, options: N8nOptions): N8nServer {
	const preload = join(__dirname, 'endWithParent.cjs');
	const log = options.log ?? join(options.userFolder, 'n8n.log');
	// Straight into a file: n8n spins for ever when a pipe that it prints to has lost its reader.
	const output = openSync(log, 'a');
	const before = fstatSync(output).size;
	// Its own process group, so that the task runner it starts ends with it. Descriptor 3: see the preloaded file.
	const child = spawn(n8n.node.binary, ['--require', preload, n8n.entry, 'start'], {
		cwd: options.userFolder,
		env,
		stdio: ['ignore', output, output, 'pipe'],
		detached: true,
	});
	closeSync(output);
	const pid = child.pid;
	if (pid === undefined) throw new Error(`n8n did not start from ${n8n.entry}.`);
	const logs = () => readFileSync(log).subarray(before).toString('utf8');
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const kill = async () => {
		killGroup(pid, 'SIGKILL');
		await ended;
	};
	const stop = async () => {
		if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
		await Promise.race([ended, pause(STOP_WITHIN_MS, undefined, { ref: false })]);
		await kill();
	};
	return { url: `http://127.0.0.1:${port}`, port, pid, stop, kill, logs, ended };
}

/** `/healthz` answers while migrations still run; only `/healthz/readiness` means ready. */
async function untilReady(server: N8nServer, options: N8nOptions): Promise<void> {
	let hasEnded = false;
	void server.ended.then(() => (hasEnded = true));
	const deadline = Date.now() + (options.readyWithin ?? READY_WITHIN_MS);
	while (Date.now() < deadline) {
		options.signal?.throwIfAborted();
		if (hasEnded) throw new Error(`n8n ended while starting. Its last lines:\n${lastLines(server.logs())}`);
		if (await answersReady(server.url)) return;
		await pause(250);
	}
	throw new Error(`n8n was not ready in time. Its last lines:\n${lastLines(server.logs())}`);
}

async function answersReady(url: string): Promise<boolean> {
	try {
		const response = await fetch(`${url}/healthz/readiness`, { signal: AbortSignal.timeout(5_000) });
		return response.ok;
	} catch {
		// Nothing listens yet, or it is too busy to answer: asked again until the deadline.
		return false;
	}
}

function lastLines(text: string): string {
	return text.trimEnd().split('\n').slice(-20).join('\n');
}

function inheritedEnvironment({ node }: N8nInstallation): NodeJS.ProcessEnv {
	const inherited = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
	return withNodeFirst(node.folder, inherited);
}

/** Quiet and on its own: no telemetry, no look-ups at n8n's servers, nothing outside the user folder. */
function serverSettings(userFolder: string, key: string, port: number, brokerPort: number): NodeJS.ProcessEnv {
	return {
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: key,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}`,
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		N8N_PYTHON_ENABLED: 'false',
		N8N_LOG_LEVEL: 'info',
		NO_COLOR: '1',
	};
}

/** The key that n8n encrypts credentials with: made on the first start of a user folder, then kept beside it. */
async function encryptionKey(userFolder: string): Promise<string> {
	const path = join(userFolder, 'encryption-key');
	if (!existsSync(path)) await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
	return await readFile(path, 'utf8');
}

/** Two free ports at once, held open together so that they differ; the first may be given. */
async function freePorts(wanted?: number): Promise<[number, number]> {
	const servers = [wanted ?? 0, 0].map((port) => createServer().listen(port, '127.0.0.1'));
	try {
		const ports = await Promise.all(servers.map(listeningPort));
		return [ports[0] as number, ports[1] as number];
	} finally {
		await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
	}
}

async function listeningPort(server: ReturnType<typeof createServer>): Promise<number> {
	await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
	return (server.address() as AddressInfo).port;
}
