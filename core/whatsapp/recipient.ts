import { CivicError } from '../errors';
import { type E164, isE164, parsePhoneNumber } from './phoneNumber';
import { type UserId, isUserId } from './userId';

/** Whom a message is for: by phone number, or by user id where the number is not known. */
export type Recipient = E164 | UserId;

/** Whom a message was for, as a status or the answer to the request names them. */
export interface ShownRecipient {
	/** Not there where the person hides it. */
	phone?: E164;
	/** Business-scoped user id. */
	userId?: string;
}

/** A recipient as people or webhooks write it. @throws CivicError `phone.invalid` when it is neither */
export function parseRecipient(input: string): Recipient {
	const written = input.trim();
	return isUserId(written) ? written : parsePhoneNumber(written).number;
}

/**
 * The address of a message as the Cloud API takes it: `to` or `recipient`, never both, since Meta would then obey `to`.
 * A number always goes out with its `+`: without one Meta puts the sender's country code in front, and a stranger gets the
 * message ("Send messages", phone number formats).
 *
 * @throws CivicError `phone.invalid` when the text is in neither form, whatever its type says
 */
export function recipientFields(recipient: Recipient): { to: E164 } | { recipient: UserId } {
	const written: string = recipient;
	if (isE164(written)) return { to: written };
	if (isUserId(written)) return { recipient: written };
	throw new CivicError(
		'phone.invalid',
		'The recipient of this message is neither a phone number in the form of +44 and so on nor a WhatsApp user id.',
		'Read it with the phone number reader before sending.',
	);
}
