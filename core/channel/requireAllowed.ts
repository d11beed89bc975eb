import { CivicError } from '../errors';
import { typed } from '../whatsapp/redaction';
import type { Channel } from './channel';

/**
 * Whether a service may send to so many people on a channel. Asked when a draft is made and again when it is to be signed:
 * the rules may have changed in between, and from then on the sign-off is bound to them.
 * @throws CivicError channel.rules
 */
export function requireAllowed(channel: Channel, { service, people }: { service: string; people: number }): void {
	requireService(channel, service);
	requireReach(channel, people);
}

/** @throws CivicError channel.rules */
export function requireService(channel: Channel, service: string): void {
	if (channel.rules.services.includes(service)) return;
	throw new CivicError(
		'channel.rules',
		`Service "${typed(service)}" may not use channel "${channel.name}".`,
		`Services that may: ${channel.rules.services.join(', ')}. IT adds one in the credential "Civic WhatsApp API".`,
	);
}

function requireReach(channel: Channel, people: number): void {
	if (people <= channel.rules.reach) return;
	throw new CivicError(
		'channel.rules',
		`${people} people would get this message; channel "${channel.name}" allows ${channel.rules.reach} for one broadcast.`,
		'Choose fewer areas, or have IT raise the reach in the credential.',
	);
}
