import type { JsonObject } from '../../http/json';
import type { Knobs } from '../../knobs';
import type { BusinessNumber } from '../account';
import { GraphError, invalidParameter } from '../graphError';
import { checkProduct } from '../messages/draft';
import { onlyKeys, optionalTextAt, textAt } from '../objectShape';

const tries = 10;
const triesMs = 72 * 60 * 60 * 1000;
const regions = new Set(['AE', 'AU', 'BH', 'BR', 'CA', 'CH', 'DE', 'GB', 'ID', 'IN', 'JP', 'KR', 'SG', 'ZA']);

/**
 * Registering and deregistering a business number, ten times in 72 hours together (Meta, "Phone numbers: register"). The
 * first PIN becomes the number's; later ones must be the same.
 */
export class Registration {
	/** @param now milliseconds of the sandbox's time, which only ever go on */
	constructor(
		private readonly knobs: Pick<Knobs, 'numberRegistered'>,
		private readonly now: () => number,
	) {}

	/** @throws GraphError 133005 or 133016 */
	register(number: BusinessNumber, given: JsonObject): JsonObject {
		onlyKeys(given, new Set(['messaging_product', 'pin', 'data_localization_region']), 'register');
		checkProduct(given);
		const pin = readPin(given);
		const region = optionalTextAt(given, 'data_localization_region', 'data_localization_region');
		if (region !== undefined && !regions.has(region)) throw invalidParameter(`Param data_localization_region must be one of {${[...regions].join(', ')}}`);
		this.count(number);
		if (number.pin !== undefined && number.pin !== pin) throw new GraphError(133005, 'Incorrect PIN.');
		number.pin = pin;
		this.knobs.numberRegistered = true;
		return { success: true };
	}

	deregister(number: BusinessNumber, given: JsonObject): JsonObject {
		onlyKeys(given, new Set(['messaging_product']), 'deregister');
		this.count(number);
		this.knobs.numberRegistered = false;
		return { success: true };
	}

	private count({ registrations }: BusinessNumber): void {
		const now = this.now();
		while (registrations[0] !== undefined && now - registrations[0] >= triesMs) registrations.shift();
		if (registrations.length >= tries) throw new GraphError(133016, 'There were too many requests to register or deregister this phone number.');
		registrations.push(now);
	}
}

export function readPin(given: JsonObject): string {
	const pin = typeof given.pin === 'number' ? String(given.pin) : textAt(given, 'pin', 'pin');
	if (!/^\d{6}$/.test(pin)) throw invalidParameter('Param pin must be 6 digits');
	return pin;
}
