import { createHmac } from 'node:crypto';

import { CivicError } from '../errors';
import { type Transport, type TransportFault, isTransportFault } from './connection';
import { concernsAccess, policyFor } from './errorPolicy';
import { assertGraphAddress } from './graphAddress';
import { type GraphAnswer, readGraphAnswer } from './graphAnswer';
import type { JsonObject } from './jsonReading';

export interface GraphAccess {
	/** `https://graph.facebook.com`, or a loopback address. */
	graphUrl: string;
	/** `v25.0` */
	graphVersion: string;
	accessToken: string;
	/** With it every call carries `appsecret_proof`, so that a stolen token alone is of no use where the app demands it. */
	appSecret?: string;
}

export interface CallOptions {
	timeoutMs?: number;
	signal?: AbortSignal;
}

/** Calls to one Graph host with one token. */
export interface GraphCaller {
	/** @throws TransportFault */
	post(path: string, body: string, options?: CallOptions): Promise<GraphAnswer>;
	/**
	 * @param subject what is asked for, as a sentence names it: “the phone number 1234”
	 * @throws CivicError `channel.access`, `whatsapp.refused`, `whatsapp.unreachable`
	 */
	get(path: string, query: Record<string, string>, subject: string): Promise<{ json: JsonObject; serverDate?: number }>;
}

/** @throws CivicError `channel.address`, `channel.access`, `input.invalid` when the settings cannot be right */
export function createGraphCaller(access: GraphAccess, transport: Transport): GraphCaller {
	const base = `${assertGraphAddress(access.graphUrl)}/${checkedVersion(access.graphVersion)}`;
	const headers = { authorization: `Bearer ${checkedToken(access.accessToken)}`, accept: 'application/json' };
	const proof: Record<string, string> = access.appSecret === undefined || access.appSecret === '' ? {} : { appsecret_proof: appSecretProof(access.accessToken, access.appSecret) };
	const address = (path: string, query: Record<string, string>) => {
		const search = new URLSearchParams({ ...query, ...proof }).toString();
		return `${base}/${path}${search === '' ? '' : `?${search}`}`;
	};
	const postHeaders = { ...headers, 'content-type': 'application/json' };
	return {
		post: async (path, body, options) => readGraphAnswer(await transport.request({ method: 'POST', url: address(path, {}), headers: postHeaders, body, ...options })),
		get: async (path, query, subject) => {
			const answer = await readTwice(async () => await transport.request({ method: 'GET', url: address(path, query), headers }), subject);
			return readable(readGraphAnswer(answer), subject);
		},
	};
}

/** Graph: "Secure Graph API calls". Hexadecimal HMAC-SHA256 of the token under the app secret. */
export function appSecretProof(accessToken: string, appSecret: string): string {
	return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}

function checkedVersion(version: string): string {
	if (/^v\d{1,3}\.\d$/.test(version)) return version;
	throw new CivicError('input.invalid', 'The Graph version of this channel is not in the form of “v25.0”.', 'Set it to the version that Meta shows for your app.');
}

function checkedToken(token: string): string {
	if (/^[\x21-\x7e]+$/.test(token)) return token;
	throw new CivicError('channel.access', 'The access token of this channel is empty, or holds a space or a line break.', 'Copy the token of the system user again, on one line.');
}

/** Reading is harmless, so a connection that broke off is tried once more. */
async function readTwice<T>(read: () => Promise<T>, subject: string): Promise<T> {
	try {
		return await read();
	} catch (first) {
		if (!isTransportFault(first)) throw first;
		if (first.reason !== 'interrupted') throw unreachable(first, subject);
	}
	try {
		return await read();
	} catch (second) {
		throw isTransportFault(second) ? unreachable(second, subject) : second;
	}
}

function unreachable(fault: TransportFault, subject: string): CivicError {
	const what = fault.reason === 'timeout' ? 'Meta did not answer in time' : 'Meta could not be reached';
	return new CivicError(
		'whatsapp.unreachable',
		`${what} when asked for ${subject}.`,
		'Try again. If it stays so, ask IT about name lookup, proxy and firewall for the Graph address of this channel.',
		{ cause: fault },
	);
}

function readable(answer: GraphAnswer, subject: string): { json: JsonObject; serverDate?: number } {
	if (answer.refusal !== undefined) throw refused(answer, subject);
	if (answer.json !== undefined && answer.status >= 200 && answer.status < 300) return { json: answer.json, serverDate: answer.serverDate };
	throw new CivicError(
		'whatsapp.unreachable',
		`The answer about ${subject} (HTTP ${answer.status}) did not come from the Cloud API.`,
		'Try again. If it stays so, ask IT whether a proxy or filter answers in place of Meta.',
	);
}

function refused(answer: GraphAnswer, subject: string): CivicError {
	const code = answer.refusal?.code;
	const shown = code === undefined ? '' : ` (Meta’s code ${code})`;
	// 100 and 33 on a plain GET mean an id that does not exist or that the token may not see (Graph: "Error handling").
	if (code === 100 || code === 33) {
		return new CivicError(
			'channel.access',
			`Meta does not know ${subject}, or this access token may not see it${shown}.`,
			'Compare the ids in the channel’s credential with WhatsApp Manager, and check that the token belongs to the same business.',
		);
	}
	const { explain, goOn } = policyFor(code, { httpStatus: answer.status });
	const words = concernsAccess(code) ? explain : `Meta refused ${subject}. ${explain}`;
	return new CivicError(concernsAccess(code) ? 'channel.access' : 'whatsapp.refused', `${words.replace(/\.$/, '')}${shown}.`, goOn);
}
