import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../options';

export interface HttpRequest {
	readonly method: string;
	/** Path without the query. */
	readonly path: string;
	/** The query as written, without the question mark. */
	readonly query: string;
	readonly headers: IncomingMessage['headers'];
	readonly body: string;
	/** The body as it arrives, of a request that the options let through unread; `body` is then empty. */
	readonly upload?: IncomingMessage;
	/** False when `body` holds replacement characters for bytes that are not UTF-8. */
	readonly isText: boolean;
}

export type Answer = TextAnswer | { readonly reset: true } | { readonly stream: (response: ServerResponse) => void };

export interface TextAnswer {
	readonly status: number;
	readonly body: string;
	readonly headers: Readonly<Record<string, string>>;
}

export type Handle = (request: HttpRequest) => Answer | Promise<Answer>;

export interface ListenerOptions {
	host: string;
	port: number;
	handle: Handle;
	/** The `Date` header of every answer. */
	date: () => string;
	maxBodyBytes?: number;
	/** Whether a request is handed over before its body is read. */
	streams?: (head: Pick<HttpRequest, 'method' | 'path' | 'headers'>) => boolean;
	/** Names other than loopback ones that may stand in the Host header. */
	names?: ReadonlySet<string>;
	/** The answer to a body above the limit. */
	tooLarge: TextAnswer;
	/** The answer when handling went wrong inside the sandbox. */
	broken: TextAnswer;
}

export interface Listener {
	readonly url: string;
	stop(): Promise<void>;
}

/** A server on the loopback interface. Bodies are read whole before `handle` sees the request. */
export async function listen(options: ListenerOptions): Promise<Listener> {
	const server = createServer({ keepAliveTimeout: 75_000 }, (incoming, response) => receive(incoming, response, options));
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ host: options.host, port: options.port, backlog: 4096 }, resolve);
	});
	const { port } = server.address() as AddressInfo;
	const host = options.host.includes(':') ? `[${options.host.replace(/[[\]]/g, '')}]` : options.host;
	return { url: `http://${host}:${port}`, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

function receive(incoming: IncomingMessage, response: ServerResponse, options: ListenerOptions): void {
	response.sendDate = false;
	// A page elsewhere on the web can point its own host name at 127.0.0.1; the Host header gives it away.
	const name = hostName(incoming.headers.host);
	if (!isLoopback(name) && !options.names?.has(name)) {
		return write(response, { status: 403, headers: { 'Content-Type': 'text/plain' }, body: 'The sandbox answers to loopback names only.' }, options);
	}
	const head = { method: incoming.method ?? 'GET', ...splitAddress(incoming.url ?? '/'), headers: incoming.headers };
	if (options.streams?.(head)) {
		// A client that goes away in mid-request ends the reading of the body; nobody is left to be answered.
		incoming.on('error', () => response.destroy());
		return respond({ ...head, body: '', isText: true, upload: incoming }, response, options);
	}
	const limit = options.maxBodyBytes ?? 4 * 1024 * 1024;
	const chunks: Buffer[] = [];
	let size = 0;
	incoming.on('data', (chunk: Buffer) => {
		size += chunk.length;
		if (size <= limit) chunks.push(chunk);
	});
	incoming.on('end', () => {
		if (size > limit) write(response, options.tooLarge, options);
		else respond({ ...head, ...bodyOf(chunks) }, response, options);
	});
	// A client that goes away in mid-request leaves nothing to answer.
	incoming.on('error', () => response.destroy());
}

function respond(request: HttpRequest, response: ServerResponse, options: ListenerOptions): void {
	const giveUp = (thrown: unknown): void => {
		console.error('sandbox:', thrown);
		write(response, options.broken, options);
	};
	try {
		const answer = options.handle(request);
		if (answer instanceof Promise) answer.then((settled) => write(response, settled, options)).catch(giveUp);
		else write(response, answer, options);
	} catch (thrown) {
		giveUp(thrown);
	}
}

function write(response: ServerResponse, answer: Answer, options: ListenerOptions): void {
	if (response.destroyed) return;
	if ('reset' in answer) {
		response.socket?.resetAndDestroy();
		return;
	}
	if ('stream' in answer) {
		response.setHeader('Date', options.date());
		return answer.stream(response);
	}
	response.writeHead(answer.status, { ...answer.headers, Date: options.date(), 'Content-Length': Buffer.byteLength(answer.body) });
	// A text goes out in one write with its head; a buffer would take two.
	response.end(answer.body);
}

/** The path and query of a request line, which names the host as well when the client takes the sandbox for a proxy. */
function splitAddress(written: string): Pick<HttpRequest, 'path' | 'query'> {
	const url = written.startsWith('/') ? written : written.replace(/^https?:\/\/[^/?]*/i, '') || '/';
	const mark = url.indexOf('?');
	return { path: mark < 0 ? url : url.slice(0, mark), query: mark < 0 ? '' : url.slice(mark + 1) };
}

function bodyOf(chunks: Buffer[]): Pick<HttpRequest, 'body' | 'isText'> {
	const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
	return { body: bytes.toString(), isText: isUtf8(bytes) };
}

function hostName(host: string | undefined): string {
	return (host ?? 'localhost').replace(/:\d+$/, '').toLowerCase();
}
