import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import axios, { type AxiosAdapter, AxiosHeaders, type AxiosResponse } from 'axios';

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
/** A page of templates is some 100 kB; nothing that Graph answers comes near this. */
const maxAnswerBytes = 8 * 1024 * 1024;

const agentOptions = {
	keepAlive: true,
	/** Enough for 1,000 messages a second at 100 ms; further requests queue inside the agent. */
	maxSockets: 128,
	/** The connection used last is taken first, so spare ones grow idle and close instead of being found dead. */
	scheduling: 'lifo' as const,
	/** Idle connections close after this long, or sooner when the server announced it (Keep-Alive header). */
	timeout: 15_000,
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
 * does it (24.5 and later), since it pools the tunnels; the agent that axios would put in place opens one for each request.
 * axios steps aside when the agent carries `proxyEnv`, and is told `proxy: false` where it does not.
 */
function proxySettings(url: URL): Pick<https.AgentOptions, 'proxyEnv'> {
	return isLoopbackHost(url.hostname) ? {} : { proxyEnv: process.env };
}

/**
 * Calls over pooled, kept-alive connections, without redirects, retries or global axios settings. Goes straight to the
 * HTTP adapter of axios: what axios puts around it (merged defaults, interceptors, transformations) is not wanted here and
 * only takes time.
 */
export function createTransport(): Transport {
	const adapter = axios.getAdapter('http');
	return { request: async (request) => await send(adapter, request) };
}

const adapterSettings = { maxRedirects: 0, maxContentLength: maxAnswerBytes, validateStatus: null, responseType: 'arraybuffer' } as const;

async function send(adapter: AxiosAdapter, request: TransportRequest): Promise<TransportAnswer> {
	const watch = new RequestWatch(request.timeoutMs ?? defaultTimeoutMs, request.signal);
	try {
		const url = new URL(request.url);
		const agent = pooledAgent(url);
		const answering: Promise<AxiosResponse<Buffer>> = adapter({
			...adapterSettings,
			method: request.method,
			url: request.url,
			headers: new AxiosHeaders(request.headers),
			data: request.body,
			...(request.maxAnswerBytes === undefined ? {} : { maxContentLength: request.maxAnswerBytes }),
			httpAgent: agent,
			httpsAgent: agent,
			...(isLoopbackHost(url.hostname) ? { proxy: false as const } : {}),
			transport: watch.observing(url.protocol === 'https:' ? https : http),
		});
		const answer = await Promise.race([answering, watch.lost]);
		const { status, data: bytes } = answer;
		const asBytes = request.wantsBytes === true && status >= 200 && status < 300;
		return { status, headers: flatHeaders(answer), text: asBytes ? '' : bytes.toString('utf8'), ...(asBytes ? { bytes } : {}) };
	} catch (cause) {
		throw watch.fault(cause);
	} finally {
		watch.done();
	}
}

function flatHeaders(answer: AxiosResponse): Record<string, string> {
	return Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Follows one request: its deadline, its caller's wish to stop, and the moment from which bytes may have left. */
class RequestWatch {
	readonly #timer: NodeJS.Timeout;
	readonly #callerSignal: AbortSignal | undefined;
	readonly #onCallerAbort = () => this.#stop('aborted');
	#request: http.ClientRequest | undefined;
	#stopped: FaultReason | undefined;
	#written = false;
	#lose: (cause: Error) => void = () => undefined;
	/** Fails when the request ends without an answer: axios waits for ever where Node closes it without an error, as after a 101. */
	readonly lost = new Promise<never>((_, reject) => {
		this.#lose = reject;
	});

	constructor(timeoutMs: number, callerSignal?: AbortSignal) {
		// Mostly nobody waits for it any more when it fails.
		this.lost.catch(() => undefined);
		this.#timer = setTimeout(() => this.#stop('timeout'), timeoutMs);
		this.#callerSignal = callerSignal;
		if (callerSignal?.aborted === true) this.#onCallerAbort();
		else callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true });
	}

	/**
	 * Node's `http` or `https` as axios wants its transport, with an eye on the socket. Node queues what is written to a
	 * socket that is not connected yet, and TLS holds it back until the certificate is accepted: so nothing has left before
	 * `connect`, or `secureConnect` on TLS. On a connection taken from the pool the write begins at once. Where neither can be
	 * shown, the bytes count as sent.
	 */
	observing(over: typeof http | typeof https) {
		return {
			request: (options: https.RequestOptions, onAnswer: (answer: http.IncomingMessage) => void): http.ClientRequest => {
				const request = over.request(options, onAnswer);
				this.#request = request;
				if (this.#stopped !== undefined) request.destroy();
				let answered = false;
				request.once('response', () => (answered = true));
				request.once('close', () => {
					if (!answered) this.#lose(new Error('The connection was closed without an answer.'));
				});
				request.once('socket', (socket) => this.#awaitWrite(request, socket));
				return request;
			},
		};
	}

	/** What came to pass, from whatever axios threw. */
	fault(cause: unknown): TransportFault {
		const reason = this.#stopped ?? (this.#written ? 'interrupted' : 'unreachable');
		return new TransportFault(reason, this.#written, { cause: bareCause(cause) });
	}

	done(): void {
		clearTimeout(this.#timer);
		this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
	}

	#stop(reason: FaultReason): void {
		this.#stopped ??= reason;
		this.#request?.destroy();
	}

	#awaitWrite(request: http.ClientRequest, socket: Socket): void {
		const opened = () => {
			this.#written = true;
		};
		if (request.reusedSocket) opened();
		else if (socket instanceof TLSSocket && socket.getFinished() === undefined) socket.once('secureConnect', opened);
		else if (socket.connecting) socket.once('connect', opened);
		else opened();
	}
}

/** Only the code and the words: what axios throws carries the request with it, and so the token. */
function bareCause(cause: unknown): Error {
	const message = cause instanceof Error ? cause.message : 'unknown';
	const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
	return Object.assign(new Error(message), code === undefined ? {} : { code });
}
