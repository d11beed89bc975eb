import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StatusUpdate {
	id: string;
	status: string;
	timestamp: string;
	recipient_id?: string;
	recipient_user_id?: string;
	biz_opaque_callback_data?: string;
	pricing?: Record<string, unknown>;
	errors?: Array<{ code: number; title: string; message: string; error_data: { details: string }; href: string }>;
}

export interface Change {
	field: string;
	value: {
		metadata?: Record<string, string>;
		contacts?: Array<{ wa_id?: string; user_id?: string; profile?: { name: string } }>;
		statuses?: StatusUpdate[];
		messages?: Array<Record<string, unknown>>;
		[key: string]: unknown;
	};
}

export interface ReceivedWebhook {
	headers: IncomingHttpHeaders;
	bytes: Buffer;
	body: { object: string; entry: Array<{ id: string; time?: number; changes: Change[] }> };
}

/** A webhook address as the council's desk would run one: verifies the handshake, keeps what comes, answers as told. */
export class WebhookReceiver {
	readonly received: ReceivedWebhook[] = [];
	readonly handshakes: URLSearchParams[] = [];
	/** The answer to the nth POST, from 0. */
	answer: (nth: number) => number = () => 200;
	/** The body that answers the handshake. */
	challengeAnswer: (challenge: string) => string = (challenge) => challenge;
	private readonly server = createServer((request, response) => {
		const query = new URL(request.url ?? '/', 'http://receiver').searchParams;
		if (request.method === 'GET') {
			this.handshakes.push(query);
			const right = query.get('hub.verify_token') === this.verifyToken;
			response.writeHead(right ? 200 : 403, { 'Content-Type': 'text/plain' }).end(right ? this.challengeAnswer(query.get('hub.challenge') ?? '') : '');
			return;
		}
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const bytes = Buffer.concat(chunks);
			this.received.push({ headers: request.headers, bytes, body: JSON.parse(bytes.toString()) as ReceivedWebhook['body'] });
			response.writeHead(this.answer(this.received.length - 1)).end();
		});
	});

	constructor(private readonly verifyToken = 'sandbox-verify-token') {}

	async start(port = 0): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhook/whatsapp`;
	}

	async stop(): Promise<void> {
		if (!this.server.listening) return;
		await new Promise((resolve) => {
			this.server.close(resolve);
			this.server.closeAllConnections();
		});
	}

	changes(field = 'messages'): Change[] {
		return this.received.flatMap(({ body }) => body.entry.flatMap(({ changes }) => changes)).filter((change) => change.field === field);
	}

	statuses(): StatusUpdate[] {
		return this.changes().flatMap(({ value }) => value.statuses ?? []);
	}

	messages(): Array<Record<string, unknown>> {
		return this.changes().flatMap(({ value }) => value.messages ?? []);
	}
}

export function signatureOf(bytes: Buffer, secret: string): string {
	return `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
}
