import { isDeepStrictEqual } from 'node:util';
import { fieldName } from '../rules/fieldName';
import type { Compare, Direction } from './difference';

/** Rules that have one value each. */

type Path = ReadonlyArray<string | number>;

/**
 * A rule on a scale.
 * @param strictness the greater, the less is permitted
 */
export function onScale<Value>(path: Path, strictness: (value: Value) => number, words: (value: Value) => string): Compare<Value> {
	return (inForce, proposed) => {
		const step = strictness(proposed) - strictness(inForce);
		if (isDeepStrictEqual(inForce, proposed)) return { differences: [], atOnce: inForce };
		// Two values of the same strictness that are not the same are not understood.
		const direction: Direction = step > 0 ? 'tightens' : 'loosens';
		return { differences: [{ field: fieldName(path), before: words(inForce), after: words(proposed), direction }], atOnce: direction === 'tightens' ? proposed : inForce };
	};
}

/** The smaller the number, the less is permitted. Null is no limit. */
export function smallerIsStricter<Value extends number | null>(path: Path, whenNull = 'no limit'): Compare<Value> {
	return onScale<Value>(path, (value) => (value === null ? -Infinity : -value), (value) => inWords(value, whenNull));
}

/** The greater the number, the less is permitted. Null is never. */
export function greaterIsStricter<Value extends number | null>(path: Path, whenNull = 'never'): Compare<Value> {
	return onScale<Value>(path, (value) => value ?? Infinity, (value) => inWords(value, whenNull));
}

/** Changes neither what may leave, nor to whom, nor by whose word. */
export function neutral<Value>(path: Path, words: (value: Value) => string = (value) => inWords(value, 'never')): Compare<Value> {
	return (inForce, proposed) => ({
		differences: isDeepStrictEqual(inForce, proposed) ? [] : [{ field: fieldName(path), before: words(inForce), after: words(proposed), direction: 'neutral' }],
		atOnce: proposed,
	});
}

/** A rule whose every change waits. */
export function everyChangeLoosens<Value>(path: Path, words: (value: Value) => string): Compare<Value> {
	return onScale<Value>(path, () => 0, words);
}

export function inWords(value: unknown, whenNull: string): string {
	if (value === null || value === undefined) return whenNull;
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return typeof value === 'number' ? value.toLocaleString('en-GB') : String(value);
}
