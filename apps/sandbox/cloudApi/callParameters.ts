import { isObject, parseJson, type JsonObject } from '../http/json';
import type { GraphCall } from './cloudApi';
import { invalidParameter } from './graphError';

/** Names in the query that are about the call, not for the object. */
const callNames = new Set(['access_token', 'appsecret_proof', 'debug', 'format', 'locale', 'method', 'pretty', 'suppress_http_code']);

/**
 * The parameters of a POST, as Graph gathers them: from the query, and from the body by its type, which is a JSON object or
 * a form whose values may be JSON themselves. A body of another type, or of none, is not looked at, so that a client that
 * forgets its Content-Type is told here too that everything is missing.
 *
 * @throws GraphError 100 for JSON that is broken or no object, and for multipart bodies
 */
export function callParameters({ query, body, contentType }: GraphCall): JsonObject {
	const given = bodyParameters(body, contentType);
	const asked = query.size === 0 ? [] : [...query].filter(([name]) => !callNames.has(name));
	return asked.length === 0 ? given : { ...formParameters(asked), ...given };
}

function bodyParameters(body: string, contentType: string): JsonObject {
	const [type = ''] = contentType.toLowerCase().split(';', 1);
	if (body === '') return {};
	if (type.trim() === 'application/x-www-form-urlencoded') return formParameters(new URLSearchParams(body));
	if (type.trim() === 'multipart/form-data') throw invalidParameter('This sandbox does not read multipart bodies; send JSON');
	if (type.trim() !== 'application/json') return {};
	const given = parseJson(body);
	if (!isObject(given)) throw invalidParameter('The body must be a JSON object');
	return given;
}

function formParameters(fields: Iterable<[string, string]>): JsonObject {
	return Object.fromEntries([...fields].map(([name, value]) => [name, /^[[{]/.test(value) ? (parseJson(value) ?? value) : value]));
}
