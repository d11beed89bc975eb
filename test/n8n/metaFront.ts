import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { frontCertificate, frontKey } from './metaIdentity';

const metaHosts = new Set(['graph.facebook.com', 'lookaside.fbsbx.com']);

/**
 * Meta's hosts as a program sees them that was told nothing but its proxy: an HTTP proxy which ends the TLS of
 * graph.facebook.com and lookaside.fbsbx.com itself and hands every request on to the sandbox, with
 * the name of the host that was asked. Other hosts
 * cannot be reached through it.
 */
export class MetaFront {
	/** Hosts that somebody asked for and did not get. */
	readonly refused: string[] = [];
	private readonly sockets = new Set<Socket>();
	private readonly graph: Server;
	private readonly proxy: Server;

	/** @param sandbox the address of the sandbox's API */
	constructor(private readonly sandbox: string) {
		this.graph = createServer((incoming, response) => this.forward(incoming, response));
		this.proxy = createServer((_incoming, response) => response.writeHead(403).end());
		this.proxy.on('connect', (incoming: IncomingMessage, socket: Socket) => this.connect(incoming.url ?? '', socket));
	}

	/** @returns the proxy's address */
	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.proxy.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => {
			this.proxy.close(resolve);
			this.proxy.closeAllConnections();
		});
	}

	private connect(target: string, socket: Socket): void {
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket));
		// A client that goes away in mid-request leaves nothing to answer.
		socket.on('error', () => socket.destroy());
		if (!metaHosts.has(target.replace(/:443$/, ''))) {
			this.refused.push(target);
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		const secure = new TLSSocket(socket, { isServer: true, cert: frontCertificate, key: frontKey });
		secure.on('error', () => socket.destroy());
		this.graph.emit('connection', secure);
	}

	private forward(incoming: IncomingMessage, response: ServerResponse): void {
		const outgoing = request(`${this.sandbox}${incoming.url}`, { method: incoming.method ?? 'GET', headers: incoming.headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		outgoing.on('error', () => response.destroy());
		incoming.pipe(outgoing);
	}
}
