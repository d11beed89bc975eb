import { isObject, type JsonObject } from '../http/json';
import { GraphError, invalidParameter } from './graphError';

/** Readers for parts of a request body. They throw what Meta answers: 131008 for what is missing, 100 for what does not belong. */

export function objectAt(parent: JsonObject, key: string, path: string): JsonObject {
	const value = parent[key];
	if (value === undefined || value === null) throw missing(path);
	if (!isObject(value)) throw invalidParameter(`Param ${path} must be an object`);
	return value;
}

export function textAt(parent: JsonObject, key: string, path: string): string {
	const value = optionalTextAt(parent, key, path);
	if (value === undefined || value === '') throw missing(path);
	return value;
}

export function optionalTextAt(parent: JsonObject, key: string, path: string): string | undefined {
	const value = parent[key];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'string') throw invalidParameter(`Param ${path} must be a string`);
	return value;
}

/** Nothing is ignored: a key that the sandbox does not know is refused, as a misspelt one should be. */
export function onlyKeys(value: JsonObject, allowed: ReadonlySet<string>, path: string): void {
	for (const key in value) {
		if (!allowed.has(key)) throw invalidParameter(`Unexpected key "${key}" on param "${path}"`);
	}
}

export function missing(path: string): GraphError {
	return new GraphError(131008, `The parameter ${path} is required.`);
}
