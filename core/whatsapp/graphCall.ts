import { createHmac } from 'node:crypto';

import { CivicError, type ErrorCode } from '../errors';
import { type Transport, type TransportAnswer, type TransportFault, isTransportFault } from './connection';
import { concernsAccess, policyFor } from './errorPolicy';
import { assertGraphAddress } from './graphAddress';
import { type GraphAnswer, readGraphAnswer } from './graphAnswer';
import type { JsonObject } from './jsonReading';
import { assertMediaAddress } from './mediaAddress';

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

/** What a call is about, for the words of an error. */
export interface Subject {
	/** As a sentence names it: “the phone number 1234”. */
	name: string;
	/** What it means that Meta does not know it; without this, that the channel's settings are wrong. */
	unknown?: { code: ErrorCode; hint: string };
}

/** What a call that only reads or changes settings gave. */
export interface Reading {
	json: JsonObject;
	serverDate?: number;
}

/** Calls to one Graph host with one token. */
export interface GraphCaller {
	/** @throws TransportFault */
	post(path: string, body: string, options?: CallOptions): Promise<GraphAnswer>;
	/**
	 * @param subject what is asked for, as a sentence names it: “the phone number 1234”
	 * @throws CivicError `channel.access`, `whatsapp.refused`, `whatsapp.unreachable`
	 */
	get(path: string, query: Record<string, string>, subject: string | Subject): Promise<Reading>;
	/**
	 * A change that does no harm when it is made twice, so a connection that broke off is tried once more.
	 * @throws CivicError as `get`
	 */
	change(method: 'POST' | 'DELETE', path: string, body: CallBody | undefined, subject: string | Subject, options?: CallOptions): Promise<Reading>;
	/** A file on an address that Graph gave, with the token. @throws TransportFault; CivicError `channel.address` */
	fetchFile(url: string, maxBytes: number, options?: CallOptions): Promise<TransportAnswer>;
}

/** JSON as text, or bytes of another kind. */
export type CallBody = string | { contentType: string; bytes: Buffer };

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
		change: async (method, path, body, subject, options) => {
			const request = { method, url: address(path, {}), ...bodyAndHeaders(headers, body), ...options };
			return readable(readGraphAnswer(await readTwice(async () => await transport.request(request), subject)), subject);
		},
		fetchFile: async (url, maxBytes, options) => {
			const { authorization } = headers;
			return await transport.request({ method: 'GET', url: assertMediaAddress(url, access.graphUrl), headers: { authorization, accept: '*/*' }, wantsBytes: true, maxAnswerBytes: maxBytes, ...options });
		},
	};
}

function bodyAndHeaders(headers: Record<string, string>, body: CallBody | undefined): { headers: Record<string, string>; body?: string | Buffer } {
	if (body === undefined) return { headers };
	return typeof body === 'string' ? { headers: { ...headers, 'content-type': 'application/json' }, body } : { headers: { ...headers, 'content-type': body.contentType }, body: body.bytes };
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

/** Reading is harmless, and so is a change that can be made twice: a connection that broke off is tried once more. */
async function readTwice<T>(read: () => Promise<T>, subject: string | Subject): Promise<T> {
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

export function unreachable(fault: TransportFault, subject: string | Subject): CivicError {
	const what = fault.reason === 'timeout' ? 'Meta did not answer in time' : 'Meta could not be reached';
	return new CivicError(
		'whatsapp.unreachable',
		`${what} when asked for ${nameOf(subject)}.`,
		'Try again. If it stays so, ask IT about name lookup, proxy and firewall for the Graph address of this channel.',
		{ cause: fault },
	);
}

function readable(answer: GraphAnswer, subject: string | Subject): Reading {
	if (answer.refusal !== undefined) throw refused(answer, subject);
	if (answer.json !== undefined && answer.status >= 200 && answer.status < 300) return { json: answer.json, serverDate: answer.serverDate };
	throw new CivicError(
		'whatsapp.unreachable',
		`The answer about ${nameOf(subject)} (HTTP ${answer.status}) did not come from the Cloud API.`,
		'Try again. If it stays so, ask IT whether a proxy or filter answers in place of Meta.',
	);
}

function nameOf(subject: string | Subject): string {
	return typeof subject === 'string' ? subject : subject.name;
}

/** The error for a refusal of Graph's. */
export function refused(answer: GraphAnswer, about: string | Subject): CivicError {
	const subject = nameOf(about);
	const code = answer.refusal?.code;
	const shown = code === undefined ? '' : ` (Meta’s code ${code})`;
	// 100 and 33 on a plain GET mean an id that does not exist or that the token may not see (Graph: "Error handling").
	if (code === 100 || code === 33) {
		if (typeof about === 'object' && about.unknown !== undefined) return new CivicError(about.unknown.code, `Meta does not know ${subject}${shown}.`, about.unknown.hint);
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
