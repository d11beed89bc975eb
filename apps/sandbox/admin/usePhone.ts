import { invite, performAct } from '../phones/acts';
import { ResidentRefusal } from '../residents/residentRefusal';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';

/**
 * Does on a phone what somebody at the phones page can do (`act` and its fields); without an act, brings it to the wall.
 *
 * @param number as people write it
 * @throws ZodError or AdminRefusal
 */
export function usePhone(number: string, body: Record<string, unknown>, inside: SandboxInside): object {
	try {
		const { act, name } = body;
		const resident = invite(number, typeof name === 'string' ? name : undefined, inside);
		return act === undefined ? { number: `+${resident.number}`, name: resident.name, userId: resident.userId } : performAct(resident, body, inside);
	} catch (thrown) {
		if (thrown instanceof ResidentRefusal) throw new AdminRefusal(thrown.message);
		throw thrown;
	}
}
