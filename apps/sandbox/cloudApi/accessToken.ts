import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '../delivery/webhookSender';
import type { HttpRequest } from '../http/listener';
import type { Knobs } from '../knobs';
import { callParameter } from './callParameters';
import { GraphError } from './graphError';

/** Whose token a call carries: the system user's, or an app's own. */
export type Caller = { readonly kind: 'user' } | { readonly kind: 'app'; readonly id: string };

interface KnownToken {
	readonly caller: Caller;
	readonly token: string;
	/** The HMAC-SHA256 of the token under the secret of its app, in hex. */
	readonly proof: string;
}

/**
 * The first check of every call: `Authorization: Bearer`, or Graph's `access_token` in the query or the body. An
 * `appsecret_proof` must be right where one is sent, and be sent where the app demands it (Meta, "Secure Graph API calls").
 */
export class AccessTokenCheck {
	private readonly user: KnownToken;
	private readonly tokens: readonly KnownToken[];
	private readonly header: string;

	/** @param now milliseconds since the epoch by the sandbox's clock */
	constructor(
		token: string,
		apps: readonly [App, ...App[]],
		private readonly knobs: Pick<Knobs, 'appSecretProof' | 'tokenExpiresAt'>,
		private readonly now: () => number,
	) {
		this.user = { caller: { kind: 'user' }, token, proof: hmac(token, apps[0].secret) };
		this.tokens = [this.user, ...apps.map(({ id, secret }): KnownToken => ({ caller: { kind: 'app', id }, token: appToken(id, secret), proof: hmac(appToken(id, secret), secret) }))];
		this.header = `Bearer ${token}`;
	}

	/** @throws GraphError 190, or 100 for a proof that is wrong or missing */
	check(request: HttpRequest): Caller {
		const { authorization, 'content-type': contentType = '' } = request.headers;
		const { query, body } = request;
		if (query === '' && authorization === this.header && this.knobs.appSecretProof === 'optional' && this.knobs.tokenExpiresAt === 0 && !body.includes('appsecret_proof')) return this.user.caller;
		const given = { query, body, contentType };
		const presented = bearer(authorization) ?? callParameter('access_token', given);
		if (!presented) throw unauthorised('An access token is required to request this resource.');
		const known = this.find(presented);
		if (!known) throw unauthorised('Invalid OAuth access token - Cannot parse access token');
		if (known === this.user && this.expired) throw expired(this.knobs.tokenExpiresAt, this.now());
		const proof = callParameter('appsecret_proof', given);
		if (proof !== undefined && !same(proof, known.proof)) throw proofRefused('Invalid appsecret_proof provided in the API argument');
		if (proof === undefined && this.knobs.appSecretProof === 'required') throw proofRefused('API calls from the server require an appsecret_proof argument');
		return known.caller;
	}

	/** Whether the bytes of media may be fetched with this header; the query does not count there. */
	opensMedia(authorization: string | undefined): boolean {
		return !this.expired && this.find(bearer(authorization) ?? '') === this.user;
	}

	/** Whose token this is, or undefined for one that is not known. */
	callerOf(token: string): Caller | undefined {
		return this.find(token)?.caller;
	}

	/** Whether the system user's token is no longer good. */
	get expired(): boolean {
		return this.knobs.tokenExpiresAt !== 0 && this.now() >= this.knobs.tokenExpiresAt * 1000;
	}

	private find(token: string): KnownToken | undefined {
		return this.tokens.find((known) => same(token, known.token));
	}
}

/** An app's own token, as Graph takes it. */
export function appToken(id: string, secret: string): string {
	return `${id}|${secret}`;
}

function unauthorised(message: string): GraphError {
	return new GraphError(190, undefined, {
		message,
		headers: { 'WWW-Authenticate': `OAuth "Facebook Platform" "invalid_token" "${message}"` },
	});
}

function expired(at: number, now: number): GraphError {
	const shown = (moment: number): string => new Date(moment).toUTCString();
	const message = `Error validating access token: Session has expired on ${shown(at * 1000)}. The current time is ${shown(now)}.`;
	return new GraphError(190, undefined, { subcode: 463, message, headers: { 'WWW-Authenticate': `OAuth "Facebook Platform" "invalid_token" "${message}"` } });
}

function proofRefused(message: string): GraphError {
	return new GraphError(100, undefined, { message, type: 'GraphMethodException' });
}

function hmac(token: string, secret: string): string {
	return createHmac('sha256', secret).update(token).digest('hex');
}

function bearer(header: string | undefined): string | undefined {
	return header === undefined ? undefined : /^(?:Bearer|OAuth)\s+(\S+)\s*$/i.exec(header)?.[1];
}

function same(left: string, right: string): boolean {
	const [one, other] = [Buffer.from(left), Buffer.from(right)];
	return one.length === other.length && timingSafeEqual(one, other);
}
