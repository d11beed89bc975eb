import { deepestNesting, isObject, parseJson, type JsonObject } from '../http/json';
import { BrokenMultipart, boundaryOf, multipartFields } from '../http/multipart';
import type { GraphCall } from './cloudApi';
import { GraphError, invalidParameter } from './graphError';

/** Names in the query that are about the call, not for the object. */
const callNames = new Set(['access_token', 'appsecret_proof', 'debug', 'format', 'locale', 'method', 'pretty', 'suppress_http_code']);

/**
 * The parameters of a POST, as Graph gathers them: from the query, and from the body by its type, which is a JSON object or
 * a form (of either kind) whose values may be JSON themselves. A body of another type, or of none, is not looked at, so that a client that
 * forgets its Content-Type is told here too that everything is missing.
 *
 * @throws GraphError 100 for JSON that is broken, nested too deep or no object, and for broken multipart bodies
 */
export function callParameters({ query, body, contentType }: GraphCall): JsonObject {
	const given = withoutCallNames(bodyParameters(body, contentType));
	const asked = query.size === 0 ? [] : [...query].filter(([name]) => !callNames.has(name));
	return asked.length === 0 ? given : { ...formParameters(asked), ...given };
}

function bodyParameters(body: string, contentType: string): JsonObject {
	const [type = ''] = contentType.toLowerCase().split(';', 1);
	if (body === '') return {};
	if (type.trim() === 'application/x-www-form-urlencoded') return formParameters(new URLSearchParams(body));
	if (type.trim() === 'multipart/form-data') return multipartParameters(body, contentType);
	if (type.trim() !== 'application/json') return {};
	const given = parseJson(body);
	if (!isObject(given)) throw invalidParameter(`The body must be a JSON object of at most ${deepestNesting} levels`);
	return given;
}

function multipartParameters(body: string, contentType: string): JsonObject {
	const boundary = boundaryOf(contentType);
	if (boundary === undefined) throw invalidParameter('The multipart body has no boundary');
	try {
		return formParameters(multipartFields(Buffer.from(body), boundary));
	} catch (thrown) {
		if (thrown instanceof BrokenMultipart) throw invalidParameter(thrown.message);
		throw thrown;
	}
}

function withoutCallNames(given: JsonObject): JsonObject {
	for (const name in given) if (callNames.has(name)) return Object.fromEntries(Object.entries(given).filter(([key]) => !callNames.has(key)));
	return given;
}

/** One parameter of a call about the call itself, from wherever Graph takes it; the body only where it mentions the name. */
export function callParameter(name: 'access_token' | 'appsecret_proof', { query, body, contentType }: { query: string; body: string; contentType: string }): string | undefined {
	const asked = query === '' ? null : new URLSearchParams(query).get(name);
	if (asked !== null) return asked;
	if (!body.includes(name)) return undefined;
	try {
		const given = bodyParameters(body, contentType)[name];
		return typeof given === 'string' ? given : undefined;
	} catch (thrown) {
		// A body that cannot be read holds no token; what is wrong with it is said once the caller is known.
		if (thrown instanceof GraphError) return undefined;
		throw thrown;
	}
}

function formParameters(fields: Iterable<[string, string]>): JsonObject {
	return Object.fromEntries([...fields].map(([name, value]) => [name, /^[[{]/.test(value) ? (parseJson(value) ?? value) : value]));
}
