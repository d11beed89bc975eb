import { json } from '../http/json';
import type { TextAnswer } from '../http/listener';

/**
 * Errors of the Cloud API that the sandbox can give: code → [HTTP status, title]. Codes and titles follow Meta's
 * "Error codes" page; statuses, which Meta no longer lists, follow published logs.
 */
const titles = {
	1: [500, 'API Unknown'],
	2: [503, 'API Service'],
	4: [400, 'API Too Many Calls'],
	15: [400, 'Method requires an app access token'],
	100: [400, 'Invalid parameter'],
	101: [400, 'Application not found'],
	190: [401, 'Access token has expired'],
	200: [403, 'API permission'],
	2200: [400, 'Callback verification failed'],
	80007: [400, 'Rate limit issues'],
	130403: [400, 'Recipient is blocked by the business'],
	130429: [400, 'Rate limit hit'],
	131000: [500, 'Something went wrong'],
	131008: [400, 'Required parameter is missing'],
	131009: [400, 'Parameter value is not valid'],
	131016: [500, 'Service unavailable'],
	131021: [400, 'Recipient cannot be sender'],
	131026: [400, 'Message undeliverable'],
	131030: [400, 'Recipient phone number not in allowed list'],
	131042: [400, 'Business eligibility payment issue'],
	131047: [400, 'Re-engagement message'],
	131048: [400, 'Spam rate limit hit'],
	131049: [400, 'This message was not delivered to maintain healthy ecosystem engagement.'],
	131050: [400, 'This user has stopped marketing messages from your business.'],
	131051: [400, 'Unsupported message type'],
	131053: [400, 'Media upload error'],
	131055: [400, 'Method not allowed'],
	131056: [400, '(Business Account, Consumer Account) pair rate limit hit'],
	131057: [500, 'Account in maintenance mode'],
	132000: [400, 'Number of parameters does not match the expected number of params'],
	132001: [400, 'Template name does not exist in the translation'],
	132005: [400, 'Translated text too long'],
	132012: [400, 'Parameter format does not match format in the created template'],
	132015: [400, 'Template is paused'],
	132016: [400, 'Template is disabled'],
	132018: [400, 'Template validation error'],
	133005: [400, 'Two step verification PIN mismatch'],
	133010: [400, 'Phone number not registered'],
	133016: [400, 'Account register deregister rate limit exceeded'],
	137000: [400, 'User identity key hash mismatch'],
	139100: [400, 'Failed to block or unblock some users'],
	139101: [400, 'Blocklist limit reached'],
	139102: [400, 'Blocklist concurrent update'],
	139103: [400, 'Internal error while blocking'],
} as const satisfies Record<number, readonly [number, string]>;

export type GraphCode = keyof typeof titles;

export function isGraphCode(code: number): code is GraphCode {
	return code in titles;
}

export function titleOf(code: GraphCode): string {
	return titles[code][1];
}

interface GraphErrorParts {
	status?: number;
	subcode?: number;
	/** Replaces `(#code) title`. */
	message?: string;
	type?: 'OAuthException' | 'GraphMethodException';
	/** Text for people, which Meta localises. */
	userTitle?: string;
	userMessage?: string;
	headers?: Record<string, string>;
}

/** A refusal of the API. `details` ends up in `error_data.details`. */
export class GraphError extends Error {
	constructor(
		readonly code: GraphCode,
		readonly details?: string,
		readonly parts: GraphErrorParts = {},
	) {
		super(parts.message ?? `(#${code}) ${titleOf(code)}`);
		this.name = 'GraphError';
	}

	get status(): number {
		return this.parts.status ?? titles[this.code][0];
	}

	toAnswer(traceId: string): TextAnswer {
		const { subcode, type = 'OAuthException', userTitle, userMessage, headers } = this.parts;
		const answer = json(
			{
				error: {
					message: this.message,
					type,
					code: this.code,
					...(this.details !== undefined && { error_data: { messaging_product: 'whatsapp', details: this.details } }),
					...(subcode !== undefined && { error_subcode: subcode }),
					...(userTitle !== undefined && { error_user_title: userTitle }),
					...(userMessage !== undefined && { error_user_msg: userMessage }),
					fbtrace_id: traceId,
				},
			},
			this.status,
		);
		return headers ? { ...answer, headers: { ...answer.headers, ...headers } } : answer;
	}
}

/** What Graph says of an id or an edge that is not there (100 with subcode 33). */
export function unknownObject(method: string, id: string): GraphError {
	return new GraphError(100, undefined, {
		subcode: 33,
		type: 'GraphMethodException',
		message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
	});
}

export function invalidParameter(details: string): GraphError {
	return new GraphError(100, details);
}

/** What Graph says of a parameter that should hold the id of something, and does not. */
export function notAnObjectId(parameter: string, kind: string): GraphError {
	const text = `Param ${parameter} is not a valid ${kind} ID`;
	return new GraphError(100, text, { message: `(#100) ${text}` });
}

/** What Graph says of a parameter that is not there at all. */
export function parameterRequired(name: string): GraphError {
	return new GraphError(100, undefined, { message: `(#100) The parameter ${name} is required.` });
}
