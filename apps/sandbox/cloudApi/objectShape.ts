import { isObject, parseJson, type JsonObject } from '../http/json';
import { GraphError, invalidParameter } from './graphError';

/** Readers for parts of a request body. They throw what Meta answers: 131008 for what is missing, 100 for what does not belong. */

/** An object, or the text of one: Graph takes JSON inside JSON, and published clients send it. */
export function objectAt(parent: JsonObject, key: string, path: string): JsonObject {
	const value = decoded(parent[key]);
	if (value === undefined || value === null) throw missing(path);
	if (!isObject(value)) throw invalidParameter(`Param ${path} must be a JSON object.`);
	return value;
}

export function optionalObjectAt(parent: JsonObject, key: string, path: string): JsonObject | undefined {
	return parent[key] === undefined || parent[key] === null ? undefined : objectAt(parent, key, path);
}

/** A list of objects; none where nothing was sent. */
export function objectsAt(parent: JsonObject, key: string, path: string): JsonObject[] {
	const value = decoded(parent[key]);
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) throw invalidParameter(`Param ${path} must be an array.`);
	if (!value.every(isObject)) throw invalidParameter(`Param ${path} must be an array of JSON objects.`);
	return value;
}

/** A number, or the text of one: Meta's own samples write coordinates as text. */
export function numberAt(parent: JsonObject, key: string, path: string, [least, most]: readonly [number, number]): number {
	const value = parent[key];
	if (value === undefined || value === null || value === '') throw missing(path);
	const number = typeof value === 'string' && /^[+-]?\d{1,20}(\.\d{1,30})?$/.test(value.trim()) ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < least || number > most) throw invalidParameter(`Param ${path} must be a number between ${least} and ${most}.`);
	return number;
}

export function booleanAt(parent: JsonObject, key: string, path: string): boolean | undefined {
	const value = parent[key];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'boolean') throw invalidParameter(`Param ${path} must be a boolean`);
	return value;
}

/** A text within its limit. @throws GraphError 131009 when it is longer, 131008 when it is missing */
export function shortTextAt(parent: JsonObject, key: string, path: string, most: number): string {
	const text = textAt(parent, key, path);
	if (text.length > most) throw tooLong(path, most);
	return text;
}

export function optionalShortTextAt(parent: JsonObject, key: string, path: string, most: number): string | undefined {
	return parent[key] === undefined || parent[key] === null ? undefined : shortTextAt(parent, key, path, most);
}

function tooLong(path: string, most: number): GraphError {
	return new GraphError(131009, `Param ${path} length is invalid. Min length: 1, Max length: ${most}`);
}

function decoded(value: unknown): unknown {
	return typeof value === 'string' && /^\s*[[{]/.test(value) ? (parseJson(value) ?? value) : value;
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
