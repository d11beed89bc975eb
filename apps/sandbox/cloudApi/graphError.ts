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
	100: [400, 'Invalid parameter'],
	190: [401, 'Access token has expired'],
	80007: [400, 'Rate limit issues'],
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
	131056: [400, '(Business Account, Consumer Account) pair rate limit hit'],
	132000: [400, 'Number of parameters does not match the expected number of params'],
	132001: [400, 'Template name does not exist in the translation'],
	132005: [400, 'Translated text too long'],
	132012: [400, 'Parameter format does not match format in the created template'],
	132015: [400, 'Template is paused'],
	132016: [400, 'Template is disabled'],
	132018: [400, 'Template validation error'],
	133010: [400, 'Phone number not registered'],
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
