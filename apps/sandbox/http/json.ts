import type { TextAnswer } from './listener';

const jsonHeaders = { 'Content-Type': 'application/json; charset=UTF-8' };

export type JsonObject = Record<string, unknown>;

export function json(value: unknown, status = 200): TextAnswer {
	return { status, headers: jsonHeaders, body: JSON.stringify(value) };
}

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed body, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (thrown) {
		// Only a SyntaxError can come from here, and the caller decides what a body that is not JSON means.
		if (thrown instanceof SyntaxError) return undefined;
		throw thrown;
	}
}
