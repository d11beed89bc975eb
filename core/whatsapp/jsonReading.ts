/** Small readers for JSON that somebody else wrote. Each gives the value in the wanted shape, or undefined; none throws. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Own properties only, so that a field named like a property of every object reads as absent. */
export function field(object: JsonObject | undefined, name: string): unknown {
	return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
	return asObject(field(object, name));
}

/** The objects of a list; entries of another kind are left out. */
export function objectsAt(object: JsonObject | undefined, name: string): JsonObject[] {
	const list = field(object, name);
	return Array.isArray(list) ? list.map(asObject).filter((entry) => entry !== undefined) : [];
}

/** A text that is not empty. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
	const value = field(object, name);
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number, also when it is written as text. */
export function integerAt(object: JsonObject | undefined, name: string): number | undefined {
	const value = field(object, name);
	const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export function flagAt(object: JsonObject | undefined, name: string): boolean | undefined {
	const value = field(object, name);
	return typeof value === 'boolean' ? value : undefined;
}

/** Seconds since 1970, as number or text, in milliseconds. */
export function momentAt(object: JsonObject | undefined, name: string): number | undefined {
	const seconds = integerAt(object, name);
	return seconds === undefined || seconds <= 0 || seconds > 253_402_300_799 ? undefined : seconds * 1000;
}
