import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import { isLoopbackHost } from './graphAddress';

export interface TransportRequest {
	method: 'GET' | 'POST' | 'DELETE';
	/** An address that `assertGraphAddress` has let pass. */
	url: string;
	headers: Record<string, string>;
	/** Text goes out as UTF-8, bytes (a form with a file) as they are. */
	body?: string | Buffer;
	/** Hands out the body of a 2xx answer as `bytes`, for files; what else comes is text as ever. */
	wantsBytes?: boolean;
	/** An answer with a longer body is no answer (`interrupted`). Default 8 MiB. */
	maxAnswerBytes?: number;
	/** From the call to the last byte of the answer, waiting for a free connection included. Default 30 s. */
	timeoutMs?: number;
	signal?: AbortSignal;
}

export interface TransportAnswer {
	status: number;
	/** Names in lower case; a header that came several times is joined with commas. */
	headers: Readonly<Record<string, string>>;
	/** The body as text, unparsed: pages of HTML and broken JSON are answers too. Empty where `bytes` stands. */
	text: string;
	/** The body as it came, where the request `wantsBytes` and the status is 2xx. */
	bytes?: Buffer;
}

export interface Transport {
	/** Any status is an answer. @throws TransportFault when there is none */
	request(request: TransportRequest): Promise<TransportAnswer>;
}

/** `interrupted`: the connection ended, or the answer grew too long, before the answer was whole. */
export type FaultReason = 'unreachable' | 'timeout' | 'aborted' | 'interrupted';

/** Marks our fault across module instances, as in core/errors.ts. */
const faultBrand = Symbol.for('n8n-nodes-civic-comms.transport-fault');

/** No usable answer came. What matters is whether the other side may have acted on the request all the same. */
export class TransportFault extends Error {
	readonly [faultBrand] = true;

	constructor(
		readonly reason: FaultReason,
		/** False only where not one byte of the request can have reached a server. */
		readonly mayHaveBeenSent: boolean,
		options?: { cause?: unknown },
	) {
		super(`no answer: ${reason}`, options);
		this.name = 'TransportFault';
	}
}

export function isTransportFault(value: unknown): value is TransportFault {
	return typeof value === 'object' && value !== null && faultBrand in value;
}

const defaultTimeoutMs = 30_000;
/** A page of templates is some 100 kB; nothing that Graph answers in JSON comes near this. */
const defaultAnswerBytes = 8 * 1024 * 1024;

const agentOptions = {
	keepAlive: true,
	/** Enough for 1,000 messages a second at 100 ms; further requests queue inside the agent. */
	maxSockets: 128,
	/** The connection used last is taken first, so spare ones grow idle and close instead of being found dead. */
	scheduling: 'lifo' as const,
	/** Idle connections close after this long, or sooner when the server announced it (Keep-Alive header). */
	timeout: 15_000,
	/** Stated, since the default gives way to NODE_TLS_REJECT_UNAUTHORIZED, and what would leave is a council's token. */
	rejectUnauthorized: true,
};

/**
 * One agent an origin and process. Kept on `globalThis` because n8n loads a package's modules anew when it is updated, and
 * the pool must outlive that. Holds plain Node agents only, so any version of this file can use what another one left.
 */
function pooledAgent(url: URL): http.Agent {
	const key = Symbol.for('n8n-nodes-civic-comms.agents');
	const home = globalThis as { [key]?: Map<string, http.Agent> };
	const agents = (home[key] ??= new Map());
	const known = agents.get(url.origin);
	if (known !== undefined) return known;
	const agent = url.protocol === 'https:' ? new https.Agent({ ...agentOptions, ...proxySettings(url) }) : new http.Agent(agentOptions);
	agents.set(url.origin, agent);
	return agent;
}

/**
 * Meta is reached through the proxy that the host's HTTPS_PROXY and NO_PROXY name, this machine never is. Node's own agent
 * does it (24.5 and later), and pools the tunnels.
 */
function proxySettings(url: URL): Pick<https.AgentOptions, 'proxyEnv'> {
	return isLoopbackHost(url.hostname) ? {} : { proxyEnv: process.env };
}

/** Calls over pooled, kept-alive connections, without redirects and retries. */
export function createTransport(): Transport {
	return { request: (request) => new Promise((resolve, reject) => new Exchange(request, resolve, reject).begin()) };
}

/**
 * One request on its way to its one end, an answer or a fault: its deadline, its caller's wish to stop, and the moment from
 * which bytes may have left.
 */
class Exchange {
	readonly #asked: TransportRequest;
	readonly #resolve: (answer: TransportAnswer) => void;
	readonly #reject: (fault: TransportFault) => void;
	readonly #timer: NodeJS.Timeout;
	readonly #onCallerAbort = () => this.#stop('aborted');
	#request: http.ClientRequest | undefined;
	#written = false;
	#over = false;

	constructor(asked: TransportRequest, resolve: (answer: TransportAnswer) => void, reject: (fault: TransportFault) => void) {
		this.#asked = asked;
		this.#resolve = resolve;
		this.#reject = reject;
		this.#timer = setTimeout(() => this.#stop('timeout'), asked.timeoutMs ?? defaultTimeoutMs);
		asked.signal?.addEventListener('abort', this.#onCallerAbort, { once: true });
	}

	begin(): void {
		if (this.#asked.signal?.aborted === true) return this.#stop('aborted');
		try {
			this.#send();
		} catch (cause) {
			this.#fail(cause);
		}
	}

	#send(): void {
		const { method, url: address, headers, body } = this.#asked;
		const url = new URL(address);
		const request = (url.protocol === 'https:' ? https : http).request({
			method,
			hostname: url.hostname.replace(/^\[|\]$/g, ''),
			port: url.port,
			path: url.pathname + url.search,
			headers: body === undefined ? { ...ourHeaders, ...headers } : { ...ourHeaders, ...headers, 'content-length': Buffer.byteLength(body) },
			agent: pooledAgent(url),
		});
		this.#request = request;
		let answer: http.IncomingMessage | undefined;
		request.on('socket', (socket) => this.#awaitWrite(request, socket));
		request.on('response', (incoming) => {
			answer = incoming;
			this.#read(incoming);
		});
		request.on('error', (cause) => this.#fail(cause));
		// The last that Node says of a request, and all it says after a 101 or an answer that breaks off. What remains of a
		// whole answer may be read after this.
		request.on('close', () => {
			if (answer?.complete !== true) this.#fail(new Error('The connection was closed before an answer was whole.'));
		});
		request.end(body);
	}

	/**
	 * Node queues what is written to a socket that is not connected yet, and TLS holds it back until the certificate is
	 * accepted: so nothing has left before `connect`, or `secureConnect` on TLS. On a connection taken from the pool the
	 * write begins at once. Where neither can be shown, the bytes count as sent.
	 */
	#awaitWrite(request: http.ClientRequest, socket: Socket): void {
		const opened = () => {
			this.#written = true;
		};
		if (request.reusedSocket) opened();
		else if (socket instanceof TLSSocket && socket.getFinished() === undefined) socket.once('secureConnect', opened);
		else if (socket.connecting) socket.once('connect', opened);
		else opened();
	}

	#read(incoming: http.IncomingMessage): void {
		const most = this.#asked.maxAnswerBytes ?? defaultAnswerBytes;
		const chunks: Buffer[] = [];
		let size = 0;
		incoming.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size <= most) chunks.push(chunk);
			else this.#fail(new Error(`The answer is longer than ${most} bytes.`));
		});
		incoming.on('end', () => this.#answer(incoming, chunks));
	}

	#answer(incoming: http.IncomingMessage, chunks: Buffer[]): void {
		if (!this.#finish()) return;
		const status = incoming.statusCode ?? 0;
		const headers = flatHeaders(incoming);
		const [first = Buffer.alloc(0)] = chunks;
		const body = chunks.length <= 1 ? first : Buffer.concat(chunks);
		const asBytes = this.#asked.wantsBytes === true && status >= 200 && status < 300;
		this.#resolve(asBytes ? { status, headers, text: '', bytes: body } : { status, headers, text: body.toString('utf8') });
	}

	#stop(reason: 'timeout' | 'aborted'): void {
		this.#fail(new Error(reason === 'timeout' ? 'The time for an answer has passed.' : 'The caller stopped waiting.'), reason);
	}

	/** Ends the request on the spot: a request that still waits for a connection is never written after this. */
	#fail(cause: unknown, reason: FaultReason = this.#written ? 'interrupted' : 'unreachable'): void {
		if (!this.#finish()) return;
		this.#request?.destroy();
		this.#reject(new TransportFault(reason, this.#written, { cause: bareCause(cause) }));
	}

	/** @returns false when it had ended before */
	#finish(): boolean {
		if (this.#over) return false;
		this.#over = true;
		clearTimeout(this.#timer);
		this.#asked.signal?.removeEventListener('abort', this.#onCallerAbort);
		return true;
	}
}

/** Without the first, HTTP lets a server choose a compression (RFC 9110, section 12.5.3), which nothing here undoes. */
const ourHeaders = { 'accept-encoding': 'identity', 'user-agent': 'n8n-nodes-civic-comms' };

function flatHeaders({ headers }: http.IncomingMessage): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const name in headers) flat[name] = String(headers[name]);
	return flat;
}

/** Only the code and the words, so that nothing of the request, and so of the token, can hang on it. */
function bareCause(cause: unknown): Error {
	const message = cause instanceof Error ? cause.message : 'unknown';
	const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
	return Object.assign(new Error(message), code === undefined ? {} : { code });
}
