import type { Knobs } from '../knobs';
import type { Resident, Residents } from '../residents/residents';
import { countryCode, type BusinessNumber } from './account';
import { GraphError } from './graphError';
import { missing } from './objectShape';

export interface Recipient {
	readonly resident: Resident;
	/** `contacts` of the answer. */
	readonly contact: { input: string; wa_id?: string; user_id?: string };
}

const separators = /[\s\-()]/g;

/**
 * Digits of the number that Meta would really send to. Without "+", the country code of the business goes in front, even
 * of digits that already hold one (Meta, "Service messages", table of examples), unless the knob says lenient.
 *
 * @throws GraphError 131009 for what cannot be a number
 */
export function dialledDigits(to: string, missingPlus: Knobs['missingPlus']): string {
	const plain = separators.test(to) ? to.replace(separators, '') : to;
	const plus = plain.startsWith('+');
	const written = plus ? plain.slice(1) : plain;
	if (!/^\d+$/.test(written)) throw new GraphError(131009, 'Param to is not a phone number');
	const prefixed = !plus && !(missingPlus === 'lenient' && written.startsWith(countryCode));
	const digits = prefixed ? countryCode + written : written;
	if (digits.length < 7 || digits.length > 15) throw new GraphError(131009, 'Param to does not have as many digits as a phone number');
	return digits;
}

/** Finds whom a message is for: `to` wins over `recipient` (a business-scoped user id). */
export class RecipientFinder {
	constructor(
		private readonly residents: Residents,
		private readonly knobs: Knobs,
		private readonly allowed: ReadonlySet<string> | undefined,
	) {}

	/** @throws GraphError 130403, 131008, 131009, 131021, 131026 or 131030 */
	find(to: string | undefined, userId: string | undefined, number: BusinessNumber): Recipient {
		if (to) return this.byPhone(to, number);
		if (userId) return this.byUserId(userId, number);
		throw missing('to');
	}

	private byPhone(to: string, number: BusinessNumber): Recipient {
		const digits = dialledDigits(to, this.knobs.missingPlus);
		if (digits === number.digits) throw new GraphError(131021, 'The recipient is the sender.');
		if (this.allowed && !this.allowed.has(digits)) throw new GraphError(131030, 'Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.');
		const known = this.residents.find(digits);
		const resident = known ?? this.residents.at(digits);
		refuseBlocked(resident, number);
		// A country code twice, or before a trunk zero, reaches nobody whom the council meant.
		if (!known && /^44(44|0)/.test(digits)) resident.stranger = true;
		return { resident, contact: { input: to, wa_id: digits } };
	}

	private byUserId(userId: string, number: BusinessNumber): Recipient {
		if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(userId)) throw new GraphError(131009, 'Param recipient is not a business-scoped user id');
		const resident = this.residents.findByUserId(userId);
		if (!resident) throw new GraphError(131026, 'There is no user with this id.');
		refuseBlocked(resident, number);
		return { resident, contact: { input: userId, user_id: userId } };
	}
}

function refuseBlocked({ number }: Resident, { blocked }: BusinessNumber): void {
	if (blocked.size > 0 && blocked.has(number)) throw new GraphError(130403, 'The business has blocked this user.');
}
