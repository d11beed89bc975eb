import type { TextAnswer } from './listener';

const jsonHeaders = { 'Content-Type': 'application/json; charset=UTF-8' };

export type JsonObject = Record<string, unknown>;

/**
 * How many levels JSON may have. Meta names no limit [assumed]; its own deepest objects have about ten. What is nested by the
 * ten thousand can be read, but no longer be written.
 */
export const deepestNesting = 100;

export function json(value: unknown, status = 200): TextAnswer {
	return { status, headers: jsonHeaders, body: JSON.stringify(value) };
}

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed body, or undefined when it is not JSON or is nested too deep. */
export function parseJson(text: string): unknown {
	if (isTooDeep(text)) return undefined;
	try {
		return JSON.parse(text);
	} catch (thrown) {
		// Only a SyntaxError can come from here, and the caller decides what a body that is not JSON means.
		if (thrown instanceof SyntaxError) return undefined;
		throw thrown;
	}
}

const [quote, backslash, list, listEnd, object, objectEnd] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** As good as every body has not even so many brackets, and looking for one sign at a time costs next to nothing. */
function isTooDeep(text: string): boolean {
	let brackets = 0;
	for (const sign of ['[', '{']) {
		for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) if (++brackets > deepestNesting) return nestsTooDeep(text);
	}
	return false;
}

/** Counts the brackets outside texts. */
function nestsTooDeep(text: string): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (unit === quote) at = endOfText(text, at);
		else if (unit === list || unit === object) {
			if (++depth > deepestNesting) return true;
		} else if (unit === listEnd || unit === objectEnd) depth--;
	}
	return false;
}

/** Where the text that begins with the quotation mark at this place ends; past everything when it does not. */
function endOfText(json: string, start: number): number {
	for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
		let before = end;
		while (json.charCodeAt(before - 1) === backslash) before--;
		if ((end - before) % 2 === 0) return end;
	}
	return json.length;
}
