import type { Faults } from '../faults';
import type { App } from '../delivery/webhookSender';
import { isObject, parseJson } from '../http/json';
import type { Answer, HttpRequest, TextAnswer } from '../http/listener';
import type { Journal } from '../journal';
import { looksLikeMetaToken } from '../options';
import type { SeededRandom } from '../seededRandom';
import type { AccessTokenCheck, Caller } from './accessToken';
import { answerWithFault } from './faultyAnswer';
import { GraphError, invalidParameter, unknownObject } from './graphError';
import { baseAddress, MediaAddresses } from './media/mediaAddresses';
import { appTokenAnswer } from './tokens';

/** One call, past the access check. */
export interface GraphCall {
	readonly method: string;
	/** The node's id, or the name of an edge at the root. */
	readonly id: string;
	/** The edge of the node, or empty. */
	readonly edge: string;
	readonly query: URLSearchParams;
	readonly body: string;
	/** The Content-Type header, or empty. */
	readonly contentType: string;
	/** The address of the call without query, as the client wrote it. */
	readonly address: string;
	/** The Graph version of the path, such as 25 for v25.0; undefined where it names none. */
	readonly version: number | undefined;
	readonly caller: Caller;
	/** The body as it arrives, of an upload of media. */
	readonly upload?: HttpRequest['upload'];
}

/** Answers the calls it knows and leaves the others (`undefined`). */
export type GraphRoute = (call: GraphCall) => TextAnswer | Promise<TextAnswer> | undefined;

export interface CloudApiParts {
	readonly access: AccessTokenCheck;
	readonly apps: readonly App[];
	readonly mediaAddresses: MediaAddresses;
	readonly faults: Faults;
	readonly journal: Journal;
	readonly random: SeededRandom;
	readonly routes: readonly GraphRoute[];
	/** Whether real-looking tokens may be presented. */
	readonly realLookingTokens: boolean;
}

/** The public face of the Cloud API: version prefix, access, scripted faults, routes, envelope, journal. */
export class CloudApi {
	private traced = 0;

	constructor(private readonly parts: CloudApiParts) {}

	/** Uploads of media are read as they arrive; every other body is small. */
	readonly streams = ({ method, path, headers }: Pick<HttpRequest, 'method' | 'path' | 'headers'>): boolean =>
		method === 'POST' && /\/media\/?$/.test(path) && /^\s*multipart\/form-data/i.test(headers['content-type'] ?? '');

	readonly handle = (request: HttpRequest): Answer | Promise<Answer> => {
		const { journal, faults } = this.parts;
		const sequence = journal.record({ kind: 'request', method: request.method, path: redacted(request), body: withoutToken(request.body) });
		if (MediaAddresses.isOne(request)) return this.answered(sequence, this.parts.mediaAddresses.answer(request), 'bytes of media');
		const perform = (): TextAnswer | Promise<TextAnswer> => this.perform(request);
		const fault = faults.strike(isSend(request), () => recipientOf(request.body));
		if (!fault) {
			const answer = perform();
			return answer instanceof Promise ? answer.then((settled) => this.answered(sequence, settled)) : this.answered(sequence, answer);
		}
		return answerWithFault(fault, this.traceId(), perform).then((answer) => this.answered(sequence, answer, `fault: ${fault.kind}`));
	};

	/** What a body above the limit is answered. */
	tooLarge(): TextAnswer {
		return new GraphError(100, 'The request is larger than this sandbox reads.', { status: 413 }).toAnswer(this.traceId());
	}

	broken(): TextAnswer {
		return new GraphError(1).toAnswer(this.traceId());
	}

	private answered(sequence: number, answer: Answer, outcome?: string): Answer {
		const told = 'body' in answer ? { status: answer.status, body: withoutToken(answer.body) } : { outcome: 'reset' in answer ? 'connection reset' : 'streamed' };
		this.parts.journal.record({ kind: 'response', answers: sequence, ...(outcome !== undefined && { outcome }), ...told });
		return answer;
	}

	private perform(request: HttpRequest): TextAnswer | Promise<TextAnswer> {
		const refuse = (thrown: unknown): TextAnswer => {
			if (thrown instanceof GraphError) return thrown.toAnswer(this.traceId());
			throw thrown;
		};
		try {
			if (!this.parts.realLookingTokens) refuseRealTokens(request);
			const open = request.path.endsWith('/access_token') ? appTokenAnswer(toCall(request, nobody), this.parts.apps) : undefined;
			if (open) return open;
			const caller = this.parts.access.check(request);
			if (!request.isText) throw invalidParameter('The body is not valid UTF-8');
			const answer = this.route(toCall(request, caller));
			return answer instanceof Promise ? answer.catch(refuse) : answer;
		} catch (thrown) {
			return refuse(thrown);
		}
	}

	private route(call: GraphCall): TextAnswer | Promise<TextAnswer> {
		for (const route of this.parts.routes) {
			const answer = route(call);
			if (answer) return answer;
		}
		throw unknownObject(call.method, call.id);
	}

	private traceId(): string {
		const nth = this.traced++;
		return `A${Buffer.from(`${this.parts.random.integer('trace', 'id', nth)}-${nth}`).toString('base64url').slice(0, 22)}`;
	}
}

const noQuery = new URLSearchParams();

/** Who asks for a token has none yet. */
const nobody: Caller = { kind: 'app', id: '' };

function toCall({ method, path, query, headers, body, upload }: HttpRequest, caller: Caller): GraphCall {
	const version = /^\/v(\d{1,3})\.\d+(?=\/|$)/.exec(path);
	const [id = '', ...edge] = path.slice(version ? version[0].length : 0).slice(1).replace(/\/$/, '').split('/');
	return {
		method,
		id,
		edge: edge.join('/'),
		query: query === '' ? noQuery : new URLSearchParams(query),
		body,
		contentType: headers['content-type'] ?? '',
		address: baseAddress(headers.host) + path,
		version: version ? Number(version[1]) : undefined,
		caller,
		...(upload && { upload }),
	};
}

function isSend({ method, path }: HttpRequest): boolean {
	return method === 'POST' && path.endsWith('/messages');
}

function recipientOf(body: string): string | undefined {
	const message = parseJson(body);
	return isObject(message) && typeof message.to === 'string' ? message.to.replace(/\D/g, '') : undefined;
}

/** A real token has no business in a simulator: somebody pointed a live system at it, and should hear so. */
function refuseRealTokens({ headers, query }: HttpRequest): void {
	if (query === '' && !headers.authorization?.includes('EAA')) return;
	const token = headers.authorization?.replace(/^\S+\s+/, '') ?? new URLSearchParams(query).get('access_token') ?? '';
	if (!looksLikeMetaToken(token)) return;
	throw new GraphError(190, undefined, { message: 'This is a simulator, and the access token looks like a real one. It was not stored. Use the token that the sandbox printed.' });
}

const secrets = /((?:^|&)(?:access_token|input_token|appsecret_proof|client_secret)=)[^&]*/g;

function redacted({ path, query }: HttpRequest): string {
	return query === '' ? path : `${path}?${query.replace(secrets, '$1(hidden)')}`;
}

/** In forms, in JSON, and in the parts of a multipart body. */
const secretsInBodies = /((?:^|&)(?:access_token|client_secret)=)[^&]*|("(?:access_token|client_secret)"\s*:\s*")[^"]*|(name="?(?:access_token|client_secret)"?\r\n(?:[^\r\n]+\r\n)*\r\n)[^\r\n]*/g;

/** Bodies may hold a token, or the secret that one is asked for with; the journal keeps neither. */
function withoutToken(body: string): string {
	return body.includes('access_token') || body.includes('client_secret') ? body.replace(secretsInBodies, '$1$2$3(hidden)') : body;
}
