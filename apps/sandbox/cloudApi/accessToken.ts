import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../http/listener';
import type { SandboxSettings } from '../options';
import { GraphError, invalidParameter } from './graphError';

/**
 * The first check of every call: `Authorization: Bearer`, or Graph's `access_token` in the query.
 * An `appsecret_proof`, where one is sent, must be the HMAC-SHA256 of the token under the app secret.
 */
export class AccessTokenCheck {
	private readonly token: string;
	private readonly header: string;
	private readonly appToken: string;
	private readonly proof: string;

	constructor({ token, appSecret }: Pick<SandboxSettings, 'token' | 'appSecret'>, appId: string) {
		this.token = token;
		this.header = `Bearer ${token}`;
		this.appToken = `${appId}|${appSecret}`;
		this.proof = createHmac('sha256', appSecret).update(token).digest('hex');
	}

	/** @throws GraphError 190, or 100 for a wrong proof */
	check(request: HttpRequest): void {
		if (request.query === '' && request.headers.authorization === this.header) return;
		const query = new URLSearchParams(request.query);
		const presented = bearer(request.headers.authorization) ?? query.get('access_token') ?? undefined;
		if (presented === undefined) throw unauthorised('An access token is required to request this resource.');
		if (!same(presented, this.token) && !same(presented, this.appToken)) throw unauthorised('Invalid OAuth access token - Cannot parse access token');
		const proof = query.get('appsecret_proof');
		if (proof !== null && !same(proof, this.proof)) throw invalidParameter('Invalid appsecret_proof provided in the API argument');
	}

	accepts(token: string): boolean {
		return same(token, this.token);
	}
}

function unauthorised(message: string): GraphError {
	return new GraphError(190, undefined, {
		message,
		headers: { 'WWW-Authenticate': `OAuth "Facebook Platform" "invalid_token" "${message}"` },
	});
}

function bearer(header: string | undefined): string | undefined {
	return header === undefined ? undefined : /^(?:Bearer|OAuth)\s+(\S+)\s*$/i.exec(header)?.[1];
}

function same(left: string, right: string): boolean {
	const [one, other] = [Buffer.from(left), Buffer.from(right)];
	return one.length === other.length && timingSafeEqual(one, other);
}
