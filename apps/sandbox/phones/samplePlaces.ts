import type { MessageLocation } from '../residents/messageContent';

/** Places that a resident can share. Aldersea is invented; the points lie in the sea off the English coast. */
export const samplePlaces: readonly [MessageLocation, ...MessageLocation[]] = [
	{ latitude: 53.9201, longitude: -3.4402, name: 'Harbour Road', address: 'Harbour Road, Aldersea' },
	{ latitude: 53.9312, longitude: -3.4275, name: 'Quay Primary School', address: 'Mill Lane, Aldersea' },
	// A place on the map without a name, as people share where they stand.
	{ latitude: 53.9267, longitude: -3.4518 },
];
