import type { JsonObject } from '../../http/json';
import type { MessageLocation } from '../../residents/messageContent';
import { numberAt, objectAt, onlyKeys, optionalTextAt } from '../objectShape';
import type { ReadFamily } from './family';

const keys = new Set(['latitude', 'longitude', 'name', 'address']);

/** `type: location` (Meta, "Location messages"). */
export const readLocation: ReadFamily = (body) => {
	const location = locationOf(objectAt(body, 'location', 'location'), 'location');
	return () => ({ content: { body: '', buttons: [], location } });
};

export function locationOf(given: JsonObject, path: string): MessageLocation {
	onlyKeys(given, keys, path);
	const name = optionalTextAt(given, 'name', `${path}.name`);
	const address = optionalTextAt(given, 'address', `${path}.address`);
	return {
		latitude: numberAt(given, 'latitude', `${path}.latitude`, [-90, 90]),
		longitude: numberAt(given, 'longitude', `${path}.longitude`, [-180, 180]),
		...(name && { name }),
		...(address && { address }),
	};
}
