import type { JsonObject } from '../jsonReading';
import { interactivePayload } from './interactiveFrame';
import { type Problem, checkText } from './problem';

/** Words with a button that asks the person where they are. The place comes back as a message of the type location. */
export interface LocationRequestContent {
	type: 'locationRequest';
	body: string;
}

/** Meta: "Location request messages". */
export const locationRequestLimits = { body: 1024 } as const;

export function checkLocationRequestContent({ body }: LocationRequestContent): Problem[] {
	return checkText({ field: 'body', name: 'The text' }, body, locationRequestLimits.body);
}

export function locationRequestPayload({ body }: LocationRequestContent): JsonObject {
	return interactivePayload('location_request_message', { body }, { name: 'send_location' });
}
