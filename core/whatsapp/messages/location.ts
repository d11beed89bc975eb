import type { JsonObject } from '../jsonReading';
import { type Problem, checkOptionalText, problem } from './problem';

/** A place, shown as a map. */
export interface Place {
	/** Degrees (WGS 84), south and west negative. */
	latitude: number;
	longitude: number;
	name?: string;
	/** Shown only together with a name. */
	address?: string;
}

export interface LocationContent extends Place {
	type: 'location';
}

/**
 * Meta: "Location messages". Its page gives no lengths for name and address; ours keep them to what a phone shows.
 */
export const locationLimits = { latitude: 90, longitude: 180, name: 1000, address: 1000 } as const;

/** @param prefix where the place stands in the content, with its dot: `header.` */
export function checkPlace(place: Place, prefix = ''): Problem[] {
	const degrees = (['latitude', 'longitude'] as const).flatMap((field) => {
		const value: unknown = place[field];
		const limit = locationLimits[field];
		const fits = typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= limit;
		return fits ? [] : [problem({ field: prefix + field, name: `The ${field}` }, `is not a number between -${limit} and ${limit}`)];
	});
	return [
		...degrees,
		...checkOptionalText({ field: `${prefix}name`, name: 'The name of the place' }, place.name, locationLimits.name),
		...checkOptionalText({ field: `${prefix}address`, name: 'The address of the place' }, place.address, locationLimits.address),
		...(place.address !== undefined && place.name === undefined ? [problem({ field: `${prefix}address`, name: 'The address of the place' }, 'is shown only together with a name; give the place one')] : []),
	];
}

export function placeObject({ latitude, longitude, name, address }: Place): JsonObject {
	return { latitude, longitude, ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) };
}

export function locationPayload(content: LocationContent): JsonObject {
	return { type: 'location', location: placeObject(content) };
}
