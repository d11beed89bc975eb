import { defineCommand } from '../store/command';
import { parsePhoneNumber } from '../whatsapp/phoneNumber';
import { personLookup } from './contact';
import { findContact, lookupsOf } from './findContact';
import { allTopics, recordOptOut } from './optOut';

export interface OptOutByPhone {
	/** In any usual spelling. */
	phone: string;
	/** By code or name; everything when it is left out. */
	topic?: string;
	/** How the person asked, in the words of whoever enters it: "by telephone". */
	reason: string;
	/** Who enters it. */
	enteredBy?: string;
	/** When the person asked, milliseconds since the epoch; now when it is left out. */
	at?: number;
}

/**
 * Staff enter that somebody asked to be left alone by letter, by telephone or in person. It counts for people who are not
 * contacts too: a later import leaves them out.
 * @returns whether it was new
 * @throws CivicError `phone.invalid`
 */
export const optOutByPhone = defineCommand('audience.opt-out-by-phone', async (context, input: OptOutByPhone): Promise<{ recorded: boolean }> => {
	const { number } = parsePhoneNumber(input.phone);
	const lookup = personLookup(context, { phone: number });
	const known = await findContact(context, 'phone', lookup);
	const recorded = await recordOptOut(context, {
		lookups: known === undefined ? [lookup] : lookupsOf(known),
		topic: input.topic ?? allTopics,
		source: 'staff',
		at: Math.min(input.at ?? context.now, context.now),
		contactId: known?.id,
		actor: { role: 'staff', details: { reason: input.reason, enteredBy: input.enteredBy } },
	});
	return { recorded };
});
