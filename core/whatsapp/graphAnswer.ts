import type { TransportAnswer } from './connection';
import { type JsonObject, asObject, integerAt, objectAt, objectsAt, textAt } from './jsonReading';
import { redact } from './redaction';

/** What Graph says in its `error` object. */
export interface GraphRefusal {
	code?: number;
	subcode?: number;
	/** Meta's words, without phone numbers and tokens. Not to be decided on: Meta rewords them. */
	title: string;
	details?: string;
	/** Meta's words for people, in the language of the account; never to be compared. */
	userMessage?: string;
}

export interface GraphAnswer {
	status: number;
	/** Undefined when the body is not a JSON object: pages of HTML from an edge or a proxy, broken or empty bodies. */
	json?: JsonObject;
	refusal?: GraphRefusal;
	/** Meta's clock, from the `Date` header, in milliseconds. */
	serverDate?: number;
	/** How long Meta asks us to wait. */
	retryAfterMs?: number;
}

const longestWaitMs = 24 * 60 * 60 * 1000;

export function readGraphAnswer(answer: TransportAnswer): GraphAnswer {
	const json = parseObject(answer.text);
	const serverDate = moment(answer.headers.date);
	return {
		status: answer.status,
		json,
		refusal: readRefusal(objectAt(json, 'error')),
		serverDate,
		retryAfterMs: readWait(answer.headers, serverDate),
	};
}

function parseObject(text: string): JsonObject | undefined {
	try {
		return asObject(JSON.parse(text));
	} catch (reason) {
		// Not JSON is an ordinary case here, and told apart by the caller.
		if (reason instanceof SyntaxError) return undefined;
		throw reason;
	}
}

function readRefusal(error: JsonObject | undefined): GraphRefusal | undefined {
	if (error === undefined) return undefined;
	const details = textAt(objectAt(error, 'error_data'), 'details');
	const userMessage = textAt(error, 'error_user_msg');
	return {
		code: integerAt(error, 'code'),
		subcode: integerAt(error, 'error_subcode'),
		title: redact(textAt(error, 'message') ?? textAt(error, 'type') ?? 'no title', 120),
		details: details === undefined ? undefined : redact(details, 300),
		...(userMessage === undefined ? {} : { userMessage: redact(userMessage, 300) }),
	};
}

/** The longer of `Retry-After` (seconds or a date) and the wait that Meta's usage header names (minutes). */
function readWait(headers: TransportAnswer['headers'], serverDate: number | undefined): number | undefined {
	const waits = [waitOf(headers['retry-after'], serverDate), usageWait(headers['x-business-use-case-usage'])].filter((wait) => wait !== undefined);
	return waits.length === 0 ? undefined : Math.min(Math.max(...waits), longestWaitMs);
}

function waitOf(retryAfter: string | undefined, serverDate: number | undefined): number | undefined {
	if (retryAfter === undefined) return undefined;
	if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
	const until = moment(retryAfter);
	return until === undefined || serverDate === undefined ? undefined : Math.max(0, until - serverDate);
}

/** `X-Business-Use-Case-Usage`: by account id, a list with `estimated_time_to_regain_access` in minutes. */
function usageWait(header: string | undefined): number | undefined {
	const usage = header === undefined ? undefined : parseObject(header);
	if (usage === undefined) return undefined;
	const minutes = Object.keys(usage).flatMap((account) => objectsAt(usage, account).map((use) => integerAt(use, 'estimated_time_to_regain_access') ?? 0));
	const longest = Math.max(0, ...minutes);
	return longest === 0 ? undefined : longest * 60_000;
}

function moment(httpDate: string | undefined): number | undefined {
	const at = httpDate === undefined ? Number.NaN : Date.parse(httpDate);
	return Number.isNaN(at) ? undefined : at;
}
